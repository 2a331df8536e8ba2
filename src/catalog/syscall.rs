//! Syscalls: numbers and names by arch, in the kernel's spelling and in auditctl's.

use super::syscall_table::{Name, Row};
use super::{Arch, KernelVersion};

/// A syscall of one arch.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Syscall {
    /// Its number on that arch.
    pub number: u32,
    /// The kernel's name; `None` for a syscall that the kernel has removed and auditctl still names.
    pub kernel_name: Option<&'static str>,
    /// The name that auditctl prints; `None` if it has no name.
    pub auditctl_name: Option<&'static str>,
    /// The first kernel that has it; `None` if it is older than 5.13 and the exact version is unknown.
    ///
    /// For a syscall that this arch got later than others, the version may be up to two versions too late.
    pub since: Option<KernelVersion>,
}

impl Syscall {
    /// Returns auditctl's name, or the kernel's if auditctl has none.
    pub fn name(&self) -> &'static str {
        self.auditctl_name.or(self.kernel_name).unwrap_or("")
    }
}

// The first number after ARM's ordinary syscalls: its private syscalls are counted from here.
const ARM_PRIVATE: u32 = 0x000f_0000;

// The oldest kernel whose tables are known.
const OLDEST: KernelVersion = KernelVersion::new(5, 13);

/// Returns every syscall of `arch`, sorted by number.
pub fn syscalls(
    arch: Arch,
) -> impl DoubleEndedIterator<Item = Syscall> + ExactSizeIterator + Clone {
    arch.table().by_number.iter().map(|row| row.syscall())
}

/// Returns the syscall of `arch` with this number.
pub(crate) fn find_syscall(arch: Arch, number: u32) -> Option<Syscall> {
    arch.table().row(number).map(Row::syscall)
}

/// Returns the number that auditctl reads for `name`, in any case; the kernel's number if auditctl is not built for
/// `arch`.
pub fn syscall_number(arch: Arch, name: &[u8]) -> Option<u32> {
    arch.table().number(Name::of(name)?)
}

/// Returns the kernel's number for `name`, in any case, even if auditctl does not know the name.
pub fn kernel_syscall_number(arch: Arch, name: &[u8]) -> Option<u32> {
    arch.table().kernel_number(Name::of(name)?)
}

/// Returns the name that auditctl prints for `number`; `None` if it has no name and prints the number.
pub fn syscall_name(arch: Arch, number: u32) -> Option<&'static str> {
    find_syscall(arch, number)?.auditctl_name
}

/// Returns the kernel's name for `number`, or auditctl's name for a syscall that the kernel has removed.
pub fn kernel_syscall_name(arch: Arch, number: u32) -> Option<&'static str> {
    let syscall = find_syscall(arch, number)?;
    syscall.kernel_name.or(syscall.auditctl_name)
}

/// Returns the first kernel with syscall `number`; `None` if there is no such syscall, or if it is older than 5.13
/// and the exact version is unknown.
pub fn syscall_since(arch: Arch, number: u32) -> Option<KernelVersion> {
    find_syscall(arch, number)?.since
}

impl Arch {
    /// Returns the number of entries in the syscall table of the [newest known kernel](KernelVersion::NEWEST): `NR_syscalls`, one more
    /// than the highest number.
    ///
    /// The x32 numbers of x86_64 and the private numbers of ARM do not count. On MIPS the base of the ABI (4000,
    /// 5000) is part of the number, so none of its syscalls fits into the mask of 2048 bits.
    pub fn nr_syscalls(self) -> u32 {
        self.table_size(|_| true).unwrap_or(0)
    }

    /// Returns the same for the kernel `version`: 451 for x86_64 at 6.1. `None` before 5.13.
    pub fn nr_syscalls_at(self, version: KernelVersion) -> Option<u32> {
        if version < OLDEST {
            return None;
        }
        self.table_size(|syscall| syscall.since.is_none_or(|since| since <= version))
    }

    fn table_size(self, counts: impl Fn(&Syscall) -> bool) -> Option<u32> {
        let present =
            |syscall: &Syscall| syscall.kernel_name.is_some() && syscall.number < ARM_PRIVATE;
        let last = syscalls(self).rev().filter(present).find(|syscall| counts(syscall))?;
        let size = last.number + 1;
        // An ARM immediate has 8 bits and an even shift: above 255 the kernel rounds up to such a number.
        Some(if self == Self::Arm { size.next_multiple_of(4) } else { size })
    }
}
