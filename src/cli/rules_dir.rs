//! Directories of rules, as augenrules makes one file of them.
//!
//! It takes the files named `*.rules` in the order of `ls -1v`, and moves some lines: the last `-D`
//! comes first, then the last `-b` and the last `-f`, then every other line as it stands, then the last
//! `-e`. Other lines with these options are dropped. A line counts as what it begins with; `-D` only
//! if nothing follows. (The script of Debian's package auditd 3.0.9.)

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::version_sort::compare;

/// The rules files of a directory, in order.
pub(super) fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        // ls passes over names that begin with a dot.
        let bytes = name.as_bytes();
        let is_file = || fs::metadata(directory.join(&name)).is_ok_and(|found| found.is_file());
        if bytes.ends_with(b".rules") && !bytes.starts_with(b".") && is_file() {
            names.push(name);
        }
    }
    names.sort_by(|a, b| compare(a.as_bytes(), b.as_bytes()));
    Ok(names.iter().map(|name: &std::ffi::OsString| directory.join::<&OsStr>(name)).collect())
}

/// What a line is to augenrules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    DeleteAll,
    Backlog,
    Failure,
    Enabled,
    Other,
}

impl Line {
    /// What `text` is, by how it begins.
    pub(super) fn of(text: &[u8]) -> Self {
        let text = text.trim_ascii_start();
        match text.get(..2) {
            Some(b"-e") => Line::Enabled,
            Some(b"-D") if text.trim_ascii_end() == b"-D" => Line::DeleteAll,
            Some(b"-f") => Line::Failure,
            Some(b"-b") => Line::Backlog,
            _ => Line::Other,
        }
    }
}

/// The lines of all files of a directory in the order in which augenrules writes them.
pub(super) fn joined<T>(lines: Vec<(Line, T)>) -> Vec<T> {
    let last = |kind| lines.iter().rposition(|(line, _)| *line == kind);
    let [delete_all, backlog, failure, enabled] =
        [Line::DeleteAll, Line::Backlog, Line::Failure, Line::Enabled].map(last);
    let rank = |index: usize, line: Line| match line {
        Line::Other => Some(3),
        _ if Some(index) == delete_all => Some(0),
        _ if Some(index) == backlog => Some(1),
        _ if Some(index) == failure => Some(2),
        _ if Some(index) == enabled => Some(4),
        _ => None,
    };
    let kept = lines.into_iter().enumerate();
    let mut kept: Vec<(u8, T)> =
        kept.filter_map(|(index, (line, value))| Some((rank(index, line)?, value))).collect();
    kept.sort_by_key(|(rank, _)| *rank);
    kept.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_moved_and_the_last_counts() {
        let text = [
            "-e 2", "-w /a", "-b 1", "-D", "-w /b", " -f 1", "-D -k x", "-b 2", "-c", "-e 1", "-D ",
        ];
        let lines = text.iter().map(|line| (Line::of(line.as_bytes()), *line)).collect();
        assert_eq!(
            joined(lines),
            ["-D ", "-b 2", " -f 1", "-w /a", "-w /b", "-D -k x", "-c", "-e 1"]
        );
    }
}
