//! The names that a call collects, in the order of the kernel.
//!
//! | call | succeeds | fails |
//! |---|---|---|
//! | chmod, access, execve ... | the file | the file |
//! | mkdir, mknod, bind | directory, new entry | directory, perhaps the entry without a file |
//! | symlink | as mkdir, with the text of the link after the directory; before it since 7.2 | the same |
//! | link | as mkdir, with the file after the directory; before it since 7.2 | the same |
//! | unlink, rmdir | directory, removed entry | directory, and the entry if it exists |
//! | rename | both directories, that of the new name first until 7.2; removed entries; new entry | both directories, perhaps the old entry and the new one without a file |
//!
//! An entry is collected before the permissions are tested (`may_create`, `may_delete`, fs/namei.c, Linux 6.1 to 7.2).

use super::calls::{CallClass, CallId};
use super::locations::{Location, Locations};
use super::space::Assignment;
use super::test::Fate;
use super::units::Kind;
use crate::catalog::KernelVersion;
use crate::eval::{Nametype, is_below, parent_path};
use crate::model::{Collected, EntryChange, FileTypes};

/// The first kernel that looks up the first path of a call first.
const IN_ORDER: KernelVersion = KernelVersion::new(7, 2);

/// A name of a call.
#[derive(Clone)]
pub(super) struct Slot {
    pub(super) path: Vec<u8>,
    pub(super) kind: Kind,
    pub(super) nametype: Option<Nametype>,
    pub(super) file: Found,
    /// The values of what conditions say about this name; `None` for a name that rules by inode do not match.
    pub(super) own: Option<Assignment>,
}

/// Whether a name has a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    File,
    Nothing,
}

impl Slot {
    /// Returns the name of a file or of an entry.
    pub(super) fn new(class: &CallClass, path: Vec<u8>, kind: Kind) -> Self {
        let nametype = match kind {
            Kind::Removed => Some(Nametype::Delete),
            Kind::Made | Kind::Replaced => Some(Nametype::Create),
            // The entry that a call does not remove because it fails.
            Kind::Kept if class.change == EntryChange::Removes => Some(Nametype::Delete),
            Kind::Kept => None,
        };
        Slot { path, kind, nametype, file: Found::File, own: None }
    }

    /// Returns the directory in which a call changes an entry.
    pub(super) fn parent(path: Vec<u8>) -> Self {
        let nametype = Some(Nametype::Parent);
        Slot { path, kind: Kind::Kept, nametype, file: Found::File, own: None }
    }

    fn nothing(path: Vec<u8>, nametype: Nametype) -> Self {
        let nametype = Some(nametype);
        Slot { path, kind: Kind::Kept, nametype, file: Found::Nothing, own: None }
    }

    fn judged(self, values: &Assignment) -> Self {
        Slot { own: Some(values.clone()), ..self }
    }

    fn deleted(self) -> Self {
        Slot { nametype: Some(Nametype::Delete), ..self }
    }

    pub(super) fn is_parent(&self) -> bool {
        self.nametype == Some(Nametype::Parent)
    }

    /// Returns the types that the file can have.
    pub(super) fn types(&self, class: &CallClass, succeeds: bool) -> FileTypes {
        match self.nametype {
            Some(Nametype::Parent) => FileTypes::DIRECTORY,
            _ if !succeeds => FileTypes::Any,
            Some(Nametype::Delete) => class.types.removed,
            Some(Nametype::Create) => class.types.made,
            _ => class.types.found,
        }
    }
}

/// The end of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Succeeds,
    /// Some path leads nowhere.
    NotFound,
    Fails,
}

/// What is known about a call whose names are wanted.
pub(super) struct Names<'n> {
    pub(super) class: &'n CallClass,
    pub(super) version: KernelVersion,
    pub(super) locations: &'n Locations,
    pub(super) end: End,
}

