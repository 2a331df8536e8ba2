//! Watched paths whose file was replaced: the kernel moves their rules, and loses their programs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::attribute::Attribute;
use super::evaluator::Evaluator;
use super::event::Event;
use super::field::{Moment, Subject};
use super::filters::{Filter, FilterId, Filters};
use super::place;
use super::scene::{Scene, SeenName};
use super::truth::Truth;

/// What happened to watched paths since the rules were loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The number of times that a path got or lost its file; `None` if that is unknown.
    changes: BTreeMap<Vec<u8>, Option<u32>>,
}

impl Evaluator {
    /// Adds an event to the history: the entries of directories that the call made and removed.
    pub fn advance(&self, history: &mut History, event: &Event) {
        let arch = event.call.arch.unwrap_or(self.profile().arch());
        let scene = self.scene(event, Some(arch), history, &mut Vec::new());
        let made = scene.names.iter().flatten().filter(|name| name.is_made());
        let paths = made.chain(scene.removed_names()).filter_map(|name| name.place.path.as_deref());
        let watched = paths.filter(|path| self.filters.watches(path));
        let changed: Vec<Vec<u8>> = watched.map(<[u8]>::to_vec).collect();
        for path in changed {
            let changes = history.changes.entry(path).or_insert(Some(0));
            *changes = match event.call.outcome.success() {
                Some(false) => *changes,
                Some(true) => changes.map(|changes| changes.saturating_add(1)),
                None => None,
            };
        }
    }
}

/// The number of times that a watched path got or lost its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Changes {
    /// Before the call; `None` if it is unknown.
    before: Option<u32>,
    /// In the call.
    now: u32,
}

impl Changes {
    const NONE: Self = Changes { before: Some(0), now: 0 };

    fn total(self) -> Option<u32> {
        Some(self.before?.saturating_add(self.now))
    }
}

impl<'e> Scene<'e> {
    /// Returns the names that the call removes, and whose watches so lose their file. A name that gets another file
    /// in the same call is not among them, unless two names swap their files.
    pub(super) fn removed_names(&self) -> impl Iterator<Item = &SeenName<'e>> {
        let names = self.names.as_deref().unwrap_or_default();
        let swaps = names.iter().filter(|name| name.is_made()).count() == 2;
        names.iter().filter(move |name| {
            let is_made =
                |other: &SeenName<'_>| other.is_made() && other.place.path == name.place.path;
            name.is_removed() && (swaps || !names.iter().any(is_made))
        })
    }

    /// Returns whether no watched path got or lost its file, before or in the call.
    pub(super) fn is_calm(&self) -> bool {
        self.was_calm() && !self.changes_entries()
    }

    /// Returns whether no watched path got or lost its file before the call.
    fn was_calm(&self) -> bool {
        !self.files.has_changes() && self.history.changes.is_empty()
    }

    /// Returns for each name the rules that are kept by inode and can match it. Every rule that can match another name
    /// because of the call is among those of some name. Returns `None` if that is not known.
    pub(super) fn kept_for<'f>(
        &self,
        names: &[SeenName<'_>],
        filters: &'f Filters,
    ) -> Option<Vec<Cow<'f, [FilterId]>>> {
        if !self.was_calm() || !self.files.is_of_machine() {
            return None;
        }
        names.iter().map(|name| filters.kept_for(&name.place)).collect()
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
        let changes: Vec<Changes> =
            filters.of(ids).map(|(_, filter)| self.changes(filter, moment)).collect();
        if changes.iter().all(|changes| *changes == Changes::NONE) {
            return vec![Cow::Borrowed(ids)];
        }
        let [first, second] = [0, 2].map(|assumed| {
            let mut places: Vec<_> = (0_isize..).zip(&changes).zip(ids).collect();
            places.sort_by_key(|((place, changes), _)| {
                let total = changes.total().unwrap_or(assumed + changes.now);
                let is_reversed = total != 0 && total % 2 == 0;
                (changes.now == 0, total == 0, if is_reversed { -*place } else { *place })
            });
            Cow::Owned(places.into_iter().map(|(_, id)| *id).collect())
        });
        if first == second { vec![first] } else { vec![first, second] }
    }

    /// Returns whether the order of some rules is unknown.
    pub(super) fn has_unknown_order(&self, ids: &[FilterId], filters: &Filters) -> bool {
        let changes = |(_, filter)| self.changes(filter, Moment::NameRemoved);
        filters.of(ids).map(changes).any(|changes| changes.before.is_none())
    }

    /// Returns whether the kernel has lost the program of a rule with `path` and `exe`: a change of the path makes
    /// it look at the watched file instead (`audit_dupe_exe`).
    pub(super) fn exe_is_lost(&self, filter: &Filter, subject: Subject<'_, 'e>) -> Truth {
        let Subject::Call { moment, .. } = subject else { return Truth::False };
        if !filter.has_path_and_exe || self.is_calm() {
            return Truth::False;
        }
        match self.changes(filter, moment) {
            changes if changes.now > 0 => Truth::True,
            changes => Truth::of(changes.before, Attribute::Files, |changes| changes > 0),
        }
    }

    fn changes(&self, filter: &Filter, moment: Moment) -> Changes {
        let Some(path) = filter.watched_path() else { return Changes::NONE };
        if self.is_calm() {
            return Changes::NONE;
        }
        let path = place::watched(path, self.files);
        let before = path.as_deref().and_then(|path| self.files.get(path));
        let before = match (before, path.as_deref()) {
            (Some(file), _) => file.changes,
            (None, Some(path)) => self.history.changes.get(path).copied().unwrap_or(Some(0)),
            (None, None) => Some(0),
        };
        if moment == Moment::NameRemoved {
            return Changes { before, now: 0 };
        }
        let at_path = |name: &&SeenName<'_>| path.is_some() && name.place.path == path;
        let made =
            self.names.iter().flatten().filter(|name| name.is_made()).filter(at_path).count();
        let removed = self.removed_names().filter(at_path).count();
        let changed = u32::try_from(made + removed).unwrap_or(u32::MAX);
        match self.call.outcome.success() {
            Some(true) => Changes { before, now: changed },
            None if changed > 0 => Changes { before: None, now: 0 },
            _ => Changes { before, now: 0 },
        }
    }
}
