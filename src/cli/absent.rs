//! The rules that `--skip-absent` leaves out: this machine lacks their path or account.
//!
//! A path counts as absent if the kernel looks it up and finds that it does not exist, or that a file is where it needs a
//! directory (`ENOENT`, `ENOTDIR`). Every other failure, such as a loop of links or a name that is too long, is an error of
//! the rule or of the machine. The rule is kept, so that the kernel refuses it and the user gets to know it.

use std::ffi::OsStr;
use std::fs::{metadata, symlink_metadata};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::catalog::field;
use crate::diag::{Code, Diagnostic, Level, quote};
use crate::eval::parent_path;
use crate::rule::{Field, Rule, TextId};
use crate::ruleset::{CheckedSet, FileSpan};

/// A rule that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Absent {
    pub(super) place: FileSpan,
    /// What the machine lacks, such as "`/srv/www` does not exist". Bytes of the rule are escaped.
    pub(super) lack: String,
}

/// Returns whether a diagnostic is an error because of an account that this machine lacks.
pub(super) fn is_absent_account(found: &Diagnostic) -> bool {
    found.level() == Level::Error && matches!(found.code(), Code::UnknownUser | Code::UnknownGroup)
}

/// Returns the lines with accounts that this machine lacks.
pub(super) fn of_accounts(checked: &CheckedSet<'_, '_>) -> Vec<Absent> {
    let lines = checked.lines.iter().filter_map(|line| {
        let mut found = line.checked.program.diagnostics();
        let lack = found.find(|found| is_absent_account(found))?.fault.explain().title;
        Some(Absent { place: line.whole(), lack })
    });
    lines.collect()
}

/// Returns what a rule needs that this machine lacks: the directory of a file or program, and a tree itself
/// (`audit_add_watch`, `audit_alloc_mark` and `audit_add_tree_rule` in the kernel).
pub(super) fn path_of(rule: &Rule) -> Option<String> {
    rule.fields.iter().find_map(|condition| match condition {
        Field::Text { id: TextId::DIR, text, .. } => missing_tree(path(text)),
        Field::Text { id, text, .. } if *id == TextId::PATH || id.number() == field::EXE => {
            missing_directory(path(parent_path(text)?))
        }
        _ => None,
    })
}

/// Returns why the kernel finds no tree at a path. It does not follow a link at the end.
fn missing_tree(tree: &Path) -> Option<String> {
    let error = symlink_metadata(tree).err()?;
    let above = || tree.parent().and_then(missing_directory);
    match error.kind() {
        ErrorKind::NotFound => above().or_else(|| Some(does_not_exist(tree))),
        // A path that ends with a slash is one of a directory.
        ErrorKind::NotADirectory => above().or_else(|| Some(is_no_directory(tree))),
        _ => None,
    }
}

/// Returns why the kernel finds no directory at a path. It follows all links.
fn missing_directory(directory: &Path) -> Option<String> {
    if metadata(directory).is_ok_and(|found| found.is_dir()) {
        return None;
    }
    let mut parts: Vec<&Path> = directory.ancestors().collect();
    parts.reverse();
    let lacks = |part: &&Path| !metadata(part).is_ok_and(|found| found.is_dir());
    let part = parts.into_iter().find(lacks)?;
    match metadata(part).map_err(|error| error.kind()) {
        Ok(_) => Some(is_no_directory(part)),
        Err(ErrorKind::NotFound | ErrorKind::NotADirectory) if symlink_metadata(part).is_ok() => {
            Some(format!("{} is a link that leads nowhere", quote(part.as_os_str().as_bytes())))
        }
        Err(ErrorKind::NotFound) => Some(does_not_exist(part)),
        Err(_) => None,
    }
}

fn does_not_exist(path: &Path) -> String {
    format!("{} does not exist", quote(path.as_os_str().as_bytes()))
}

fn is_no_directory(path: &Path) -> String {
    format!("{} is not a directory", quote(path.as_os_str().as_bytes()))
}

fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use std::fs::{create_dir, write};
    use std::os::unix::fs::symlink;

    use super::*;

    /// What the kernel's lookup of a path fails with, asked from this machine: the parent of a watch, and a tree.
    #[test]
    fn only_what_is_not_there_is_absent() {
        let folder = tempfile::tempdir().expect("a directory");
        let at = |name: &str| folder.path().join(name);
        create_dir(at("dir")).expect("a directory");
        write(at("file"), "").expect("a file");
        let link = |to: &str, from: &str| symlink(at(to), at(from)).expect("a link");
        link("dir", "to-dir");
        link("file", "to-file");
        link("none/below", "dangling");
        link("file/below", "through-file");
        link("loop", "loop");
        let long = "x".repeat(256);
        let directory = |name: &str| {
            missing_directory(&at(name)).map(|why| why.replace(folder.path().to_str().unwrap(), ""))
        };
        let absent = [
            ("none", "`/none` does not exist"),
            ("none/more", "`/none` does not exist"),
            ("file", "`/file` is not a directory"),
            ("file/more/x", "`/file` is not a directory"),
            ("to-file", "`/to-file` is not a directory"),
            ("dangling", "`/dangling` is a link that leads nowhere"),
            ("dangling/more", "`/dangling` is a link that leads nowhere"),
            ("through-file", "`/through-file` is a link that leads nowhere"),
        ];
        for (name, why) in absent {
            assert_eq!(directory(name).as_deref(), Some(why), "{name}");
        }
        for name in ["dir", "to-dir", "to-dir/..", "loop", "loop/more", &long, "dir/.."] {
            assert_eq!(directory(name), None, "{name}");
        }
        let tree = |name: &str| {
            missing_tree(&at(name)).map(|why| why.replace(folder.path().to_str().unwrap(), ""))
        };
        for (name, why) in [
            ("none", "`/none` does not exist"),
            ("file/more", "`/file` is not a directory"),
            ("dangling/more", "`/dangling` is a link that leads nowhere"),
        ] {
            assert_eq!(tree(name).as_deref(), Some(why), "{name}");
        }
        // A link at the end is there, and a file may be a tree.
        for name in ["dir", "file", "dangling", "loop", "loop/more", &long] {
            assert_eq!(tree(name), None, "{name}");
        }
    }
}
