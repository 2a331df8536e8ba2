//! Directories of rules files, in the order in which augenrules joins them.
//!
//! augenrules reads the files named `*.rules` in the order of `ls -1v`; [`crate::syntax::augenrules`] does what augenrules
//! does to their lines.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::version_sort::compare;

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
    Ok(names.iter().map(|name: &std::ffi::OsString| directory.join::<&OsStr>(name)).collect())
}

/// Returns the same files and the files of `more`, which need not exist yet. If the directory cannot be read, returns
/// only `more`.
#[cfg(feature = "lsp")]
pub(super) fn files_with(directory: &Path, more: &[PathBuf]) -> Vec<PathBuf> {
    let mut paths = files(directory).unwrap_or_default();
    paths.extend_from_slice(more);
    let name = |path: &PathBuf| path.file_name().map(OsStr::as_bytes).unwrap_or_default().to_vec();
    paths.sort_by(|a, b| compare(&name(a), &name(b)));
    paths.dedup();
    paths
}
