//! The fields that are searched in the records of many events.

use std::sync::LazyLock;

use super::fields::{Fields, Search};
use crate::catalog::{Arch, kernel_syscall_name};

/// A search that is prepared once.
pub(crate) type Prepared = LazyLock<Search>;

pub(crate) static ARCH: Prepared = LazyLock::new(|| Search::of(b"arch"));
pub(crate) static SYSCALL: Prepared = LazyLock::new(|| Search::of(b"syscall"));
pub(crate) static URING_OP: Prepared = LazyLock::new(|| Search::of(b"uring_op"));
pub(crate) static EXE: Prepared = LazyLock::new(|| Search::of(b"exe"));
pub(crate) static AUID: Prepared = LazyLock::new(|| Search::of(b"auid"));
pub(crate) static EXIT: Prepared = LazyLock::new(|| Search::of(b"exit"));
pub(crate) static A0: Prepared = LazyLock::new(|| Search::of(b"a0"));
pub(crate) static A1: Prepared = LazyLock::new(|| Search::of(b"a1"));
pub(crate) static A2: Prepared = LazyLock::new(|| Search::of(b"a2"));
pub(crate) static A3: Prepared = LazyLock::new(|| Search::of(b"a3"));
pub(crate) static NAME: Prepared = LazyLock::new(|| Search::of(b"name"));
pub(crate) static NAMETYPE: Prepared = LazyLock::new(|| Search::of(b"nametype"));

/// Returns the kernel's name of a call. `call` has the fields of the SYSCALL record.
pub(crate) fn name_of_call(call: &[u8]) -> Option<&'static str> {
    let mut fields = Fields::of(call);
    // The kernel writes them first.
    let (arch, number) = match (fields.next(), fields.next()) {
        (Some((b"arch", arch)), Some((b"syscall", number))) => (arch, number),
        _ => (ARCH.find_in(call)?, SYSCALL.find_in(call)?),
    };
    let arch = Arch::from_elf(arch.based(16)?.try_into().ok()?)?;
    kernel_syscall_name(arch, number.number()?)
}
