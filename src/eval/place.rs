//! Files as the kernel compares them: by inode and device if they are known, and else by path.

use std::borrow::Cow;

use super::attribute::{Attribute, Attributes};
use super::event::Device;
use super::files::{self, File, InodeId, LastLink, View};
use super::truth::Truth;

/// A file that a name, a watch or a program leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place<'e> {
    /// The real path.
    pub(super) path: Option<Cow<'e, [u8]>>,
    /// The inode number.
    pub(super) number: Option<u64>,
    /// The device of the file system.
    pub(super) dev: Option<Device>,
    /// Whether there is a file at all.
    pub(super) exists: Truth,
}

impl<'e> Place<'e> {
    /// Returns what a real path is.
    pub(super) fn of_path(path: Option<Cow<'e, [u8]>>, files: View<'_>) -> Self {
        let file = path.as_deref().and_then(|path| files.get(path));
        Place::of_file(path, file)
    }

    /// Returns a real path at which this is known about the file.
    pub(super) fn of_file(path: Option<Cow<'e, [u8]>>, file: Option<&File>) -> Self {
        let id = file.and_then(|file| file.inode.as_ref()?.id);
        let exists = Truth::from(file.is_none_or(|file| file.inode.is_some()));
        Place { path, number: id.map(|id| id.number), dev: id.map(|id| id.dev), exists }
    }

    /// Returns the place without a file.
    pub(super) fn nowhere(path: Option<Cow<'e, [u8]>>) -> Self {
        Place { path, number: None, dev: None, exists: Truth::False }
    }

    /// Returns the same place with the path of this one.
    pub(super) fn borrowed(&self) -> Place<'_> {
        Place { path: self.path.as_deref().map(Cow::Borrowed), ..*self }
    }

    /// Returns the number and device of the file.
    pub(super) fn id(&self) -> Option<InodeId> {
        self.number.zip(self.dev).map(|(number, dev)| InodeId { dev, number })
    }

    /// Returns whether both are the same file (`audit_watch_compare`).
    pub(super) fn is(&self, other: &Place<'_>) -> Truth {
        self.exists.and(other.exists).and(self.is_if_present(other))
    }

    fn is_if_present(&self, other: &Place<'_>) -> Truth {
        let by_path = match (&self.path, &other.path) {
            (Some(path), Some(other)) => Truth::from(path == other),
            (None, _) | (_, None) => Truth::unknown(Attribute::Path),
        };
        match (self.number.zip(other.number), self.dev.zip(other.dev)) {
            (Some((number, other)), _) if number != other => Truth::False,
            (_, Some((dev, other))) if dev != other => Truth::False,
            (Some(_), Some(_)) => Truth::True,
            (Some(_), None) => by_path.or(Truth::unknown(Attribute::Dev)),
            (None, _) => by_path,
        }
    }
}

/// The roots of a `dir=` rule: its directory, and the mounts below it (`audit_add_tree_rule`).
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    path: Vec<u8>,
    roots: Vec<Place<'static>>,
}

impl Tree {
    /// Returns the tree of a directory, on a machine with these files.
    pub(super) fn new(dir: &[u8], files: View<'_>) -> Self {
        let path = files.real(dir, None, LastLink::Keep).unwrap_or(Cow::Borrowed(dir));
        let path = path.into_owned();
        let mut roots = vec![Place::of_path(Some(Cow::Owned(path.clone())), files)];
        roots.extend(
            files
                .mounts_below(&path)
                .map(|mount| Place::of_path(Some(Cow::Owned(mount.to_vec())), files)),
        );
        Tree { path, roots }
    }

    /// Returns the real path of the directory.
    pub(super) fn path(&self) -> &[u8] {
        &self.path
    }

    /// Returns whether a file is in the tree: it, or a directory above it on its file system, is a root
    /// (`handle_path`, kernel/auditsc.c).
    pub(super) fn contains(&self, place: &Place<'_>, files: View<'_>) -> Truth {
        let Some(path) = place.path.as_deref() else {
            return place.exists.and(Truth::unknown(Attribute::Path));
        };
        if files.is_empty() {
            return place.exists.and(Truth::from(files::is_below(path, &self.path)));
        }
        let above = self.contains_directory(path, place.dev, files);
        self.is_root(place).or(place.exists.and(above))
    }

    /// Returns whether a directory above `path` is a root. The search ends at the root of the file system.
    fn contains_directory(&self, path: &[u8], dev: Option<Device>, files: View<'_>) -> Truth {
        let (mut path, mut dev) = (path, dev.or_else(|| files.id(path).map(|id| id.dev)));
        let mut found = Truth::False;
        while let Some(parent) = files::parent(path) {
            let mut place = Place::of_path(Some(Cow::Borrowed(parent)), files);
            if place.dev.zip(dev).is_some_and(|(dev, below)| dev != below) {
                break;
            }
            place.dev = place.dev.or(dev);
            found = found.or(self.is_root(&place));
            (path, dev) = (parent, place.dev);
        }
        found
    }

    fn is_root(&self, place: &Place<'_>) -> Truth {
        self.roots.iter().fold(Truth::False, |found, root| found.or(root.is(place)))
    }
}

/// Returns the real path of a file that a rule names: the kernel does not follow a link at its end.
pub(super) fn watched<'p>(path: &'p [u8], files: View<'_>) -> Option<Cow<'p, [u8]>> {
    files.real(path, None, LastLink::Keep)
}

/// Returns whether a task with this program runs the one at `path` (`audit_exe_compare`).
pub(super) fn runs(exe: Option<&[u8]>, path: &[u8], files: View<'_>) -> Truth {
    let Some(exe) = exe else { return Truth::unknown(Attribute::Exe) };
    let running = Place::of_path(watched(exe, files), files);
    // A program that runs may have been deleted.
    Place::of_path(watched(path, files), files).is(&Place { exists: Truth::True, ..running })
}

/// Returns the answer that depends on whether a call succeeds.
pub(super) fn if_succeeded(success: Option<bool>) -> Truth {
    success.map_or(Truth::Unknown(Attributes::of(Attribute::Success)), Truth::from)
}
