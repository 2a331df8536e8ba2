//! What the rows of a table are by.

use std::borrow::Cow;

use crate::catalog::{Arch, kernel_syscall_name, record, uring_op_name};
use crate::ingest::searches::{ARCH, SYSCALL};
use crate::ingest::{Fields, Group, Value};

/// What the rows of a table are by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// The rule that decided.
    #[default]
    Rule,
    /// The program.
    Exe,
    /// The login user.
    User,
    /// The path.
    Path,
    /// The keys.
    Key,
    /// The syscall, or the operation of io_uring.
    Syscall,
    /// The machine.
    Node,
}

impl By {
    /// Returns the word for it, as options and JSON have it.
    pub const fn name(self) -> &'static str {
        match self {
            By::Rule => "rule",
            By::Exe => "exe",
            By::User => "user",
            By::Path => "path",
            By::Key => "key",
            By::Syscall => "syscall",
            By::Node => "node",
        }
    }
}

/// The byte between the keys of a value.
const SEPARATOR: u8 = 1;

/// Returns keys as one value; `None` without keys.
pub(super) fn joined<'k>(keys: impl Iterator<Item = &'k [u8]>) -> Option<Box<[u8]>> {
    let keys: Vec<&[u8]> = keys.collect();
    (!keys.is_empty()).then(|| keys.join(&SEPARATOR).into_boxed_slice())
}

/// Returns the keys of a value of [`By::Key`].
pub fn keys_of(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == SEPARATOR)
}

/// Returns the call of an event as one value: the arch and the number, as the record has them, or the operation of
/// io_uring.
pub(super) fn call_of(group: &Group) -> Option<Cow<'_, [u8]>> {
    if let Some(call) = &group.part(record::SYSCALL) {
        let arch = ARCH.find(call).map_or(&b""[..], Value::raw);
        let number = SYSCALL.find(call)?;
        return Some(Cow::Owned([arch, b" ", number.raw()].concat()));
    }
    let operation = Fields::of(group.record(record::URINGOP)?).get(b"uring_op")?;
    Some(Cow::Borrowed(operation.raw()))
}

/// Returns the name of a value of [`By::Syscall`]: that of a call of this arch is enough, that of another has its arch
/// before it, and that of the 32-bit arch `b32`.
pub fn call_name(value: &[u8], own: Arch) -> String {
    let text = String::from_utf8_lossy(value);
    let Some((elf, number)) = text.split_once(' ') else {
        let name = number_name(&text, uring_op_name);
        return format!("io_uring {name}");
    };
    let arch = u32::from_str_radix(elf, 16).ok().and_then(Arch::from_elf);
    let Some(arch) = arch else { return format!("{elf}:{number}") };
    let name = number_name(number, |number| kernel_syscall_name(arch, number));
    if arch == own {
        name
    } else if own.compat() == Some(arch) {
        format!("b32:{name}")
    } else {
        format!("{}:{name}", arch.name())
    }
}

fn number_name(digits: &str, name: impl Fn(u32) -> Option<&'static str>) -> String {
    digits.parse().ok().and_then(name).unwrap_or(digits).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_have_the_names_of_their_arch() {
        let name = |value: &str| call_name(value.as_bytes(), Arch::X86_64);
        // asm/unistd_64.h, asm/unistd_32.h, and asm-generic/unistd.h for aarch64.
        assert_eq!(name("c000003e 59"), "execve");
        assert_eq!(name("40000003 10"), "b32:unlink");
        assert_eq!(name("c00000b7 56"), "aarch64:openat");
        assert_eq!(name("c000003e 99999"), "99999");
        assert_eq!(name("7 5"), "7:5");
        // IORING_OP_OPENAT.
        assert_eq!(name("18"), "io_uring openat");
    }
}
