//! Watched paths whose file was replaced: the kernel moves their rules, and loses their programs.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::attribute::Attribute;
use super::field::{Moment, Subject};
use super::filters::{Filter, FilterId, Filters};
use super::place::{self, Tree};
use super::scene::{Scene, SeenName};
use super::truth::Truth;
use crate::catalog::KernelVersion;
use crate::model::{EntryChange, names_of};

/// The first version of which every known release loses the programs of rules with `path` and `exe`.
const LOSES_PROGRAMS: KernelVersion = KernelVersion::new(6, 12);

/// The number of times that a watched path got or lost its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Changes {
    /// Before the call; `None` if it is unknown.
    before: Option<u32>,
    /// In the call.
    now: u32,
    /// The time of the last one. Later changes have greater numbers.
    last: u32,
}

impl Changes {
    const NONE: Self = Changes { before: Some(0), now: 0, last: 0 };

    fn total(self) -> Option<u32> {
        Some(self.before?.saturating_add(self.now))
    }
}

impl<'e> Scene<'e> {
    /// Returns whether the call removes the directory of a tree. The kernel then drops its rules before it tests the
    /// lists (`audit_kill_trees`, `__audit_syscall_exit`), unless a program still has the directory open or works in it.
    pub(super) fn perhaps_loses(&self, tree: &Tree) -> Truth {
        let names = self.call.syscall_name().and_then(names_of);
        let removes = names.is_some_and(|names| names.change == EntryChange::Removes);
        let is_root = |name: &SeenName<'_>| name.place.path.as_deref() == Some(tree.path());
        let is_lost = removes && self.removed_names().any(is_root);
        match (is_lost, self.call.outcome.success()) {
            (false, _) | (_, Some(false)) => Truth::False,
            _ => Truth::unknown(Attribute::Files),
        }
    }

    /// Returns the names that the call removes and makes, in the order in which the kernel changes the directories.
    pub(super) fn changed_names(&self) -> impl Iterator<Item = &SeenName<'e>> {
        self.names_at(self.changed().in_order())
    }

    /// Returns the names that the call removes, and whose watches so lose their file.
    pub(super) fn removed_names(&self) -> impl Iterator<Item = &SeenName<'e>> {
        self.names_at(self.changed().removed())
    }

    fn names_at(&self, places: &[usize]) -> impl Iterator<Item = &SeenName<'e>> {
        places.iter().filter_map(|at| self.all_names().get(*at))
    }

    /// Returns whether no watched path got or lost its file, before or in the call.
    pub(super) fn is_calm(&self) -> bool {
        self.was_calm() && !self.changes_entries
    }

    /// Returns whether no watched path got or lost its file before the call.
    pub(super) fn was_calm(&self) -> bool {
        !self.files.has_changes() && self.history.is_empty()
    }

    /// Returns the orders in which the kernel may hold these rules. Each change of a watched path moves its rules to
    /// the front. Each but the first also reverses them.
    pub(super) fn orders<'i>(
        &self,
        ids: &'i [FilterId],
        filters: &Filters,
        moment: Moment,
    ) -> Vec<Cow<'i, [FilterId]>> {
        if self.is_calm() {
            return vec![Cow::Borrowed(ids)];
        }
        let moved: Vec<_> = filters
            .of(ids)
            .map(|(id, filter)| (id, filter.serial, self.changes(filter, moment)))
            .collect();
        if moved.iter().all(|(.., changes)| *changes == Changes::NONE) {
            return vec![Cow::Borrowed(ids)];
        }
        let [first, second] = [0, 2].map(|assumed| {
            let mut places: Vec<_> = (0_isize..).zip(&moved).collect();
            places.sort_by_key(|(place, (_, serial, changes))| {
                let total = changes.total().unwrap_or(assumed + changes.now);
                // The kernel keeps the rules of a path in the order in which they were added, also those at the front.
                let added = isize::try_from(*serial).unwrap_or(isize::MAX);
                let place = match total {
                    0 => *place,
                    total if total % 2 == 0 => -added,
                    _ => added,
                };
                (changes.now == 0, total == 0, Reverse(changes.last), place)
            });
            Cow::Owned(places.into_iter().map(|(_, (id, ..))| *id).collect())
        });
        if first == second { vec![first] } else { vec![first, second] }
    }

    /// Returns whether the order of some rules is unknown.
    pub(super) fn has_unknown_order(&self, ids: &[FilterId], filters: &Filters) -> bool {
        let changes = |(_, filter)| self.changes(filter, Moment::NameRemoved);
        filters.of(ids).map(changes).any(|changes| changes.before.is_none())
    }

    /// Returns whether the kernel has lost the program of a rule with `path` and `exe`: a change of the path makes
    /// it look at the watched file instead (`audit_dupe_exe`). Linux 6.1.192 does so and 6.1.176 does not.
    pub(super) fn exe_is_lost(&self, filter: &Filter, subject: Subject<'_, 'e>) -> Truth {
        let Subject::Call { moment, .. } = subject else { return Truth::False };
        if !filter.has_path_and_exe || self.is_calm() {
            return Truth::False;
        }
        let is_lost = match self.changes(filter, moment) {
            changes if changes.now > 0 => Truth::True,
            changes => Truth::of(changes.before, Attribute::Files, |changes| changes > 0),
        };
        match is_lost {
            Truth::True if self.version < LOSES_PROGRAMS => Truth::unknown(Attribute::Files),
            is_lost => is_lost,
        }
    }

    fn changes(&self, filter: &Filter, moment: Moment) -> Changes {
        let Some(path) = filter.watched_path() else { return Changes::NONE };
        if self.is_calm() {
            return Changes::NONE;
        }
        let path = place::watched(path, self.files);
        let Some(path) = path.as_deref() else { return Changes::NONE };
        let known = self.files.given(path).map_or(Some(0), |file| file.changes);
        let seen = self.history.changed(path);
        let before = known.zip(seen.times).map(|(known, seen)| known.saturating_add(seen));
        let earlier = Changes { before, now: 0, last: seen.last };
        if moment == Moment::NameRemoved {
            return earlier;
        }
        let Some((now, last)) = self.changed().of_entry(self.all_names(), path) else {
            return earlier;
        };
        let [now, last] = [now, last].map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        match self.call.outcome.success() {
            Some(true) => Changes { before, now, last },
            None => Changes { before: None, ..earlier },
            Some(false) => earlier,
        }
    }
}
