//! What a lint says: where, what, how to mend it.

use super::definition::Lint;
use crate::catalog::Arch;
use crate::diag::Level;
use crate::rewrite::{Edit, Fix};
use crate::ruleset::FileSpan;

/// Another place that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: FileSpan,
    /// What is there.
    pub label: String,
}

/// Something that a lint has found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which lint.
    pub lint: &'static Lint,
    /// How bad it is, as configured.
    pub level: Level,
    /// Where it is.
    pub place: FileSpan,
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
    pub fn new(lint: &'static Lint, place: FileSpan, message: impl Into<String>) -> Self {
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
    pub fn related(mut self, place: FileSpan, label: impl Into<String>) -> Self {
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
