//! The rules that are kept by inode, by the names that they can match: an event can have many names, and a kernel many
//! rules.

use std::borrow::Cow;

use foldhash::HashMap;

use super::filters::{FilterId, Filters};
use super::place;
use super::scene::{Scene, SeenName};

/// Maximum number of names that are tested with all rules. Looking up those of each takes longer.
const FEW: usize = 16;

/// The rules of some names in the order of the kernel, after the call has changed entries.
pub(super) struct Moved<'m> {
    order: &'m [FilterId],
    /// The place of each rule in the order.
    ranks: HashMap<FilterId, usize>,
    /// The rules whose path got a file, by what a name of this file can have: its path, or the number of its inode.
    by_path: HashMap<&'m [u8], Vec<FilterId>>,
    by_number: HashMap<u64, Vec<FilterId>>,
}

impl<'e> Scene<'e> {
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
}

impl<'m> Moved<'m> {
    /// Takes rules in the order of the kernel; `None` if the names are few.
    pub(super) fn new(
        scene: &'m Scene<'_>,
        filters: &Filters,
        order: &'m [FilterId],
    ) -> Option<Self> {
        let names = scene.all_names();
        if names.len() <= FEW {
            return None;
        }
        let mut moved = Moved {
            order,
            ranks: order.iter().copied().zip(0..).collect(),
            by_path: HashMap::default(),
            by_number: HashMap::default(),
        };
        for (id, filter) in filters.of(order) {
            let path = filter.watched_path().and_then(|path| place::watched(path, scene.files));
            let last = path.and_then(|path| scene.changed().last_at(names, &path));
            let Some(made) = last.filter(|name| name.is_made()) else { continue };
            if let Some(path) = made.place.path.as_deref() {
                moved.by_path.entry(path).or_default().push(id);
            }
            if let Some(number) = made.place.number {
                moved.by_number.entry(number).or_default().push(id);
            }
        }
        Some(moved)
    }

    /// Returns the rules that can match a name after the call, in their order. `kept` are those before the call.
    pub(super) fn of(&self, name: &SeenName<'_>, kept: &[FilterId]) -> Cow<'m, [FilterId]> {
        let by_path = name.place.path.as_deref().and_then(|path| self.by_path.get(path));
        let by_number = name.place.number.and_then(|number| self.by_number.get(&number));
        let [by_path, by_number] =
            [by_path, by_number].map(|ids| ids.map_or(&[][..], Vec::as_slice));
        if by_path.len() + by_number.len() + kept.len() > self.order.len() / 4 {
            return Cow::Borrowed(self.order);
        }
        let mut ids = [kept, by_path, by_number].concat();
        ids.sort_unstable_by_key(|id| self.ranks.get(id));
        ids.dedup();
        Cow::Owned(ids)
    }
}
