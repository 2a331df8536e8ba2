//! The files of the machine in question: links, inodes, owners.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use super::event::Device;

/// The maximum number of links in one path (`MAXSYMLINKS`, linux/namei.h).
const MAX_LINKS: usize = 40;

/// Files by path. A path that is not in here is one file and no link, in a directory that is no link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    by_path: BTreeMap<Vec<u8>, File>,
    /// Whether some path got or lost its file.
    has_changes: bool,
}

/// What a path is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The inode; `None` if there is no such file.
    pub inode: Option<Inode>,
    /// The number of times that the path got or lost its file since the rules were loaded; `None` if that is unknown.
    /// A kernel moves the rules that watch the path each time. The events of a [`History`](super::History) come on
    /// top.
    pub changes: Option<u32>,
}

/// An inode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inode {
    /// Its number, and the device of its file system.
    pub id: Option<InodeId>,
    /// The device that it stands for.
    pub rdev: Option<Device>,
    /// Its type and its permissions (`st_mode`).
    pub mode: Option<u32>,
    /// The user who owns it.
    pub uid: Option<u32>,
    /// The group that owns it.
    pub gid: Option<u32>,
    /// The text of a symbolic link.
    pub link: Option<Vec<u8>>,
}

/// The number of an inode, and the device of its file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InodeId {
    /// The device.
    pub dev: Device,
    /// The number.
    pub number: u64,
}

/// What happens if the last part of a path is a symbolic link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LastLink {
    Follow,
    Keep,
}

impl Files {
    /// Returns whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    /// Adds what the absolute path `path` is. Replaces what was known about it.
    pub fn insert(&mut self, path: Vec<u8>, file: File) {
        self.has_changes |= file.changes != Some(0);
        self.by_path.insert(clean(&path).into_owned(), file);
    }

    /// Returns what an absolute path without `.`, `..` and double slashes is; does not follow a link at its end.
    pub fn get(&self, path: &[u8]) -> Option<&File> {
        self.by_path.get(path)
    }

    /// Returns the files with their paths, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &File)> {
        self.by_path.iter().map(|(path, file)| (path.as_slice(), file))
    }
}

/// The files of the machine, as they are at one event.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'f> {
    of_event: &'f Files,
    /// Those that came or went in earlier events.
    of_history: &'f Files,
    of_machine: &'f Files,
}

/// No files.
static NOTHING: Files = Files { by_path: BTreeMap::new(), has_changes: false };

impl<'f> View<'f> {
    pub(super) fn new(of_event: &'f Files, of_machine: &'f Files) -> Self {
        View { of_event, of_history: &NOTHING, of_machine }
    }

    /// Returns the view after earlier events.
    pub(super) fn after(self, of_history: &'f Files) -> Self {
        View { of_history, ..self }
    }

    /// Returns the files, in the order in which they are looked up.
    fn layers(self) -> [&'f Files; 3] {
        [self.of_event, self.of_history, self.of_machine]
    }

    /// Returns whether nothing is known about the files of the machine.
    pub(super) fn is_empty(self) -> bool {
        self.layers().iter().all(|files| files.is_empty())
    }

    /// Returns whether some path got or lost its file since the rules were loaded.
    pub(super) fn has_changes(self) -> bool {
        self.layers().iter().any(|files| files.has_changes)
    }

    /// Returns whether the files are those that the evaluator knows.
    pub(super) fn is_of_machine(self) -> bool {
        self.of_event.is_empty() && self.of_history.is_empty()
    }

    /// Returns what is known about a real path.
    pub(super) fn get(self, path: &[u8]) -> Option<&'f File> {
        self.layers().into_iter().find_map(|files| files.get(path))
    }

    /// Returns what is known about a real path without the history.
    pub(super) fn given(self, path: &[u8]) -> Option<&'f File> {
        self.of_event.get(path).or_else(|| self.of_machine.get(path))
    }

    /// Returns what is known about a real path at which no mount covers the directory that it was in when the rules
    /// were loaded.
    pub(super) fn where_uncovered(self, path: &[u8]) -> Option<&'f File> {
        let then = parent(path).and_then(|parent| self.id_when_loaded(parent));
        let now = parent(path).and_then(|parent| self.id(parent));
        if then.zip(now).is_some_and(|(then, now)| then != now) {
            return self.of_machine.get(path);
        }
        self.given(path)
    }

    /// Returns the number and device of the file that was at a real path when the rules were loaded.
    pub(super) fn id_when_loaded(self, path: &[u8]) -> Option<InodeId> {
        self.of_machine.get(path)?.inode.as_ref()?.id
    }

    fn link(self, path: &[u8]) -> Option<&'f [u8]> {
        self.get(path)?.inode.as_ref()?.link.as_deref()
    }

    /// Returns the number and device of the file at a real path.
    pub(super) fn id(self, path: &[u8]) -> Option<InodeId> {
        self.get(path)?.inode.as_ref()?.id
    }

    /// Returns the roots of the file systems that are mounted below a real path.
    pub(super) fn mounts_below(self, dir: &[u8]) -> impl Iterator<Item = &'f [u8]> {
        let below = move |path: &&[u8]| is_below(path, dir) && *path != dir;
        let paths = self.layers().into_iter().flat_map(Files::iter).map(|(path, _)| path);
        paths.filter(below).filter(move |path| self.is_mount(path))
    }

    fn is_mount(self, path: &[u8]) -> bool {
        let device = |path| self.id(path).map(|id| id.dev);
        let above = parent(path).and_then(device);
        above.zip(device(path)).is_some_and(|(above, own)| above != own)
    }

    /// Returns the absolute path with all links resolved; `None` for too many links, and for a relative path if the
    /// working directory is not known.
    pub(super) fn real<'p>(
        self,
        path: &'p [u8],
        cwd: Option<&[u8]>,
        last: LastLink,
    ) -> Option<Cow<'p, [u8]>> {
        let absolute = match (path.first(), cwd) {
            (Some(b'/'), _) => Cow::Borrowed(path),
            (_, Some(cwd)) => Cow::Owned([cwd, b"/", path].concat()),
            (_, None) => return None,
        };
        if self.is_empty() && is_clean(&absolute) {
            return Some(absolute);
        }
        self.walk(&absolute, last).map(Cow::Owned)
    }

    fn walk(self, path: &[u8], last: LastLink) -> Option<Vec<u8>> {
        let mut todo: VecDeque<&[u8]> = parts(path).collect();
        let (mut done, mut links) = (Vec::new(), 0);
        while let Some(part) = todo.pop_front() {
            if part == b".." {
                done.truncate(parent_len(&done));
                continue;
            }
            let parent = done.len();
            done.push(b'/');
            done.extend_from_slice(part);
            let followed = !todo.is_empty() || last == LastLink::Follow;
            if let Some(target) = self.link(&done).filter(|_| followed) {
                links += 1;
                if links > MAX_LINKS {
                    return None;
                }
                done.truncate(if target.starts_with(b"/") { 0 } else { parent });
                for part in parts(target).collect::<Vec<_>>().into_iter().rev() {
                    todo.push_front(part);
                }
            }
        }
        if done.is_empty() {
            done.push(b'/');
        }
        Some(done)
    }
}

