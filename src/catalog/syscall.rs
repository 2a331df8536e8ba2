//! Syscalls: numbers and names by arch, in the kernel's spelling and in auditctl's.

use super::lookup;
use super::{Arch, KernelVersion};

/// A syscall of one arch.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Syscall {
    /// Its number on that arch.
    pub number: u32,
    /// The kernel's name; `None` for one that auditctl still names and the kernel has removed.
    pub kernel_name: Option<&'static str>,
    /// The name auditctl prints; `None` where it has none.
    pub auditctl_name: Option<&'static str>,
    /// The first kernel that has it; `None` when older than 5.13 and not known better.
    ///
    /// For a syscall that came to this arch later than to others, up to two versions late.
    pub since: Option<KernelVersion>,
}

impl Syscall {
    /// auditctl's name, or else the kernel's.
    pub fn name(&self) -> &'static str {
        self.auditctl_name.or(self.kernel_name).unwrap_or("")
    }
}

/// The tables of one arch.
pub(crate) struct Table {
    /// Sorted by number.
    pub(crate) by_number: &'static [Syscall],
    /// The names auditctl takes, sorted; the kernel's where auditctl is not built for the arch.
    pub(crate) by_name: &'static [(&'static str, u32)],
    /// The kernel names that are not among them, sorted.
    pub(crate) by_kernel_name: &'static [(&'static str, u32)],
}

// The first number past ARM's ordinary syscalls: its private ones are counted from here.
const ARM_PRIVATE: u32 = 0x000f_0000;

// The oldest kernel whose tables are known.
const OLDEST: KernelVersion = KernelVersion::new(5, 13);

/// Every syscall of `arch`, sorted by number.
pub fn syscalls(arch: Arch) -> &'static [Syscall] {
    arch.table().by_number
}

/// The number auditctl reads for `name`, in any case; where auditctl is not built for `arch`, the kernel's.
pub fn syscall_number(arch: Arch, name: &[u8]) -> Option<u32> {
    lookup::lower(arch.table().by_name, name)
}

/// The number the kernel has for `name`, in any case, whether auditctl knows it or not.
pub fn kernel_syscall_number(arch: Arch, name: &[u8]) -> Option<u32> {
    let table = arch.table();
    lookup::lower(table.by_kernel_name, name).or_else(|| {
        let number = lookup::lower(table.by_name, name)?;
        // A name of auditctl's own is not the kernel's.
        let kernel_name = find(arch, number)?.kernel_name?;
        kernel_name.as_bytes().eq_ignore_ascii_case(name).then_some(number)
    })
}

/// The name auditctl prints for `number`; `None` where it has none and prints the number.
pub fn syscall_name(arch: Arch, number: u32) -> Option<&'static str> {
    find(arch, number)?.auditctl_name
}

/// The kernel's name for `number`, or auditctl's for one that the kernel has removed.
pub fn kernel_syscall_name(arch: Arch, number: u32) -> Option<&'static str> {
    let syscall = find(arch, number)?;
    syscall.kernel_name.or(syscall.auditctl_name)
}

/// The first kernel with syscall `number`; `None` when there is no such syscall, or it is older than 5.13 and
/// not known better.
pub fn syscall_since(arch: Arch, number: u32) -> Option<KernelVersion> {
    find(arch, number)?.since
}

fn find(arch: Arch, number: u32) -> Option<&'static Syscall> {
    let table = syscalls(arch);
    table.get(table.binary_search_by_key(&number, |syscall| syscall.number).ok()?)
}

impl Arch {
    /// How many numbers the syscall table of the newest known kernel (7.2) has: `NR_syscalls`, one more than
    /// the highest.
    ///
    /// Neither the x32 numbers of x86_64 nor the private ones of ARM count. On MIPS the base of the ABI
    /// (4000, 5000) is part of the number, so no syscall of it fits in a rule's mask of 2048 bits.
    pub fn nr_syscalls(self) -> u32 {
        self.table_size(|_| true).unwrap_or(0)
    }

    /// The same for the kernel `version`: 451 for x86_64 at 6.1. `None` before 5.13.
    pub fn nr_syscalls_at(self, version: KernelVersion) -> Option<u32> {
        if version < OLDEST {
            return None;
        }
        self.table_size(|syscall| syscall.since.is_none_or(|since| since <= version))
    }

    fn table_size(self, counts: impl Fn(&Syscall) -> bool) -> Option<u32> {
        let present =
            |syscall: &&Syscall| syscall.kernel_name.is_some() && syscall.number < ARM_PRIVATE;
        let last = syscalls(self).iter().rev().filter(present).find(|syscall| counts(syscall))?;
        let size = last.number + 1;
        // An ARM immediate holds 8 bits, shifted by an even count: past 255 the kernel rounds up to fit.
        Some(if self == Self::Arm { size.next_multiple_of(4) } else { size })
    }
}

// What generated tables are written with.

pub(crate) const OLD: Option<KernelVersion> = None;

pub(crate) const fn since(major: u16, minor: u16) -> Option<KernelVersion> {
    Some(KernelVersion::new(major, minor))
}

pub(crate) const fn same(number: u32, name: &'static str, since: Option<KernelVersion>) -> Syscall {
    Syscall { number, kernel_name: Some(name), auditctl_name: Some(name), since }
}

pub(crate) const fn spelled(
    number: u32,
    kernel: &'static str,
    auditctl: &'static str,
    since: Option<KernelVersion>,
) -> Syscall {
    Syscall { number, kernel_name: Some(kernel), auditctl_name: Some(auditctl), since }
}

pub(crate) const fn kernel_only(
    number: u32,
    name: &'static str,
    since: Option<KernelVersion>,
) -> Syscall {
    Syscall { number, kernel_name: Some(name), auditctl_name: None, since }
}

pub(crate) const fn auditctl_only(number: u32, name: &'static str) -> Syscall {
    Syscall { number, kernel_name: None, auditctl_name: Some(name), since: OLD }
}
