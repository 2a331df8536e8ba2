//! Directories of rules files, in the order in which augenrules joins them.
//!
//! augenrules reads the files named `*.rules` in the order of `ls -1v`; [`crate::syntax::augenrules`] does what augenrules
//! does to their lines.
//!
//! A directory may come from a hostile repository. Messages show lines of the files, so a link must not lead to a file
//! that the repository does not have itself, such as `/etc/shadow`.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::version_sort::compare;

/// The directories of the machine itself, in which only root makes links.
const OF_THE_MACHINE: &str = "/etc/audit";

/// The rules files of a directory.
#[derive(Debug, Default)]
pub(super) struct RulesDir {
    /// The files, in order.
    pub(super) files: Vec<PathBuf>,
    /// What has the name of a rules file and is not read, with the reason.
    pub(super) skipped: Vec<(PathBuf, Skipped)>,
}

/// The reason why something with the name of a rules file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skipped {
    /// It is a link to a file that does not belong to the directory.
    LeadsOut,
    /// It is a link to nothing.
    LeadsNowhere,
    /// It is a directory, a FIFO or a device.
    NotAFile,
}

/// Returns everything in a directory that has the name of a rules file, in order.
pub(super) fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        // `ls` ignores names that begin with a dot.
        let bytes = name.as_bytes();
        if bytes.ends_with(b".rules") && !bytes.starts_with(b".") {
            names.push(name);
        }
    }
    names.sort_by(|a, b| compare(a.as_bytes(), b.as_bytes()));
    Ok(names.iter().map(|name| directory.join::<&OsStr>(name)).collect())
}

/// Returns the rules files of a directory that are files and do not lead out of it.
pub(super) fn read(directory: &Path) -> io::Result<RulesDir> {
    let whole = fs::canonicalize(directory)?;
    let mut found = RulesDir::default();
    for path in files(directory)? {
        match reason_to_skip(&path, &whole) {
            Some(reason) => found.skipped.push((path, reason)),
            None => found.files.push(path),
        }
    }
    Ok(found)
}

fn reason_to_skip(path: &Path, directory: &Path) -> Option<Skipped> {
    let Ok(file) = fs::canonicalize(path) else { return Some(Skipped::LeadsNowhere) };
    if !belongs(&file, directory) {
        Some(Skipped::LeadsOut)
    } else if !file.is_file() {
        Some(Skipped::NotAFile)
    } else {
        None
    }
}

/// Returns whether a file is in a directory, or is a rules file in the same repository. Neither path has links.
fn belongs(file: &Path, directory: &Path) -> bool {
    let is_here = file.starts_with(directory) || directory.starts_with(OF_THE_MACHINE);
    is_here
        || root_of(directory).is_some_and(|root| {
            file.extension() == Some(OsStr::new("rules")) && root_of(file) == Some(root)
        })
}

/// Returns the root of the git repository that has a file or a directory; its path has no links.
pub(super) fn root_of(path: &Path) -> Option<&Path> {
    path.ancestors().find(|folder| folder.join(".git").exists())
}

/// Returns the same files and the files of `more`, which need not exist yet. If the directory cannot be read, returns
/// only `more`.
#[cfg(feature = "lsp")]
pub(super) fn files_with(directory: &Path, more: &[PathBuf]) -> Vec<PathBuf> {
    let mut paths = read(directory).unwrap_or_default().files;
    paths.extend_from_slice(more);
    let name = |path: &PathBuf| path.file_name().map(OsStr::as_bytes).unwrap_or_default().to_vec();
    paths.sort_by(|a, b| compare(&name(a), &name(b)));
    paths.dedup();
    paths
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// Returns the names of the files that are read, and of those that are not.
    fn names(directory: &Path) -> (Vec<String>, Vec<String>) {
        let RulesDir { files, skipped } = read(directory).unwrap();
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(skipped.iter().all(|(_, reason)| *reason == Skipped::LeadsOut), "{skipped:?}");
        (files.iter().map(name).collect(), skipped.iter().map(|(path, _)| name(path)).collect())
    }

    #[test]
    fn does_not_follow_links_out_of_the_directory() {
        let folder = tempfile::tempdir().unwrap();
        let rules = folder.path().join("rules.d");
        fs::create_dir(&rules).unwrap();
        for (name, target) in [("1.rules", "../secret"), ("2.rules", "../other.rules")] {
            fs::write(folder.path().join(&target[3..]), "root:$6$:0\n").unwrap();
            symlink(target, rules.join(name)).unwrap();
        }
        fs::write(rules.join("3.rules"), "-D\n").unwrap();
        symlink("3.rules", rules.join("4.rules")).unwrap();
        let (read, skipped) = names(&rules);
        assert_eq!((read.len(), skipped.len()), (2, 2), "{read:?} {skipped:?}");
        assert_eq!(read, ["3.rules", "4.rules"]);

        // The other rules file of the same repository belongs to the set; the secret does not.
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(names(&rules).1, ["1.rules"]);
        // Neither does the file of another repository in it.
        fs::create_dir(rules.join(".git")).unwrap();
        assert_eq!(names(&rules).1, ["1.rules", "2.rules"]);
    }
}
