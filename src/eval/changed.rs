//! The names that a call removes and makes. They are found once, and looked up by path: an event can have many names,
//! and each rule asks.

use foldhash::HashSet;

use super::event::{NameInode, Nametype};
use super::scene::{Scene, SeenName};

/// The names that a call removes and makes, by their places among the names.
#[derive(Default)]
pub(super) struct ChangedNames {
    /// Those that it removes, and whose watches so lose their file.
    removed: Vec<usize>,
    /// All, in the order in which the kernel changes the directories.
    order: Vec<usize>,
    /// Those with an entry, each with its place in `order`: sorted by the entry, and then by this place.
    by_entry: Vec<(usize, usize)>,
    /// Every name with an entry, sorted by the entry.
    with_entry: Vec<usize>,
}

impl<'e> Scene<'e> {
    /// Returns the names, none if they are unknown.
    pub(super) fn all_names(&self) -> &[SeenName<'e>] {
        self.names.as_deref().unwrap_or_default()
    }

    /// Returns the names that the call makes and removes.
    pub(super) fn changed(&self) -> &ChangedNames {
        self.changed.get_or_init(|| match self.changes_entries {
            true => ChangedNames::of(self.all_names()),
            false => ChangedNames::default(),
        })
    }
}

impl ChangedNames {
    /// Finds them.
    pub(super) fn of(names: &[SeenName<'_>]) -> Self {
        let removed = removed(names);
        let order = ordered(names, &removed);
        let mut by_entry: Vec<_> = order.iter().copied().zip(0..).collect();
        by_entry.retain(|(at, _)| entry(names, *at).is_some());
        by_entry.sort_by_key(|(at, _)| entry(names, *at));
        let mut with_entry: Vec<_> =
            (0..names.len()).filter(|at| entry(names, *at).is_some()).collect();
        with_entry.sort_by_key(|at| entry(names, *at));
        ChangedNames { removed, order, by_entry, with_entry }
    }

    /// Returns those that the call removes, and whose watches so lose their file.
    pub(super) fn removed(&self) -> &[usize] {
        &self.removed
    }

    /// Returns all, in the order in which the kernel changes the directories.
    pub(super) fn in_order(&self) -> &[usize] {
        &self.order
    }

    /// Returns how often the call changes the entry at a path, and the place of the last change in the order.
    pub(super) fn of_entry(&self, names: &[SeenName<'_>], path: &[u8]) -> Option<(usize, usize)> {
        let is_before = |(at, _): &(usize, usize)| entry(names, *at) < Some(path);
        let is_it = |(at, _): &(usize, usize)| entry(names, *at) <= Some(path);
        let from = self.by_entry.partition_point(is_before);
        let to = self.by_entry.partition_point(is_it);
        let (_, last) = self.by_entry.get(from..to)?.last()?;
        Some((to - from, *last))
    }

    /// Returns the last name whose entry is at a path.
    pub(super) fn last_at<'n, 'e>(
        &self,
        names: &'n [SeenName<'e>],
        path: &[u8],
    ) -> Option<&'n SeenName<'e>> {
        let to = self.with_entry.partition_point(|at| entry(names, *at) <= Some(path));
        let name = names.get(*self.with_entry.get(to.checked_sub(1)?)?)?;
        (name.entry.as_deref() == Some(path)).then_some(name)
    }
}

fn entry<'n>(names: &'n [SeenName<'_>], at: usize) -> Option<&'n [u8]> {
    names.get(at)?.entry.as_deref()
}

/// Returns the entries that the call makes. A thread of io_uring collects such a name twice, first without a file.
fn made<'n>(names: &'n [SeenName<'_>]) -> impl Iterator<Item = usize> + 'n {
    let is_it = |name: &SeenName<'_>| name.is_made() && name.name.inode != NameInode::None;
    names.iter().enumerate().filter(move |(_, name)| is_it(name)).map(|(at, _)| at)
}

/// Returns the names that the call removes, and whose watches so lose their file. A name that gets another file in the
/// same call is not among them, unless two names swap their files.
fn removed(names: &[SeenName<'_>]) -> Vec<usize> {
    let swaps = made(names).count() == 2;
    let made_paths: HashSet<Option<&[u8]>> = match swaps {
        true => HashSet::default(),
        false => {
            let made = names.iter().filter(|name| name.name.nametype == Some(Nametype::Create));
            made.map(|name| name.place.path.as_deref()).collect()
        }
    };
    let is_it = |name: &SeenName<'_>| {
        name.is_removed() && !made_paths.contains(&name.place.path.as_deref())
    };
    names.iter().enumerate().filter(|(_, name)| is_it(name)).map(|(at, _)| at).collect()
}

/// Returns the names in the order in which the kernel changes the directories.
fn ordered(names: &[SeenName<'_>], removed: &[usize]) -> Vec<usize> {
    let made: Vec<_> = made(names).collect();
    let path = |at: usize| names.get(at).map(|name| &name.place.path);
    match made[..] {
        // Two names swap their files: each is removed before the other is made.
        [first, second] => {
            let other = |at| removed.iter().copied().find(|one| path(*one) != path(at));
            [other(first), Some(first), other(second), Some(second)].into_iter().flatten().collect()
        }
        _ => removed.iter().copied().chain(made).collect(),
    }
}
