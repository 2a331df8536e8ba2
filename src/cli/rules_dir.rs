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
    /// Links to files that do not belong to the directory. They are not read.
    pub(super) foreign: Vec<PathBuf>,
}

/// Returns the rules files of a directory, in order.
pub(super) fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        // `ls` ignores names that begin with a dot.
        let bytes = name.as_bytes();
        let is_file = || fs::metadata(directory.join(&name)).is_ok_and(|found| found.is_file());
        if bytes.ends_with(b".rules") && !bytes.starts_with(b".") && is_file() {
            names.push(name);
        }
    }
    names.sort_by(|a, b| compare(a.as_bytes(), b.as_bytes()));
    Ok(names.iter().map(|name| directory.join::<&OsStr>(name)).collect())
}

/// Returns the rules files of a directory without links that lead out of it.
pub(super) fn read(directory: &Path) -> io::Result<RulesDir> {
    let paths = files(directory)?;
    let whole = fs::canonicalize(directory)?;
    let (files, foreign) = paths.into_iter().partition(|path| belongs(path, &whole));
    Ok(RulesDir { files, foreign })
}

/// Returns whether a file is in a directory, or is a rules file in the same repository.
fn belongs(path: &Path, directory: &Path) -> bool {
    let Ok(file) = fs::canonicalize(path) else { return false };
    let is_here = file.starts_with(directory) || directory.starts_with(OF_THE_MACHINE);
    is_here
        || root_of(directory).is_some_and(|root| {
            file.extension() == Some(OsStr::new("rules")) && root_of(&file) == Some(root)
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
        let RulesDir { files, foreign } = read(directory).unwrap();
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        (files.iter().map(name).collect(), foreign.iter().map(name).collect())
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
        let (read, foreign) = names(&rules);
        assert_eq!((read.len(), foreign.len()), (2, 2), "{read:?} {foreign:?}");
        assert_eq!(read, ["3.rules", "4.rules"]);

        // The other rules file of the same repository belongs to the set; the secret does not.
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(names(&rules).1, ["1.rules"]);
        // Neither does the file of another repository in it.
        fs::create_dir(rules.join(".git")).unwrap();
        assert_eq!(names(&rules).1, ["1.rules", "2.rules"]);
    }
}