impl Names<'_> {
    /// Returns the lists of names of a call in which one name matters, at a place, the most usual list first. Returns
    /// nothing if there are none.
    pub(super) fn of_one(
        &self,
        place: usize,
        fate: Option<Fate>,
        values: &Assignment,
    ) -> Vec<Vec<Slot>> {
        let Some(path) = self.file_at(place) else { return Vec::new() };
        // With rules for the tree `/`, every file is in a tree.
        let elsewhere = self.locations.containing(b"/file");
        let mut others = self.locations.files_at(0).chain(self.locations.files_at(elsewhere));
        let Some(other) = others.find(|other| *other != path) else { return Vec::new() };
        let name = |kind| Slot::new(self.class, path.clone(), kind).judged(values);
        let directory = || Slot::parent(path.clone()).judged(values);
        let of_other = |kind| Slot::new(self.class, other.clone(), kind);
        let child = |kind| Slot::new(self.class, [&path, b"/file".as_slice()].concat(), kind);
        let (makes, removes, moves) = (
            matches!(self.class.change, EntryChange::Makes | EntryChange::MayMake),
            self.class.change == EntryChange::Removes,
            self.class.change == EntryChange::Moves,
        );
        // link names a file besides.
        let with_file = self.class.collected == Some(Collected::Several);
        let kept = || vec![name(Kind::Kept)];
        let lists = match (self.end, fate) {
            (End::Succeeds, Some(Fate::Removed)) if removes => vec![vec![name(Kind::Removed)]],
            (End::Succeeds, Some(Fate::Removed)) if moves => {
                vec![vec![name(Kind::Removed), of_other(Kind::Made)]]
            }
            (End::Succeeds, Some(Fate::Made)) if makes && with_file => {
                vec![vec![of_other(Kind::Kept), name(Kind::Made)]]
            }
            (End::Succeeds, Some(Fate::Made)) if makes => vec![vec![name(Kind::Made)]],
            (End::Succeeds, Some(Fate::Made)) if moves => {
                vec![vec![of_other(Kind::Removed), name(Kind::Made)]]
            }
            (_, Some(Fate::Removed | Fate::Made)) => Vec::new(),
            (End::Succeeds, None) if removes => vec![vec![name(Kind::Removed)]],
            (End::Succeeds, None) if moves => {
                vec![vec![of_other(Kind::Removed), name(Kind::Made)]]
            }
            (End::Succeeds, _) if moves => {
                vec![vec![directory(), child(Kind::Removed), of_other(Kind::Made)]]
            }
            (End::Succeeds, _) if removes => vec![vec![directory(), child(Kind::Removed)]],
            (End::Succeeds, _) if self.class.change == EntryChange::MayMake => {
                vec![kept(), vec![directory(), child(Kind::Made)]]
            }
            (End::Succeeds, _) if makes && with_file => vec![
                vec![name(Kind::Kept), of_other(Kind::Made)],
                vec![of_other(Kind::Kept), directory(), child(Kind::Made)],
            ],
            (End::Succeeds, None) if makes => vec![vec![name(Kind::Made)]],
            (End::Succeeds, _) if makes => vec![vec![directory(), child(Kind::Made)]],
            (End::Succeeds, _) => vec![kept()],
            (End::NotFound, _) if removes => vec![vec![directory()]],
            (_, _) if removes => {
                vec![vec![self.parent_of(&path), name(Kind::Kept)], vec![directory()]]
            }
            (_, _) if moves => {
                let both = vec![directory(), self.parent_of(&other)];
                let new = Slot::nothing(other.clone(), Nametype::Create);
                let parents = self.ordered(self.parent_of(&path), self.parent_of(&other));
                let names = [name(Kind::Kept).deleted(), new];
                match self.end {
                    End::NotFound => vec![both],
                    _ => vec![parents.into_iter().chain(names).collect(), both],
                }
            }
            (_, _) if self.class.change == EntryChange::Makes => {
                self.refused(directory(), name(Kind::Kept), other.clone())
            }
            (_, _) => vec![kept()],
        };
        // The path leads nowhere.
        let nowhere = vec![Slot::nothing(other.clone(), Nametype::Unknown)];
        match self.end {
            End::Succeeds => lists.into_iter().map(|list| self.completed(list)).collect(),
            _ if place == 0 && fate != Some(Fate::Removed) && fate != Some(Fate::Made) => {
                lists.into_iter().chain([nowhere]).collect()
            }
            _ => lists,
        }
    }

    /// Returns the lists of names of a call that does not make an entry in a directory.
    fn refused(&self, directory: Slot, file: Slot, other: Vec<u8>) -> Vec<Vec<Slot>> {
        let child = [&directory.path, b"/file".as_slice()].concat();
        let new = Slot::nothing(child, Nametype::Create);
        let is_link = self.class.collected == Some(Collected::Several);
        let found = match is_link {
            true => Some(Slot::new(self.class, other, Kind::Kept)),
            false if self.class.paths == Some(2) => Some(Slot::nothing(other, Nametype::Unknown)),
            false => None,
        };
        let looked_up = match found {
            Some(found) => self.ordered(found, directory),
            None => vec![directory],
        };
        let mut lists = vec![looked_up.iter().cloned().chain([new]).collect(), looked_up];
        if is_link {
            lists.push(vec![file]);
        }
        lists
    }

    /// Returns the names of a call that succeeds, with all directories in which it changes entries, and the text of a
    /// link.
    pub(super) fn completed(&self, slots: Vec<Slot>) -> Vec<Slot> {
        let entries = slots.iter().filter(|slot| changes(slot)).map(|slot| &slot.path);
        let wanted: Vec<Slot> = entries.map(|path| self.parent_of(path)).collect();
        let is_symlink = self.class.change == EntryChange::Makes
            && self.class.paths == Some(2)
            && self.class.collected == Some(Collected::Entry);
        let is_whole = slots.iter().filter(|slot| slot.is_parent()).count() == wanted.len();
        if is_whole && !(is_symlink && slots.iter().any(changes)) {
            // The order was chosen.
            return slots;
        }
        let (parents, others): (Vec<Slot>, Vec<Slot>) =
            slots.into_iter().partition(Slot::is_parent);
        let parents = wanted.into_iter().map(|slot| {
            let known = parents.iter().find(|parent| parent.path == slot.path);
            known.cloned().unwrap_or(slot)
        });
        let mut parents: Vec<Slot> = parents.collect();
        if self.class.change == EntryChange::Moves {
            if self.version < IN_ORDER {
                parents.reverse();
            }
            parents.extend(others);
            return parents;
        }
        let (mut files, made): (Vec<Slot>, Vec<Slot>) =
            others.into_iter().partition(|slot| !changes(slot));
        if is_symlink {
            let text = self.file_at(0).unwrap_or_default();
            files.push(Slot::nothing(text, Nametype::Unknown));
        }
        let lists = match self.version < IN_ORDER {
            true => [parents, files, made],
            false => [files, parents, made],
        };
        lists.into_iter().flatten().collect()
    }

    /// Returns the names of a call that gives a file another path: the kernel refuses its own path, or does nothing, and
    /// refuses a path below or above it (`do_renameat2`, `vfs_rename`, `do_linkat`). Returns `None` if there is no other
    /// path.
    pub(super) fn with_other_name(&self, mut slots: Vec<Slot>) -> Option<Vec<Slot>> {
        let is_before = |slot: &&Slot| match self.class.change {
            EntryChange::Moves => slot.kind == Kind::Removed,
            EntryChange::Makes => slot.kind == Kind::Kept && !slot.is_parent(),
            _ => false,
        };
        let from = slots.iter().find(is_before).map(|slot| slot.path.clone());
        let to = slots.iter_mut().find(|slot| matches!(slot.kind, Kind::Made | Kind::Replaced));
        let (Some(from), Some(to)) = (from, to) else { return Some(slots) };
        if from == to.path {
            let (place, dir) = (self.locations.containing(&from), parent_path(&from)?);
            to.path = self.locations.new_files_in(dir, place).find(|path| *path != from)?;
        }
        let is_nested = is_below(&from, &to.path) || is_below(&to.path, &from);
        (!is_nested).then_some(slots)
    }

    /// Returns what two paths of a call name, in the order of lookup.
    fn ordered(&self, first: Slot, second: Slot) -> Vec<Slot> {
        if self.version < IN_ORDER { vec![second, first] } else { vec![first, second] }
    }

    fn parent_of(&self, path: &[u8]) -> Slot {
        Slot::parent(parent_path(path).unwrap_or(b"/").to_vec())
    }

    /// Returns a file at a place, in a directory that no rule watches if there is one.
    fn file_at(&self, place: usize) -> Option<Vec<u8>> {
        let is_quiet = |path: &Vec<u8>| parent_path(path).is_none_or(|dir| !self.is_watched(dir));
        let deeper = self.locations.deeper_file_at(place);
        let mut files = self.locations.files_at(place).filter(is_quiet).chain(deeper);
        files.next().or_else(|| self.locations.file_at(place))
    }

    fn is_watched(&self, path: &[u8]) -> bool {
        let place = self.locations.containing(path);
        matches!(self.locations.get(place), Location::Path(_))
    }

    /// Returns whether a name that is not judged is at a watched path.
    pub(super) fn is_crowded(&self, slots: &[Slot]) -> bool {
        let mut others = slots.iter().filter(|slot| slot.own.is_none());
        others.any(|slot| slot.file == Found::File && self.is_watched(&slot.path))
    }
}

fn changes(slot: &Slot) -> bool {
    slot.kind != Kind::Kept
}

impl CallClass {
    /// Returns whether a call that succeeds collects no names but those of [`Names`].
    pub(super) fn has_fixed_names(&self) -> bool {
        matches!(self.call, CallId::Syscall { .. })
            && self.paths.is_some()
            && self.change != EntryChange::MayMake
            && (self.collected != Some(Collected::Several) || self.change != EntryChange::Nothing)
    }
}
