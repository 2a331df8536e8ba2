//! The tables of syscalls: one list of all names, and for each arch the numbers of its names.
//!
//! The arches share most names. With text in each table, the program would have to relocate all of them at its start.

use std::num::{NonZeroU16, NonZeroU32};

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

/// The number of slots of the hash table: about three for each name.
const SLOTS: usize = 2048;

/// The places of all names by their hash, from 1 on; 0 is an empty slot. A name is in the first free slot from its hash
/// on.
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "evaluated by the compiler"
)]
static BY_HASH: [u16; SLOTS] = {
    assert!(NAMES.len() < SLOTS / 2);
    let mut slots = [0; SLOTS];
    let mut place = 0;
    while place < NAMES.len() {
        let mut slot = hash(NAMES[place].as_bytes());
        while slots[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        place += 1;
        slots[slot] = place as u16;
    }
    slots
};

/// Returns the first slot of a name, in any case (FNV-1a).
const fn hash(mut name: &[u8]) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    while let [byte, rest @ ..] = name {
        // This bit is all that differs between the cases of a letter.
        hash = (hash ^ (*byte | 0x20) as u32).wrapping_mul(0x0100_0193);
        name = rest;
    }
    (hash ^ hash >> 16) as usize % SLOTS
}

impl Name {
    /// Returns the name that is spelled like this, in any case; `None` if no arch has it.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        let mut slot = hash(text);
        loop {
            let name = Name(NonZeroU16::new(*BY_HASH.get(slot)?)?);
            let known = name.text().as_bytes();
            if known == text || known.eq_ignore_ascii_case(text) {
                return Some(name);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// Returns its spelling.
    pub(super) fn text(self) -> &'static str {
        NAMES.get(usize::from(self.0.get()) - 1).copied().unwrap_or_default()
    }

    /// Returns a name of a generated table.
    #[expect(clippy::indexing_slicing, clippy::panic, reason = "evaluated by the compiler")]
    const fn generated(text: &str) -> Self {
        let mut slot = hash(text.as_bytes());
        while let Some(place) = NonZeroU16::new(BY_HASH[slot]) {
            if is_equal(NAMES[place.get() as usize - 1].as_bytes(), text.as_bytes()) {
                return Name(place);
            }
            slot = (slot + 1) % SLOTS;
        }
        panic!("a name is missing from the list of all names")
    }
}

/// Returns whether two texts are equal, for the compiler.
const fn is_equal(mut a: &[u8], mut b: &[u8]) -> bool {
    while let ([first, rest_of_a @ ..], [second, rest_of_b @ ..]) = (a, b) {
        if *first != *second {
            return false;
        }
        (a, b) = (rest_of_a, rest_of_b);
    }
    a.is_empty() && b.is_empty()
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

    /// Returns the kernel's number for a name, which may be one that only the kernel has.
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

pub(crate) const OLD: Option<KernelVersion> = None;

pub(crate) const fn since(major: u16, minor: u16) -> Option<KernelVersion> {
    Some(KernelVersion::new(major, minor))
}

pub(crate) const fn named(name: &str, number: u32) -> (Name, u32) {
    (Name::generated(name), number)
}

pub(crate) const fn same(number: u32, name: &str, since: Option<KernelVersion>) -> Row {
    let name = Some(Name::generated(name));
    Row { number, kernel: name, auditctl: name, since }
}

pub(crate) const fn spelled(
    number: u32,
    kernel: &str,
    auditctl: &str,
    since: Option<KernelVersion>,
) -> Row {
    let (kernel, auditctl) = (Some(Name::generated(kernel)), Some(Name::generated(auditctl)));
    Row { number, kernel, auditctl, since }
}

pub(crate) const fn kernel_only(number: u32, name: &str, since: Option<KernelVersion>) -> Row {
    Row { number, kernel: Some(Name::generated(name)), auditctl: None, since }
}

pub(crate) const fn auditctl_only(number: u32, name: &str) -> Row {
    Row { number, kernel: None, auditctl: Some(Name::generated(name)), since: OLD }
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
