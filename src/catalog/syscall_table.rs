//! The tables of syscalls: one list of all names, and for each arch the numbers of its names.
//!
//! The arches share most names. With text in each table, the program would have to relocate all of them at its start.

use std::num::{NonZeroU16, NonZeroU32};

use super::by_hash::ByHash;
use super::generated::syscall_names::NAMES;
use super::{KernelVersion, Syscall};

/// The name of a syscall, as its place in the list of all names, from 1 on.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub(crate) struct Name(NonZeroU16);

/// A syscall of one arch.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Row {
    pub(super) number: u32,
    kernel: Option<Name>,
    auditctl: Option<Name>,
    since: Option<KernelVersion>,
}

/// The tables of one arch.
pub(crate) struct Table {
    /// Sorted by number.
    pub(crate) by_number: &'static [Row],
    /// Those of the names that auditctl accepts; the kernel's names if auditctl is not built for the arch.
    pub(crate) by_name: &'static Numbers,
    /// Those of the kernel names that are not among them.
    pub(crate) by_kernel_name: &'static Numbers,
}

/// The numbers of names on one arch, for all names of all arches; each is one higher than the number.
pub(crate) struct Numbers([Option<NonZeroU32>; NAMES.len()]);

impl Numbers {
    /// Returns the numbers of a generated table.
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    pub(crate) const fn of(table: &[(Name, u32)]) -> Self {
        let mut numbers = [None; NAMES.len()];
        let mut index = 0;
        while index < table.len() {
            let (name, number) = table[index];
            let place = name.0.get() as usize - 1;
            assert!(numbers[place].is_none(), "a name has two numbers");
            numbers[place] = NonZeroU32::new(number + 1);
            index += 1;
        }
        Numbers(numbers)
    }

    fn get(&self, name: Name) -> Option<u32> {
        let number = self.0.get(usize::from(name.0.get()) - 1).copied().flatten()?;
        Some(number.get() - 1)
    }

    /// Returns the spellings of the names, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        let named = NAMES.iter().zip(&self.0).filter(|(_, number)| number.is_some());
        named.map(|(name, _)| *name)
    }
}

static BY_HASH: ByHash<2048> = ByHash::of(NAMES);

impl Name {
    /// Returns the name that is spelled like this, in any case; `None` if no arch has it.
    #[inline]
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        BY_HASH.find(NAMES, text).map(Name)
    }

    /// Returns its spelling.
    pub(super) fn text(self) -> &'static str {
        NAMES.get(usize::from(self.0.get()) - 1).copied().unwrap_or_default()
    }
}

impl Row {
    pub(super) fn syscall(self) -> Syscall {
        let Row { number, kernel, auditctl, since } = self;
        let (kernel_name, auditctl_name) = (kernel.map(Name::text), auditctl.map(Name::text));
        Syscall { number, kernel_name, auditctl_name, since }
    }
}

impl Table {
    /// Returns the number that auditctl reads for a name.
    pub(super) fn number(&self, name: Name) -> Option<u32> {
        self.by_name.get(name)
    }

    /// Returns the kernel's number for a name, which may be a name of the kernel alone.
    pub(super) fn kernel_number(&self, name: Name) -> Option<u32> {
        // Skips names that only auditctl has.
        let is_of_kernel =
            |number: &u32| self.row(*number).is_some_and(|row| row.kernel == Some(name));
        let number = self.number(name).filter(is_of_kernel);
        number.or_else(|| self.by_kernel_name.get(name))
    }

    /// Returns the syscall with this number.
    pub(super) fn row(&self, number: u32) -> Option<Row> {
        let table = self.by_number;
        // The numbers of most tables begin at 0, without gaps.
        let guess = usize::try_from(number).ok().and_then(|number| table.get(number));
        let found = || table.get(table.binary_search_by_key(&number, |row| row.number).ok()?);
        guess.filter(|row| row.number == number).or_else(found).copied()
    }
}

// Used by the generated tables.

const fn generated(text: &str) -> Name {
    Name(BY_HASH.place_of(NAMES, text))
}

pub(crate) const OLD: Option<KernelVersion> = None;

pub(crate) const fn since(major: u16, minor: u16) -> Option<KernelVersion> {
    Some(KernelVersion::new(major, minor))
}

pub(crate) const fn named(name: &str, number: u32) -> (Name, u32) {
    (generated(name), number)
}

pub(crate) const fn same(number: u32, name: &str, since: Option<KernelVersion>) -> Row {
    let name = Some(generated(name));
    Row { number, kernel: name, auditctl: name, since }
}

pub(crate) const fn spelled(
    number: u32,
    kernel: &str,
    auditctl: &str,
    since: Option<KernelVersion>,
) -> Row {
    let (kernel, auditctl) = (Some(generated(kernel)), Some(generated(auditctl)));
    Row { number, kernel, auditctl, since }
}

pub(crate) const fn kernel_only(number: u32, name: &str, since: Option<KernelVersion>) -> Row {
    Row { number, kernel: Some(generated(name)), auditctl: None, since }
}

pub(crate) const fn auditctl_only(number: u32, name: &str) -> Row {
    Row { number, kernel: None, auditctl: Some(generated(name)), since: OLD }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_name_in_any_case_and_no_other() {
        for (name, place) in NAMES.iter().zip(1..) {
            let expected = NonZeroU16::new(place).map(Name);
            assert_eq!(Name::of(name.as_bytes()), expected, "{name}");
            assert_eq!(Name::of(name.to_ascii_uppercase().as_bytes()), expected, "{name}");
            assert_eq!(Name::of(format!("{name}-").as_bytes()), None, "{name}");
        }
        assert_eq!(Name::of(b""), None);
    }
}
