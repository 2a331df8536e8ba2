//! Edits of rules files, and what a group of edits changes in the kernel.

use crate::ruleset::FileSpan;

/// What is replaced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// Which bytes.
    pub place: FileSpan,
    /// By what; bytes, for paths and keys need not be UTF-8.
    pub text: Vec<u8>,
}

/// What a fix changes in the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// Nothing: the kernel holds the same rules and settings as before. Only such a fix is safe.
    Nothing,
    /// The same syscalls are tested for the same conditions; they are spread over the rules, or
    /// ordered within one, in another way.
    Regrouped,
    /// Each new rule is one of the old ones for fewer syscalls, or for one arch, in its place. Each old one
    /// has such a rule on the machine's own arch.
    Narrower,
    /// More is audited: every old rule is still there, or one for more syscalls.
    Wider,
    /// The text comes to say what it looks like: a byte that is not seen is no longer part of a word,
    /// a key, or a path. Every line that adds a rule still does, unless a `-D`, `-d` or `-e 2` has come to be
    /// one.
    Meaning,
}

impl Change {
    /// Whether the fix may be made unasked.
    pub fn is_safe(self) -> bool {
        self == Change::Nothing
    }
}

/// How a finding is mended: all of its edits, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "delete the line".
    pub title: String,
    /// What it changes in the kernel.
    pub change: Change,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// A text with edits made, which are in order and do not overlap.
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
