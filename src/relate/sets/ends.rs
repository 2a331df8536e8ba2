//! Which changes a call can show at all, by how the rules that match its names can end it.

use std::ops::BitOr;

use super::evidence::Change;
use super::side::Side;
use super::units::{Matches, Unit};

/// A set of changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes(u8);

impl Changes {
    pub(super) const ALL: Self = Changes(7);

    pub(super) fn only(change: Change) -> Self {
        Changes(match change {
            Change::Lost => 1,
            Change::Gained => 2,
            Change::Rekeyed => 4,
        })
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Change> {
        let all = [Change::Lost, Change::Gained, Change::Rekeyed];
        all.into_iter().filter(move |change| self.has(*change))
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn has(self, change: Change) -> bool {
        !self.both(Changes::only(change)).is_empty()
    }

    pub(super) fn without(self, other: Self) -> Self {
        Changes(self.0 & !other.0)
    }

    pub(super) fn both(self, other: Self) -> Self {
        Changes(self.0 & other.0)
    }
}

impl BitOr for Changes {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Changes(self.0 | other.0)
    }
}

impl FromIterator<Change> for Changes {
    fn from_iter<I: IntoIterator<Item = Change>>(changes: I) -> Self {
        let all = changes.into_iter().map(|change| Changes::only(change).0);
        Changes(all.fold(0, u8::bitor))
    }
}

/// How the rules that match some names can end a call, in both sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ends(u8);

impl Ends {
    /// A rule records.
    const RECORDS: u8 = 1;
    /// A rule silences.
    const SILENCES: u8 = 2;
    /// A rule decides if no other does.
    const MATCHES: u8 = 4;
    const BITS: [u8; 2] = [0, 3];

    pub(super) fn of(sides: [&Side<'_>; 2], unit: Unit) -> Self {
        unit.matches().fold(Ends::default(), |ends, name| ends | Ends::of_name(sides, name))
    }

    pub(super) fn of_name(sides: [&Side<'_>; 2], name: Matches) -> Self {
        let mut all = 0;
        for ((set, side), bits) in sides.into_iter().enumerate().zip(Self::BITS) {
            let [listed, by_inode, early, _] = name.of(set);
            for rule in [listed, by_inode, early].into_iter().filter(|rule| *rule != 0) {
                all |= if side.is_always(rule) { Self::RECORDS } else { Self::SILENCES } << bits;
            }
            if listed != 0 || by_inode != 0 {
                all |= Self::MATCHES << bits;
            }
        }
        Ends(all)
    }

    /// Returns the changes that a call with such names can show: more than it does.
    pub(super) fn changes(self) -> Changes {
        let [old, new] = Self::BITS.map(|bits| self.0 >> bits);
        let records = |bits: u8| bits & Self::RECORDS != 0;
        let is_silent = |bits: u8| bits & Self::SILENCES != 0 || bits & Self::MATCHES == 0;
        let can_be = |change: &Change| match change {
            Change::Lost => records(old) && is_silent(new),
            Change::Gained => is_silent(old) && records(new),
            Change::Rekeyed => records(old) && records(new),
        };
        Changes::ALL.iter().filter(can_be).collect()
    }
}

impl BitOr for Ends {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Ends(self.0 | other.0)
    }
}
