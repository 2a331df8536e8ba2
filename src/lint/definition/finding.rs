//! What a lint reports: the place, the message and the fix.

use std::borrow::Cow;

use super::Lint;
use crate::catalog::Arch;
use crate::diag::Level;
use crate::rewrite::{Edit, Fix};
use crate::ruleset::FileSpan;

/// Another place that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Related {
    /// The place.
    pub place: FileSpan,
    /// A short text about the place.
    pub label: Cow<'static, str>,
}

/// One result of a lint.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The lint that reports it.
    pub lint: &'static Lint,
    /// Its severity, as configured.
    pub level: Level,
    /// The place.
    pub place: FileSpan,
    /// The problem, in one sentence without a full stop. The message of a finding is the same on all machines;
    /// details that differ, such as a count, belong in `help`.
    pub message: Cow<'static, str>,
    /// A short text at the place; may be empty.
    pub label: Cow<'static, str>,
    /// The remedy.
    pub help: Option<Cow<'static, str>>,
    /// Other places that it is about.
    pub related: Vec<Related>,
    /// An event that shows the problem, in the notation of [events](crate::eval::Notation).
    pub witness: Option<String>,
    /// The edits that fix it.
    pub fix: Option<Fix>,
    /// The machines that it applies to; empty for all machines of the scope.
    pub only_on: Vec<Arch>,
}

impl Finding {
    /// Returns a finding of `lint` with its default severity.
    pub fn new(
        lint: &'static Lint,
        place: FileSpan,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Finding {
            lint,
            level: lint.level,
            place,
            message: message.into(),
            label: Cow::Borrowed(""),
            help: None,
            related: Vec::new(),
            witness: None,
            fix: None,
            only_on: Vec::new(),
        }
    }

    /// Sets the text at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<Cow<'static, str>>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the help.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, place: FileSpan, label: impl Into<Cow<'static, str>>) -> Self {
        self.related.push(Related { place, label: label.into() });
        self
    }

    /// Sets the event that shows the problem.
    #[must_use]
    pub fn witness(mut self, event: Option<String>) -> Self {
        self.witness = event;
        self
    }

    /// Sets the edits that fix it; without edits, there is no fix. [`Change`](crate::rewrite::Change) comes from the
    /// lint.
    #[must_use]
    pub fn fix(mut self, title: impl Into<Cow<'static, str>>, edits: Vec<Edit>) -> Self {
        self.fix = self.lint.fix.filter(|_| !edits.is_empty()).map(|change| Fix {
            title: title.into(),
            change,
            edits,
        });
        self
    }
}