/// Returns the parts of a path between slashes, without empty ones and dots.
fn parts(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".")
}

/// Returns the length of the directory part of a path without its slash.
fn parent_len(path: &[u8]) -> usize {
    path.iter().rposition(|byte| *byte == b'/').unwrap_or(0)
}

fn is_clean(path: &[u8]) -> bool {
    let ends = path.len() > 1 && path.ends_with(b"/");
    !ends && !path.windows(2).any(|pair| matches!(pair, [b'/', b'/' | b'.']))
}

/// Returns an absolute path without double slashes and dots, and without a slash at its end.
pub(crate) fn clean(path: &[u8]) -> Cow<'_, [u8]> {
    if is_clean(path) {
        return Cow::Borrowed(path);
    }
    let nothing = Files::default();
    let view = View::new(&nothing, &nothing);
    view.walk(path, LastLink::Keep).map_or(Cow::Borrowed(path), Cow::Owned)
}

/// Returns the directory of a real path; `None` for the root.
pub(crate) fn parent(path: &[u8]) -> Option<&[u8]> {
    match parent_len(path) {
        _ if path == b"/" => None,
        0 => Some(b"/"),
        length => path.get(..length),
    }
}

/// Returns the path in a directory of the entry that `path` leads to.
pub(super) fn entry_in(dir: &[u8], path: &[u8]) -> Vec<u8> {
    let dir = if dir == b"/" { b"" } else { dir };
    let entry = path.get(parent_len(path)..).unwrap_or_default();
    [dir, entry].concat()
}

/// Returns whether `path` is `dir` or below it; both are real paths.
pub(crate) fn is_below(path: &[u8], dir: &[u8]) -> bool {
    match path.strip_prefix(dir) {
        Some(rest) => rest.is_empty() || rest.starts_with(b"/") || dir == b"/",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(text: &str) -> File {
        let inode = Inode { link: Some(text.into()), ..Inode::default() };
        File { inode: Some(inode), changes: Some(0) }
    }

    fn real(path: &str, last: LastLink) -> String {
        let mut files = Files::default();
        files.insert(b"/bin".to_vec(), link("usr/bin"));
        files.insert(b"/usr/bin/sh".to_vec(), link("/usr/bin/dash"));
        files.insert(b"/loop".to_vec(), link("loop"));
        let nothing = Files::default();
        let path = View::new(&nothing, &files).real(path.as_bytes(), Some(b"/usr"), last);
        path.map_or("none".into(), |path| String::from_utf8(path.into_owned()).unwrap())
    }

    #[test]
    fn resolves_links_and_dots() {
        assert_eq!(real("/bin/sh", LastLink::Follow), "/usr/bin/dash");
        assert_eq!(real("/bin/sh", LastLink::Keep), "/usr/bin/sh");
        assert_eq!(real("/bin", LastLink::Keep), "/bin");
        assert_eq!(real("/bin/../lib//x/", LastLink::Keep), "/usr/lib/x");
        assert_eq!(real("bin/./true", LastLink::Keep), "/usr/bin/true");
        assert_eq!(real("/loop", LastLink::Follow), "none");
        assert_eq!(real("/../..", LastLink::Follow), "/");
    }

    #[test]
    fn knows_what_is_below_a_directory() {
        assert!(is_below(b"/etc/ssh/x", b"/etc/ssh") && is_below(b"/etc", b"/etc"));
        assert!(!is_below(b"/etc/sshd", b"/etc/ssh") && is_below(b"/x", b"/"));
        assert_eq!(parent(b"/etc/x"), Some(b"/etc".as_slice()));
        assert_eq!((parent(b"/etc"), parent(b"/")), (Some(b"/".as_slice()), None));
        assert_eq!(entry_in(b"/mnt", b"/etc/x"), b"/mnt/x");
        assert_eq!(
            (entry_in(b"/", b"/a/x"), entry_in(b"/mnt", b"/x")),
            (b"/x".into(), b"/mnt/x".into())
        );
    }
}
