//! The places of files that rules tell apart: watched paths, and trees.

use std::collections::BTreeMap;

use crate::eval::{clean_path, is_below, parent_path};

/// A place where a file can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// In no place that a rule names.
    Elsewhere,
    /// At a watched path.
    Path(Vec<u8>),
    /// In a tree, but not at a watched path and not in a tree within it.
    Tree(Vec<u8>),
}

/// The places, by their numbers. 0 is elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Locations {
    all: Vec<Location>,
    paths: BTreeMap<Vec<u8>, usize>,
    trees: BTreeMap<Vec<u8>, usize>,
}

impl Locations {
    /// Returns the places for the texts of `path=` and `dir=`.
    pub(super) fn new<'r>(
        paths: impl Iterator<Item = &'r [u8]>,
        trees: impl Iterator<Item = &'r [u8]>,
    ) -> Self {
        let cleaned = |text: &[u8]| clean_path(text).into_owned();
        let mut paths: BTreeMap<Vec<u8>, usize> = paths.map(|path| (cleaned(path), 0)).collect();
        let mut trees: BTreeMap<Vec<u8>, usize> = trees.map(|tree| (cleaned(tree), 0)).collect();
        let mut sorted: Vec<Location> = paths.keys().cloned().map(Location::Path).collect();
        sorted.extend(trees.keys().cloned().map(Location::Tree));
        // The files of a tree are neighbors: a slash is the least byte.
        let key = |location: &Location| -> Vec<u8> {
            let path = location.path().unwrap_or_default().iter();
            path.map(|byte| if *byte == b'/' { 0 } else { *byte }).collect()
        };
        sorted.sort_by_cached_key(key);
        let mut all = vec![Location::Elsewhere];
        for location in sorted {
            match &location {
                Location::Path(path) => paths.insert(path.clone(), all.len()),
                Location::Tree(tree) => trees.insert(tree.clone(), all.len()),
                Location::Elsewhere => continue,
            };
            all.push(location);
        }
        Locations { all, paths, trees }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, at: usize) -> &Location {
        self.all.get(at).unwrap_or(&Location::Elsewhere)
    }

    /// Returns the watched paths and the trees.
    pub(super) fn files(&self) -> impl Iterator<Item = &[u8]> {
        self.all.iter().filter_map(Location::path)
    }

    /// Returns the place of a watched path.
    pub(super) fn of_path(&self, text: &[u8]) -> Option<usize> {
        self.paths.get(&*clean_path(text)).copied()
    }

    /// Returns the place of a path.
    pub(super) fn containing(&self, path: &[u8]) -> usize {
        if let Some(at) = self.paths.get(path) {
            return *at;
        }
        let above = std::iter::successors(Some(path), |path| parent_path(path));
        above.into_iter().find_map(|path| self.trees.get(path)).copied().unwrap_or(0)
    }

    /// Returns the first and the last place in a tree.
    pub(super) fn inside(&self, tree: &[u8]) -> Option<(usize, usize)> {
        let tree = clean_path(tree);
        let is_in = |location: &Location| location.path().is_some_and(|path| is_below(path, &tree));
        Some((self.all.iter().position(is_in)?, self.all.iter().rposition(is_in)?))
    }

    /// Returns files at a place. Those that no rule names come first.
    pub(super) fn files_at(&self, at: usize) -> impl Iterator<Item = Vec<u8>> {
        let (own, dirs): (Option<&[u8]>, &[&[u8]]) = match self.get(at) {
            Location::Path(path) => (Some(path), &[]),
            Location::Tree(tree) => (Some(tree), &[]),
            Location::Elsewhere => (None, &[b"/", b"/tmp", b"/root"]),
        };
        let dirs = own.into_iter().chain(dirs.iter().copied());
        let new = dirs.flat_map(move |dir| self.new_files_in(dir, at));
        // The tree itself, unless its path is watched.
        new.chain(own.filter(|own| self.containing(own) == at).map(<[u8]>::to_vec))
    }

    /// Returns a file at a place.
    pub(super) fn file_at(&self, at: usize) -> Option<Vec<u8>> {
        self.files_at(at).next()
    }

    /// Returns a file at a place that is in a directory below a tree.
    pub(super) fn deeper_file_at(&self, at: usize) -> Option<Vec<u8>> {
        let Location::Tree(tree) = self.get(at) else { return None };
        let dir = tree.strip_suffix(b"/").unwrap_or(tree);
        self.new_files_in(&[dir, b"/dir".as_slice()].concat(), at).next()
    }

    /// Returns files in a directory that are at the place `at`.
    pub(super) fn new_files_in(&self, dir: &[u8], at: usize) -> impl Iterator<Item = Vec<u8>> {
        let dir = dir.strip_suffix(b"/").unwrap_or(dir).to_vec();
        let names = (0..8).map(move |count| match count {
            0 => [&dir, b"/file".as_slice()].concat(),
            _ => [&dir, format!("/file{count}").as_bytes()].concat(),
        });
        names.filter(move |path| self.containing(path) == at)
    }
}

impl Location {
    pub(super) fn path(&self) -> Option<&[u8]> {
        match self {
            Location::Elsewhere => None,
            Location::Path(path) | Location::Tree(path) => Some(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_at_their_innermost_place() {
        let paths = [b"/etc/shadow".as_slice(), b"/etc//ssh/sshd_config"];
        let trees = [b"/etc".as_slice(), b"/etc/ssh/"];
        let locations = Locations::new(paths.into_iter(), trees.into_iter());
        assert_eq!(locations.len(), 5);
        let at = |path: &str| locations.get(locations.containing(path.as_bytes())).clone();
        assert_eq!(at("/etc/shadow"), Location::Path(b"/etc/shadow".to_vec()));
        assert_eq!(at("/etc/ssh/sshd_config"), Location::Path(b"/etc/ssh/sshd_config".to_vec()));
        assert_eq!(at("/etc/ssh/moduli"), Location::Tree(b"/etc/ssh".to_vec()));
        assert_eq!(at("/etc/hosts"), Location::Tree(b"/etc".to_vec()));
        assert_eq!(at("/usr"), Location::Elsewhere);
        for place in 0..locations.len() {
            let file = locations.file_at(place).unwrap();
            assert_eq!(locations.containing(&file), place);
        }
        let watched = locations.of_path(b"/etc/shadow").unwrap();
        assert_eq!(locations.inside(b"/etc/"), Some((1, 4)));
        let (first, last) = locations.inside(b"/etc/ssh").unwrap();
        assert!(last == first + 1 && !(first..=last).contains(&watched));
    }

    #[test]
    fn places_of_a_tree_are_neighbors() {
        let paths = [b"/etc-x/a".as_slice(), b"/etc/a", b"/etc.d", b"/eta"];
        let locations = Locations::new(paths.into_iter(), [b"/etc".as_slice()].into_iter());
        assert_eq!(locations.inside(b"/etc").map(|(first, last)| last - first), Some(1));
        assert_eq!(locations.inside(b"/var"), None);
    }
}
