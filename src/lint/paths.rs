//! The paths in rules.

use super::placed::placed;
use crate::catalog::field;
use crate::rule::Field;
use crate::ruleset::{CompiledLine, FileSpan, LoadedRule};

/// The role of a path in a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Use {
    /// It watches a file, through the directory of the file: `path=`, and `-w`.
    File,
    /// It watches a tree: `dir=`, and `-w` for a directory.
    Tree,
    /// It names the program that makes the syscall: `exe=`.
    Program,
}

/// A path in a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct RulePath<'a, 's> {
    /// Its role.
    pub(super) is: Use,
    /// The path as it is sent to the kernel: in a watch, without slashes at the end.
    pub(super) path: &'a [u8],
    /// The place of the condition, or of the path of a watch.
    pub(super) place: FileSpan,
    /// The line of the rule.
    pub(super) line: &'a CompiledLine<'a, 's>,
}

/// Returns the paths in these rules, in order.
pub(super) fn paths<'a, 's>(rules: &[LoadedRule<'a, 's>]) -> Vec<RulePath<'a, 's>> {
    rules.iter().flat_map(of_rule).collect()
}

/// Returns the paths in a rule, in order.
pub(super) fn of_rule<'a, 's>(
    loaded: &LoadedRule<'a, 's>,
) -> impl Iterator<Item = RulePath<'a, 's>> + use<'a, 's> {
    let line = loaded.line;
    placed(loaded.rule, line).filter_map(move |(field, place)| {
        let Field::Text { id, text, .. } = field else { return None };
        let is = match id.number() {
            field::PATH => Use::File,
            field::DIR => Use::Tree,
            field::EXE => Use::Program,
            _ => return None,
        };
        Some(RulePath { is, path: text, place, line })
    })
}

/// Returns the directory of a path: `/` for `/etc`.
pub(super) fn parent(path: &[u8]) -> &[u8] {
    let slash = path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
    trimmed(path.get(..slash.max(1)).unwrap_or(path))
}

/// Returns a path without slashes at its end; `/` stays.
pub(super) fn trimmed(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(1, |last| last + 1);
    path.get(..end).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_parent_and_trims_slashes() {
        assert_eq!(parent(b"/etc/passwd"), b"/etc");
        assert_eq!(parent(b"/etc//passwd"), b"/etc");
        assert_eq!(parent(b"/etc"), b"/");
        assert_eq!(parent(b"/"), b"/");
        assert_eq!(trimmed(b"/etc//"), b"/etc");
        assert_eq!(trimmed(b"//"), b"/");
        assert_eq!(trimmed(b""), b"");
    }
}
