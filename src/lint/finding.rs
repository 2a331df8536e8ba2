//! What a lint says: where, what, how to mend it.

use super::registry::Lint;
use crate::catalog::Arch;
use crate::diag::Level;
use crate::span::Span;

/// A place in one file of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file, as index into [`super::RuleSet::files`].
    pub file: usize,
    /// Where in it.
    pub span: Span,
}

/// Another place that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is there.
    pub label: String,
}

/// What is replaced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// Which bytes.
    pub place: Place,
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

/// Something that a lint has found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which lint.
    pub lint: &'static Lint,
    /// How bad it is, as configured.
    pub level: Level,
    /// Where it is.
    pub place: Place,
    /// What is wrong, in one sentence without a full stop. What is the same on several machines is said in
    /// the same words: what differs, such as a count, belongs into `help`.
    pub message: String,
    /// What is said at the place itself; may be empty.
    pub label: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Other places that it is about.
    pub related: Vec<Related>,
    /// The edits that mend it.
    pub fix: Option<Fix>,
    /// The machines it is true for, where that is not all that were asked for.
    pub only_on: Vec<Arch>,
}

impl Finding {
    /// A finding of `lint`, with its usual severity.
    pub fn new(lint: &'static Lint, place: Place, message: impl Into<String>) -> Self {
        Finding {
            lint,
            level: lint.level,
            place,
            message: message.into(),
            label: String::new(),
            help: None,
            related: Vec::new(),
            fix: None,
            only_on: Vec::new(),
        }
    }

    /// With what is said at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With another place.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push(Related { place, label: label.into() });
        self
    }

    /// With the edits that mend it; the lint's own word on what they change holds.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix = self.lint.fix.map(|change| Fix { title: title.into(), change, edits });
        self
    }
}
