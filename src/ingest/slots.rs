//! The fields whose places in records are kept.

use std::ops::Range;

use crate::catalog::record;

/// Fields that are looked at in the records of many events. Those of PATH records come first.
pub(super) const NAMES: [&[u8]; 35] = [
    b"name",
    b"inode",
    b"dev",
    b"mode",
    b"ouid",
    b"ogid",
    b"rdev",
    b"obj",
    b"nametype",
    b"arch",
    b"syscall",
    b"uring_op",
    b"per",
    b"success",
    b"exit",
    b"a0",
    b"a1",
    b"a2",
    b"a3",
    b"items",
    b"ppid",
    b"pid",
    b"auid",
    b"uid",
    b"gid",
    b"euid",
    b"suid",
    b"fsuid",
    b"egid",
    b"sgid",
    b"fsgid",
    b"ses",
    b"exe",
    b"subj",
    b"key",
];

/// The number of those of PATH records.
const OF_NAMES: usize = 9;

/// A field that is looked at: the number of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(usize);

impl Slot {
    /// Returns the place of fields that nothing looks at.
    pub(super) const OTHER: Slot = Slot(0);

    /// Returns that of a field; `None` if it has none.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        NAMES.iter().position(|known| *known == name).map(|at| Slot(at + 1))
    }

    /// Returns its number.
    #[inline]
    pub(super) const fn number(self) -> usize {
        self.0
    }

    /// Returns how many the records of a type have; `None` for types whose fields have no places.
    pub(super) fn all_of(kind: Option<u32>) -> Option<usize> {
        match kind? {
            record::PATH => Some(OF_NAMES + 1),
            record::SYSCALL | record::URINGOP => Some(NAMES.len() + 1),
            _ => None,
        }
    }
}

/// The place of a value in its record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// 0: the record has no such field. A name comes before each value.
    pub(super) start: u16,
    pub(super) len: u16,
}

impl Place {
    /// Returns the place of a field among those of a record; the inner `None` if the record lacks it.
    #[inline]
    pub(super) fn of(slot: Slot, places: &[Place]) -> Option<Option<Range<usize>>> {
        let Place { start, len } = *places.get(slot.0)?;
        let start = usize::from(start);
        Some((start > 0).then_some(start..start + usize::from(len)))
    }
}
