//! Syscalls, io_uring operations and architectures.

use super::super::auditctl::{Message, after, before};
use super::super::code::Code;
use super::super::description::{Description, similar_or};
use super::super::quote::quote;
use super::Bytes;
use crate::catalog::{self, Arch};

/// A fault of syscalls, io_uring operations or architectures.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each fault is documented, and its members are named after their content"
)]
#[non_exhaustive]
pub enum SyscallFault {
    /// An unknown syscall; `listed` is the syscall that replaces it, if the rule has that too.
    Unknown { name: Bytes, arch: Arch, listed: Option<&'static str> },
    /// An unknown io_uring operation; `text` is the whole list of operations.
    UnknownUringOp { name: Bytes, text: Bytes },
    /// An unknown arch.
    UnknownArch { field: Bytes, text: Bytes },
    /// `b32` or `b64` on a machine that has no such side.
    NoSuchSide { field: Bytes, text: Bytes, machine: Arch },
    /// `arch` after the syscalls.
    ArchAfterSyscalls(Bytes),
    /// A machine whose syscalls are unknown.
    UnknownMachine,
    /// Names that have other numbers on the 32-bit side.
    Mismatch { line: Option<usize>, arch: Arch, compat: Arch },
}

impl SyscallFault {
    /// Returns the stable code.
    pub(super) fn code(&self) -> Code {
        match self {
            Self::Unknown { .. } => Code::UnknownSyscall,
            Self::UnknownUringOp { .. } => Code::UnknownUringOp,
            Self::UnknownArch { .. } | Self::NoSuchSide { .. } => Code::UnknownArch,
            Self::ArchAfterSyscalls(_) => Code::ArchAfterSyscalls,
            Self::UnknownMachine => Code::UnknownMachine,
            Self::Mismatch { .. } => Code::SyscallMismatch,
        }
    }

    pub(super) fn describe(&self) -> Description<'_> {
        let code = self.code();
        match self {
            Self::Unknown { name, arch, listed } => describe_unknown(code, name, *arch, *listed),
            Self::UnknownUringOp { name, text } => Description::titled(
                code,
                format!("unknown io_uring operation {}", quote(name)),
                Message::error(before("io_uring op unknown: ", text)),
            )
            .help_from(|| similar_or(catalog::nearest_uring_op(name), URING_OPS)),
            Self::UnknownArch { field, text } => Description::titled(
                code,
                format!("unknown architecture {}", quote(text)),
                Message::stderr(after(field, " elf mapping not found")),
            )
            .label("not an architecture of this machine")
            .help_from(|| similar_or(catalog::nearest_arch(text), ARCHES)),
            Self::NoSuchSide { field, text, machine } => Description::titled(
                code,
                format!("{} has no {} syscalls", machine.common_name(), bits(text)),
                Message::stderr(after(field, " elf mapping not found")),
            )
            .label("no program of this machine uses them")
            .help("leave the rule out on this machine: nothing can match it"),
            Self::ArchAfterSyscalls(field) => Description::titled(
                code,
                "`arch` after the syscalls it applies to",
                Message::stderr(after(field, " must be before -S")),
            )
            .help("move `-F arch=...` before `-S`"),
            Self::UnknownMachine => Description::titled(
                code,
                "no syscall table for this machine",
                Message::error("Error detecting machine type"),
            )
            .help("name the arch in each rule, as in `-F arch=x86_64`, before `-S`"),
            Self::Mismatch { line, arch, compat } => Description::titled(
                code,
                WITHOUT_ARCH,
                Message::warning(mismatch(*line)),
            )
            .label(format!(
                "other numbers on {} than on {}",
                compat.common_name(),
                arch.common_name()
            ))
            .help("write two rules, one with `-F arch=b64` and one with `-F arch=b32` before `-S`"),
        }
    }
}

/// The title of C101, for the compiler and the lint.
pub(crate) const WITHOUT_ARCH: &str =
    "without `arch`, the rule matches other syscalls in 32-bit programs";
const SYSCALLS: &str = "write a name that `ausyscall --dump` prints, or the number of the syscall";
const URING_OPS: &str = "write an operation such as openat, connect or sendmsg, or its number";
const ARCHES: &str = "write b64, b32, or the name of a machine such as x86_64, aarch64 or s390x";

fn bits(side: &[u8]) -> &'static str {
    if side.eq_ignore_ascii_case(b"b32") { "32-bit" } else { "64-bit" }
}

fn mismatch(line: Option<usize>) -> String {
    let place = line.map(|line| format!(" in line {line}")).unwrap_or_default();
    format!("WARNING - 32/64 bit syscall mismatch{place}, you should specify an arch")
}

/// Returns whether any arch has a syscall of this name.
fn is_elsewhere(name: &[u8]) -> bool {
    Arch::ALL.iter().any(|arch| catalog::syscall_number(*arch, name).is_some())
}

fn describe_unknown<'n>(
    code: Code,
    name: &'n Bytes,
    arch: Arch,
    listed: Option<&'static str>,
) -> Description<'n> {
    let on = arch.common_name();
    let is_elsewhere = is_elsewhere(name);
    let title = match is_elsewhere {
        true => format!("unknown syscall {} on {on}", quote(name)),
        false => format!("unknown syscall {}", quote(name)),
    };
    let label = if catalog::kernel_syscall_number(arch, name).is_some() {
        "auditctl does not know this name".into()
    } else if is_elsewhere {
        format!("not on {on}")
    } else {
        format!("{on} has no such syscall")
    };
    let message = Message::error(before("Syscall name unknown: ", name));
    Description::titled(code, title, message).label(label).help_from(move || match listed {
        Some(listed) => {
            format!("delete {}: the rule has `{listed}`, which replaces it on {on}", quote(name))
        }
        None => instead_of_syscall(name, arch),
    })
}

fn instead_of_syscall(name: &[u8], arch: Arch) -> String {
    let on = arch.common_name();
    if let Some(spelling) = catalog::auditctl_spelling(arch, name) {
        return format!("write `{spelling}`, auditctl's name for it");
    }
    let through = catalog::multiplexer(arch, name).map(|(through, _)| through);
    match (catalog::replacement(arch, name), through) {
        (Some(instead), Some(through)) => {
            return format!("use `{instead}` and `{through}`, which do the same on {on}");
        }
        (Some(instead), None) => {
            return format!("use `{instead}`, which replaces it on {on}");
        }
        (None, Some(through)) => {
            return format!("use `{through}`, which does the same on {on}");
        }
        (None, None) => {}
    }
    if let Some(number) = catalog::kernel_syscall_number(arch, name) {
        return format!("write {number}, its number on {on}; auditctl has no name for it");
    }
    if name.iter().all(u8::is_ascii_digit) {
        return format!(
            "write the number of a syscall that {on} has, or a name that `ausyscall --dump` prints"
        );
    }
    similar_or(catalog::nearest_syscall(arch, name), SYSCALLS)
}
