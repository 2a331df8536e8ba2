//! The archs of the calls of a log.

use crate::catalog::Arch;

/// Maximum number of archs that are counted. A machine has one or two.
const MOST: usize = 64;

/// The number of hexadecimal digits of an arch, as the kernel writes it.
const DIGITS: usize = 8;

/// The number of an arch in a record, in digits.
type Digits = [u8; DIGITS];

/// Calls by arch.
#[derive(Clone, Debug, Default)]
pub(super) struct Arches(Vec<(Digits, u64)>);

impl Arches {
    /// Counts a call, by the fields of its record.
    pub(super) fn add(&mut self, call: &[u8]) {
        // The kernel writes it first.
        let digits = call.strip_prefix(b"arch=").and_then(<[u8]>::first_chunk::<DIGITS>);
        let Some(digits) = digits else { return };
        let has_space = self.0.len() < MOST;
        match self.0.iter_mut().find(|(known, _)| known == digits) {
            Some((_, calls)) => *calls += 1,
            None if has_space => self.0.push((*digits, 1)),
            None => {}
        }
    }

    /// Returns the calls of each arch by its ELF number, the most frequent first.
    pub(super) fn calls(&self) -> Vec<(u32, u64)> {
        let number =
            |digits: &Digits| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        let known = self.0.iter().filter_map(|(digits, calls)| Some((number(digits)?, *calls)));
        let mut calls: Vec<_> = known.collect();
        calls.sort_by_key(|(number, calls)| (std::cmp::Reverse(*calls), *number));
        calls
    }
}

/// Calls of a machine that rules are not for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The number of its arch in records, the most frequent one if it has two.
    pub elf: u32,
    /// The arch of a machine that writes such records; `None` if the number is unknown.
    pub machine: Option<Arch>,
    /// Calls.
    pub events: u64,
}

impl Foreign {
    /// Returns those of some calls that a machine of the arch `own` does not make.
    pub(super) fn among(calls: &[(u32, u64)], own: Arch) -> Vec<Self> {
        let mut all: Vec<Foreign> = Vec::new();
        for (elf, events) in calls.iter().copied() {
            let arch = Arch::from_elf(elf);
            if arch.is_some_and(|arch| arch == own || own.compat() == Some(arch)) {
                continue;
            }
            let machine = arch.map(|arch| machine_of(arch, calls));
            match all.iter_mut().find(|known| machine.is_some() && known.machine == machine) {
                Some(known) => known.events += events,
                None => all.push(Foreign { elf, machine, events }),
            }
        }
        all
    }
}

/// Returns the arch of the machine that made calls of an arch: a 64-bit machine runs 32-bit programs, too.
fn machine_of(arch: Arch, calls: &[(u32, u64)]) -> Arch {
    let mut others = calls.iter().filter_map(|(elf, _)| Arch::from_elf(*elf));
    others.find(|other| other.compat() == Some(arch)).unwrap_or(arch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(elfs: &[&str]) -> Arches {
        let mut arches = Arches::default();
        for elf in elfs {
            arches.add(format!("arch={elf} syscall=1 success=yes").as_bytes());
        }
        arches
    }

    #[test]
    fn calls_of_32_bit_programs_are_of_the_same_machine() {
        let all = of(&["c00000b7", "c00000b7", "40000028", "c000003e", "40000003", "00000000"]);
        let foreign = |own| {
            let foreign = Foreign::among(&all.calls(), own).into_iter();
            foreign.map(|one| (one.elf, one.machine, one.events)).collect::<Vec<_>>()
        };
        let arm = (0xc000_00b7, Some(Arch::Aarch64), 3);
        assert_eq!(foreign(Arch::X86_64), [arm, (0, None, 1)]);
        // A 32-bit kernel runs no 64-bit programs.
        let x86 = (0xc000_003e, Some(Arch::X86_64), 1);
        assert_eq!(foreign(Arch::I386), [arm, (0, None, 1), x86]);
        assert!(!foreign(Arch::Aarch64).contains(&arm));
    }

    #[test]
    fn memory_is_limited() {
        let elfs: Vec<String> = (0..5_000).map(|elf| format!("{elf:08x}")).collect();
        let all = of(&elfs.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(all.calls().len(), MOST);
        assert!(of(&["x", "zzzzzzzz", "c000003"]).calls().is_empty());
    }
}
