//! The entries of directories that a call makes and removes, as rules watch them.

use std::borrow::Cow;

use super::event::{Event, Name, Nametype};
use super::files::{self, InodeId, LastLink, View};
use super::filters::Filters;
use super::place::Place;
use super::scene::SeenName;

/// Finds out which entries of watched directories the call makes and removes. Returns whether it makes or removes any
/// entry.
pub(super) fn set(
    names: &mut [SeenName<'_>],
    event: &Event,
    view: View<'_>,
    filters: &Filters,
) -> bool {
    let mut changes = false;
    for at in 0..names.len() {
        let Some(name) = names.get(at).filter(|name| name.is_made() || name.is_removed()) else {
            continue;
        };
        changes = true;
        let mut place = name.place.clone();
        let directory = directory_of(&place, names, view);
        if let Directory::Elsewhere(name) = directory
            && let Some(path) = name.path.as_deref()
            && let Some(path) = view.real(path, event.cwd.as_deref(), LastLink::Follow)
        {
            let entry = place.path.as_deref().map(|entry| files::entry_in(&path, entry));
            place.path = entry.map(Cow::Owned);
        }
        let id = match directory {
            Directory::Known(id) => Some(id),
            _ => None,
        };
        let entry = filters.watched_entry(&place, id, view);
        if let Some(name) = names.get_mut(at) {
            (name.place, name.entry) = (place, entry);
        }
    }
    changes
}

/// The directory of an entry that a call makes or removes.
enum Directory<'e> {
    Unknown,
    /// The one in the path of the entry.
    Known(InodeId),
    /// This name. Linux 7.2 gives the entry that symlink makes the name of the target, if the last parts of both are
    /// the same (`__audit_inode_child`, kernel/auditsc.c).
    Elsewhere(&'e Name),
}

fn directory_of<'e>(entry: &Place<'_>, names: &[SeenName<'e>], view: View<'_>) -> Directory<'e> {
    let Some(path) = entry.path.as_deref().and_then(files::parent) else {
        return Directory::Unknown;
    };
    let id = view.id(path);
    let mut parents = names.iter().filter(|name| name.name.nametype == Some(Nametype::Parent));
    let is_it = |name: &&SeenName<'_>| {
        name.place.path.as_deref() == Some(path) || id.is_some() && name.place.id() == id
    };
    if let Some(name) = parents.clone().find(is_it) {
        return name.place.id().map_or(Directory::Unknown, Directory::Known);
    }
    match (parents.next(), parents.next(), id) {
        (Some(name), None, Some(_)) if name.place.id().is_some() => Directory::Elsewhere(name.name),
        _ => Directory::Unknown,
    }
}
