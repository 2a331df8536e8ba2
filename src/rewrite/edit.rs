//! Edits of rules files, and what a group of edits changes in the kernel.

use std::borrow::Cow;

use crate::ruleset::FileSpan;

/// A replacement of bytes in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The bytes to replace.
    pub place: FileSpan,
    /// The new bytes. Paths and keys are not always UTF-8.
    pub text: Vec<u8>,
}

/// The effect of a fix on the rules in the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// Nothing: the kernel has the same rules and settings as before. Only such a fix is safe.
    Nothing,
    /// The rules are divided or ordered in another way: the same syscalls are tested for the same conditions.
    Regrouped,
    /// Each new rule replaces an old one, for fewer syscalls or for one arch. Each old rule has such a new rule for
    /// the machine's own arch.
    Narrower,
    /// More is audited: every old rule is kept, or replaced by one for more syscalls.
    Wider,
    /// How a line is parsed: bytes that auditctl takes for part of a word, a key or a path are gone, or stand for what
    /// was meant. Every line that adds a rule still does, unless an earlier line is now parsed as `-D`, `-d` or
    /// `-e 2`. A refused line may be accepted.
    Meaning,
}

impl Change {
    /// Returns whether `--fix` makes the fix without `--unsafe-fixes`.
    pub fn is_safe(self) -> bool {
        self == Change::Nothing
    }
}

/// A fix of a finding. Either all of its edits are made, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Its effect on the text, in the imperative: "delete the line".
    pub title: Cow<'static, str>,
    /// Its effect on the rules in the kernel.
    pub change: Change,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Returns a text with edits made. The edits are in order and do not overlap.
pub fn edited<'e>(text: &[u8], edits: impl IntoIterator<Item = &'e Edit>) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut end = 0;
    for edit in edits {
        let span = edit.place.span;
        result.extend_from_slice(text.get(end..span.start).unwrap_or_default());
        result.extend_from_slice(&edit.text);
        end = span.end;
    }
    result.extend_from_slice(text.get(end..).unwrap_or_default());
    result
}
