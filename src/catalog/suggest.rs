//! Suggestions: similar names, other spellings, replacements for syscalls that an arch lacks, and newer syscalls.

use std::cmp::Reverse;

use super::generated::replacements::REPLACEMENTS;
use super::generated::successors::SUCCESSORS;
use super::generated::{errnos, uring_ops};
use super::list::KnownList;
use super::syscall::{kernel_syscall_number, syscall_name, syscall_number};
use super::{Arch, lookup};

/// The syscall of `arch` whose name is most like `name`, in auditctl's spelling.
pub fn nearest_syscall(arch: Arch, name: &[u8]) -> Option<&'static str> {
    nearest(name, arch.table().by_name.iter().map(|(known, _)| *known))
}

/// The error name most like `name`, which may begin with `-`; upper case.
pub fn nearest_errno(name: &[u8]) -> Option<&'static str> {
    let name = name.strip_prefix(b"-").unwrap_or(name);
    nearest(name, errnos::BY_NAME.iter().map(|(known, _)| *known))
}

/// The keyword of `-a` most like `name`: a list or an action.
pub fn nearest_keyword(name: &[u8]) -> Option<&'static str> {
    let lists = KnownList::ALL.iter().filter(|list| list.known_to_auditctl());
    nearest(name, lists.map(|list| list.name()).chain(["always", "never"]))
}

/// The value of `arch` most like `name`.
pub fn nearest_arch(name: &[u8]) -> Option<&'static str> {
    nearest(name, Arch::ALL.iter().map(|arch| arch.common_name()).chain(["b64", "b32"]))
}

/// The io_uring operation most like `name`.
pub fn nearest_uring_op(name: &[u8]) -> Option<&'static str> {
    nearest(name, uring_ops::BY_NAME.iter().map(|(known, _)| *known))
}

/// How auditctl spells the syscall that the kernel of `arch` calls `name`, if the spelling differs:
/// `pread` for `pread64` on x86_64.
pub fn auditctl_spelling(arch: Arch, name: &[u8]) -> Option<&'static str> {
    if syscall_number(arch, name).is_some() {
        return None;
    }
    syscall_name(arch, kernel_syscall_number(arch, name)?)
}

/// A syscall that `arch` has, in auditctl's spelling, that replaces one it lacks: `unlinkat` for
/// `unlink` on aarch64. `None` when `arch` has `name` itself, or nothing for it.
pub fn replacement(arch: Arch, name: &[u8]) -> Option<&'static str> {
    if syscall_number(arch, name).is_some() {
        return None;
    }
    let instead = lookup::lower(REPLACEMENTS, name)?;
    instead.iter().copied().find(|candidate| syscall_number(arch, candidate.as_bytes()).is_some())
}

/// The newer syscalls with the function of `name`: `openat2` for `openat`. Not every arch has
/// each of them.
pub fn successors(name: &[u8]) -> &'static [&'static str] {
    lookup::lower(SUCCESSORS, name).unwrap_or(&[])
}

/// Whether `name` is similar enough to `known` to be a misspelling of it.
pub fn is_meant(name: &[u8], known: &'static str) -> bool {
    nearest(name, std::iter::once(known)).is_some()
}

/// The most similar of `known`, if it is similar enough to suggest: a third of the letters may differ.
/// Case is ignored.
pub fn nearest(name: &[u8], known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    // One letter is too little to compare, and no known name is longer than 64 bytes.
    if !(2..=64).contains(&name.len()) {
        return None;
    }
    let allowed = (name.chars().count() / 3).max(1);
    known
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= allowed)
        .map(|candidate| {
            let folded = candidate.to_ascii_lowercase();
            let distance = strsim::osa_distance(&name, &folded);
            (distance, Reverse(common_prefix(&name, &folded)), candidate)
        })
        .filter(|(distance, _, _)| *distance <= allowed)
        .min()
        .map(|(_, _, candidate)| candidate)
}

/// Of two equally similar names, the one with the longer common prefix is more likely.
fn common_prefix(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}
