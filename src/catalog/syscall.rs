//! Syscalls: numbers and names by arch, in the kernel's spelling and in auditctl's.

use std::sync::OnceLock;

use foldhash::HashMap;

use super::lookup;
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

/// The tables of one arch.
pub(crate) struct Table {
    /// Sorted by number.
    pub(crate) by_number: &'static [Syscall],
    /// The names that auditctl accepts, sorted; the kernel's names if auditctl is not built for the arch.
    pub(crate) by_name: &'static [(&'static str, u32)],
    /// The kernel names that are not among them, sorted.
    pub(crate) by_kernel_name: &'static [(&'static str, u32)],
}

type Numbers = HashMap<&'static [u8], u32>;
type NumbersByArch = [OnceLock<Numbers>; Arch::ALL.len()];

// The first number after ARM's ordinary syscalls: its private syscalls are counted from here.
const ARM_PRIVATE: u32 = 0x000f_0000;

// The oldest kernel whose tables are known.
const OLDEST: KernelVersion = KernelVersion::new(5, 13);

/// Returns every syscall of `arch`, sorted by number.
pub fn syscalls(arch: Arch) -> &'static [Syscall] {
    arch.table().by_number
}

/// Returns the number that auditctl reads for `name`, in any case; the kernel's number if auditctl is not built for
/// `arch`.
pub fn syscall_number(arch: Arch, name: &[u8]) -> Option<u32> {
    // The names of many rules are looked up, nearly all in lower case.
    let known = auditctl_numbers(arch).and_then(|numbers| numbers.get(name));
    known.copied().or_else(|| lookup::lower(arch.table().by_name, name))
}

/// Returns the numbers of the names that auditctl accepts.
fn auditctl_numbers(arch: Arch) -> Option<&'static Numbers> {
    static NUMBERS: NumbersByArch = [const { OnceLock::new() }; Arch::ALL.len()];
    let collect = || {
        let names = arch.table().by_name.iter();
        names.map(|(name, number)| (name.as_bytes(), *number)).collect()
    };
    Some(NUMBERS.get(arch as usize)?.get_or_init(collect))
}

/// Returns the kernel's number for `name`, in any case, even if auditctl does not know the name.
pub fn kernel_syscall_number(arch: Arch, name: &[u8]) -> Option<u32> {
    // The names of many events are looked up, nearly all in lower case.
    let known = kernel_numbers(arch).and_then(|numbers| numbers.get(name));
    known.copied().or_else(|| search_kernel_number(arch, name))
}

/// Returns the kernel's numbers for its names.
fn kernel_numbers(arch: Arch) -> Option<&'static Numbers> {
    static NUMBERS: NumbersByArch = [const { OnceLock::new() }; Arch::ALL.len()];
    let numbers = NUMBERS.get(arch as usize)?.get_or_init(|| {
        let table = arch.table();
        let mut numbers = Numbers::default();
        numbers.reserve(table.by_number.len());
        let name_of = |syscall: &Syscall| Some((syscall.kernel_name?.as_bytes(), syscall.number));
        numbers.extend(table.by_number.iter().filter_map(name_of));
        numbers
    });
    Some(numbers)
}

fn search_kernel_number(arch: Arch, name: &[u8]) -> Option<u32> {
    let table = arch.table();
    let of_kernel = |number: &u32| {
        // Skips names that only auditctl has.
        let name_in_kernel = find(arch, *number).and_then(|syscall| syscall.kernel_name);
        name_in_kernel.is_some_and(|known| known.as_bytes().eq_ignore_ascii_case(name))
    };
    let number = lookup::lower(table.by_name, name).filter(of_kernel);
    number.or_else(|| lookup::lower(table.by_kernel_name, name))
}

/// Returns the name that auditctl prints for `number`; `None` if it has no name and prints the number.
pub fn syscall_name(arch: Arch, number: u32) -> Option<&'static str> {
    find(arch, number)?.auditctl_name
}

/// Returns the kernel's name for `number`, or auditctl's name for a syscall that the kernel has removed.
pub fn kernel_syscall_name(arch: Arch, number: u32) -> Option<&'static str> {
    let syscall = find(arch, number)?;
    syscall.kernel_name.or(syscall.auditctl_name)
}

/// Returns the first kernel with syscall `number`; `None` if there is no such syscall, or if it is older than 5.13
/// and the exact version is unknown.
pub fn syscall_since(arch: Arch, number: u32) -> Option<KernelVersion> {
    find(arch, number)?.since
}

fn find(arch: Arch, number: u32) -> Option<&'static Syscall> {
    let table = syscalls(arch);
    // The numbers of most tables begin at 0, without gaps.
    let guess = usize::try_from(number).ok().and_then(|number| table.get(number));
    let found = || table.get(table.binary_search_by_key(&number, |syscall| syscall.number).ok()?);
    guess.filter(|syscall| syscall.number == number).or_else(found)
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
            |syscall: &&Syscall| syscall.kernel_name.is_some() && syscall.number < ARM_PRIVATE;
        let last = syscalls(self).iter().rev().filter(present).find(|syscall| counts(syscall))?;
        let size = last.number + 1;
        // An ARM immediate has 8 bits and an even shift: above 255 the kernel rounds up to such a number.
        Some(if self == Self::Arm { size.next_multiple_of(4) } else { size })
    }
}

// Used by the generated tables.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lookup_finds_what_a_search_finds() {
        for arch in Arch::ALL {
            for name in syscalls(arch).iter().filter_map(|syscall| syscall.kernel_name) {
                let found = kernel_numbers(arch).and_then(|numbers| numbers.get(name.as_bytes()));
                let searched = search_kernel_number(arch, name.as_bytes());
                assert_eq!(found.copied(), searched, "{arch:?} {name}");
            }
        }
    }
}
