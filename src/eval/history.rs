//! What earlier events did to files: entries of directories that came and went, and mounts.

use std::collections::BTreeMap;

use super::distinct::Doubts;
use super::evaluator::Evaluator;
use super::event::{Event, Kind, Nametype};
use super::files::{File, Files, Inode};
use super::scene::{Scene, SeenName};

/// What happened to files since the rules were loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The watched paths that got or lost their file.
    changes: BTreeMap<Vec<u8>, Changed>,
    /// The number of changes of all paths.
    count: u32,
    /// The files at paths that got or lost their file, or that a mount covers.
    files: Files,
    /// The files of watched paths that changed, or that a mount covers: the kernel watches the file below the mount.
    watched: Files,
}

/// What happened to a watched path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    /// The number of times that it got or lost its file; `None` if that is unknown.
    pub(super) times: Option<u32>,
    /// The number of changes of all paths up to its last one.
    pub(super) last: u32,
}

/// What an event adds to the history.
enum Update {
    /// A watched path gets or loses its file.
    Change(Vec<u8>),
    /// This is at a path now.
    File(Vec<u8>, File),
    /// This is what the kernel watches at a path now.
    Watched(Vec<u8>, File),
}

impl Changed {
    const NEVER: Self = Changed { times: Some(0), last: 0 };
}

impl History {
    /// Returns the files that are at other paths than before.
    pub(super) const fn files(&self) -> &Files {
        &self.files
    }

    /// Returns whether nothing happened.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.files.is_empty() && self.watched.is_empty()
    }

    /// Returns what happened to a path.
    pub(super) fn changed(&self, path: &[u8]) -> Changed {
        self.changes.get(path).copied().unwrap_or(Changed::NEVER)
    }

    fn add(&mut self, update: Update, success: Option<bool>) {
        match update {
            Update::Change(path) => {
                self.count = self.count.saturating_add(1);
                let changed = self.changes.entry(path).or_insert(Changed::NEVER);
                changed.last = self.count;
                let times = changed.times.filter(|_| success.is_some());
                changed.times = times.map(|times| times.saturating_add(1));
            }
            Update::File(path, file) => self.files.insert(path, file),
            Update::Watched(path, file) => self.watched.insert(path, file),
        }
    }
}

impl Evaluator {
    /// Adds an event to the history: the entries of directories that the call made and removed, and mounts.
    pub fn advance(&self, history: &mut History, event: &Event) {
        let success = event.call.outcome.success();
        if event.kind != Kind::Syscall || success == Some(false) {
            return;
        }
        let arch = event.call.arch.unwrap_or(self.profile().arch());
        let scene = self.scene(event, Some(arch), history, &mut Doubts::default());
        let updates = match scene.call.syscall_name() {
            Some("mount") => scene.covered(),
            Some("umount" | "umount2" | "oldumount") => scene.uncovered(),
            _ => self.entries_changed(&scene),
        };
        updates.into_iter().for_each(|update| history.add(update, success));
    }

    fn entries_changed(&self, scene: &Scene<'_>) -> Vec<Update> {
        let mut updates = Vec::new();
        for name in scene.changed_names() {
            let made = name.is_made().then(|| scene.made_file(name));
            let file = at_path(made);
            if let Some(path) = name.entry.as_deref().filter(|path| self.filters.watches(path)) {
                updates.push(Update::Change(path.to_vec()));
                updates.push(Update::Watched(path.to_vec(), file.clone()));
            }
            // Nothing follows from other files.
            let is_link = file.inode.as_ref().is_some_and(|inode| inode.link.is_some());
            if let Some(path) = name.place.path.as_deref()
                && (is_link || scene.files.get(path).is_some())
            {
                updates.push(Update::File(path.to_vec(), file));
            }
        }
        updates
    }
}

/// Returns what is at a path. The changes of the path are not counted there.
const fn at_path(inode: Option<Inode>) -> File {
    File { inode, changes: Some(0) }
}

impl<'e> Scene<'e> {
    /// Returns what is known about the file that an entry gets.
    fn made_file(&self, made: &SeenName<'_>) -> Inode {
        let id = made.place.id();
        // The file had another name, which the call names too.
        let mut known = self.all_names().iter().filter_map(|name| {
            let inode = self.files.get(name.place.path.as_deref()?)?.inode.as_ref()?;
            Some(inode).filter(|inode| id.is_some() && inode.id == id)
        });
        let link = || {
            let name =
                self.all_names().iter().find(|name| name.name.nametype == Some(Nametype::Unknown));
            match self.call.syscall_name() {
                Some("symlink" | "symlinkat") => name?.name.path.clone(),
                _ => None,
            }
        };
        known.next().cloned().unwrap_or_else(|| Inode {
            id,
            rdev: made.name.rdev,
            mode: made.name.mode,
            uid: made.name.ouid,
            gid: made.name.ogid,
            link: link(),
        })
    }

    /// Returns what a mount changes. The first name is its place, the second name its source.
    fn covered(&self) -> Vec<Update> {
        let mut paths = self.all_names().iter().filter_map(|name| name.place.path.as_deref());
        let Some(place) = paths.next() else { return Vec::new() };
        let source = paths.next().and_then(|path| self.files.get(path)?.inode.clone());
        // No name leads to the file below, unless its inode is known.
        let below = self.watched_file(place).and_then(|file| file.inode.clone());
        let below = below.filter(|inode| inode.id.is_some());
        vec![
            Update::Watched(place.to_vec(), at_path(below)),
            Update::File(place.to_vec(), at_path(Some(source.unwrap_or_default()))),
        ]
    }

    /// Returns what changes when a mount ends. The first name is its place.
    fn uncovered(&self) -> Vec<Update> {
        let place = self.all_names().iter().next().and_then(|name| name.place.path.as_deref());
        let below = place.and_then(|place| Some((place, self.history.watched.get(place)?)));
        let Some((place, below)) = below else { return Vec::new() };
        let below = at_path(Some(below.inode.clone().unwrap_or_default()));
        vec![Update::Watched(place.to_vec(), below.clone()), Update::File(place.to_vec(), below)]
    }

    /// Returns what is known about the file that the kernel watches at a real path.
    pub(super) fn watched_file(&self, path: &[u8]) -> Option<&'e File> {
        self.history.watched.get(path).or_else(|| self.files.where_uncovered(path))
    }
}
