//! Suggestions: similar names, other spellings, replacements for syscalls that an arch lacks, newer syscalls, and
//! syscalls for many functions.

use std::cmp::Reverse;

use super::generated::multiplexers::MULTIPLEXERS;
use super::generated::replacements::REPLACEMENTS;
use super::generated::successors::SUCCESSORS;
use super::generated::{errnos, uring_ops};
use super::list::KnownList;
use super::syscall::{kernel_syscall_number, syscall_name, syscall_number};
use super::{Arch, lookup};

/// Returns the syscall of `arch` whose name is most similar to `name`, in auditctl's spelling.
pub fn nearest_syscall(arch: Arch, name: &[u8]) -> Option<&'static str> {
    nearest(name, arch.table().by_name.names())
}

/// Returns the error name that is most similar to `name`, in upper case. `name` may begin with `-`.
pub(crate) fn nearest_errno(name: &[u8]) -> Option<&'static str> {
    let name = name.strip_prefix(b"-").unwrap_or(name);
    nearest(name, errnos::BY_NAME.iter().map(|(known, _)| *known))
}

/// Returns the keyword of `-a` that is most similar to `name`: a list or an action.
pub(crate) fn nearest_keyword(name: &[u8]) -> Option<&'static str> {
    let lists = KnownList::ALL.iter().filter(|list| list.known_to_auditctl());
    nearest(name, lists.map(|list| list.name()).chain(["always", "never"]))
}

/// Returns the value of `arch` that is most similar to `name`.
pub(crate) fn nearest_arch(name: &[u8]) -> Option<&'static str> {
    nearest(name, Arch::ALL.iter().map(|arch| arch.common_name()).chain(["b64", "b32"]))
}

/// Returns the io_uring operation that is most similar to `name`.
pub(crate) fn nearest_uring_op(name: &[u8]) -> Option<&'static str> {
    nearest(name, uring_ops::BY_NAME.iter().map(|(known, _)| *known))
}

/// Returns auditctl's spelling of the syscall that the kernel of `arch` calls `name`, if it differs: `pread` for
/// `pread64` on x86_64.
pub fn auditctl_spelling(arch: Arch, name: &[u8]) -> Option<&'static str> {
    if syscall_number(arch, name).is_some() {
        return None;
    }
    syscall_name(arch, kernel_syscall_number(arch, name)?)
}

/// Returns the syscall of `arch` that replaces `name`, in auditctl's spelling: `unlinkat` for `unlink` on aarch64.
/// Returns `None` if `arch` has `name` itself or no replacement.
pub fn replacement(arch: Arch, name: &[u8]) -> Option<&'static str> {
    if syscall_number(arch, name).is_some() {
        return None;
    }
    let instead = lookup::lower(REPLACEMENTS, name)?;
    instead.iter().copied().find(|candidate| syscall_number(arch, candidate.as_bytes()).is_some())
}

/// Returns the newer syscalls that do the same as `name`: `openat2` for `openat`. Some arches do not have all of
/// them.
pub fn successors(name: &[u8]) -> &'static [&'static str] {
    lookup::lower(SUCCESSORS, name).unwrap_or(&[])
}

/// Returns the syscall through which programs of `arch` also make the syscall `name`, and its number: `socketcall` for
/// `connect` on i386. Returns `None` if the arch has no such syscall.
pub fn multiplexer(arch: Arch, name: &[u8]) -> Option<(&'static str, u32)> {
    let [through] = lookup::lower(MULTIPLEXERS, name)? else { return None };
    Some((through, kernel_syscall_number(arch, through.as_bytes())?))
}

/// Returns whether `name` is similar enough to `known` to be a misspelling of it.
pub(crate) fn is_meant(name: &[u8], known: &'static str) -> bool {
    nearest(name, std::iter::once(known)).is_some()
}

/// Returns the most similar name of `known`, if it is similar enough to suggest: up to a third of the letters may
/// differ. Ignores case.
pub(crate) fn nearest<'k>(name: &[u8], known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    // One letter is too short to compare, and no known name is longer than 64 bytes.
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

/// Returns the length of the common prefix. Of two equally similar names, the name with the longer common prefix is
/// more likely.
fn common_prefix(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}
