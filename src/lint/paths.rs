//! The paths that loaded rules name.

use crate::catalog::field;
use crate::rule::Field;
use crate::ruleset::FileSpan;
use crate::ruleset::{CompiledLine, CompiledSet};

/// What a path stands for in a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Use {
    /// A file, watched from the directory it stands in: `path=`, and `-w`.
    File,
    /// A tree: `dir=`, and `-w` for a directory.
    Tree,
    /// The program that makes the syscall: `exe=`.
    Program,
}

/// A path of a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct RulePath<'a, 's> {
    /// What it stands for.
    pub(super) is: Use,
    /// As it is sent to the kernel: without slashes at the end in a watch.
    pub(super) path: &'a [u8],
    /// Where it is written: the condition, or the path of a watch.
    pub(super) place: FileSpan,
    /// The line of the rule.
    pub(super) line: &'a CompiledLine<'a, 's>,
}

/// The paths of all rules that are loaded.
pub(super) fn paths<'a, 's>(
    compiled: &'a CompiledSet<'_, 's>,
) -> impl Iterator<Item = RulePath<'a, 's>> {
    compiled.rules().flat_map(|loaded| {
        let line = loaded.line;
        let spans = line.checked.program.field_spans.iter();
        loaded.rule.fields.iter().zip(spans).filter_map(move |(field, span)| {
            let Field::Text { id, text, .. } = field else { return None };
            let is = match id.number() {
                field::PATH => Use::File,
                field::DIR => Use::Tree,
                field::EXE => Use::Program,
                _ => return None,
            };
            Some(RulePath { is, path: text, place: line.place(*span), line })
        })
    })
}

/// The directory that a path stands in: `/` for `/etc`.
pub(super) fn parent(path: &[u8]) -> &[u8] {
    let slash = path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
    trimmed(path.get(..slash.max(1)).unwrap_or(path))
}

/// A path without slashes at its end, `/` itself aside.
pub(super) fn trimmed(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(1, |last| last + 1);
    path.get(..end).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart() {
        assert_eq!(parent(b"/etc/passwd"), b"/etc");
        assert_eq!(parent(b"/etc//passwd"), b"/etc");
        assert_eq!(parent(b"/etc"), b"/");
        assert_eq!(parent(b"/"), b"/");
        assert_eq!(trimmed(b"/etc//"), b"/etc");
        assert_eq!(trimmed(b"//"), b"/");
        assert_eq!(trimmed(b""), b"");
    }
}
