//! The caller of a load: what it is asked, and what it is told.

use super::difference::NotHeld;
use super::session::Session;
use super::snapshot::RestoreError;
use crate::compile::Step;
use crate::diag::Diagnostic;
use crate::kernel::KernelError;
use crate::ruleset::FileSpan;

/// The caller of a load: answers its questions and receives its events.
pub trait Client {
    /// Answers a question among the lines, such as `-l`.
    ///
    /// # Errors
    /// [`Unanswered`], after the client has reported why.
    fn answer(&mut self, question: &Step, session: &mut Session<'_>) -> Result<(), Unanswered>;

    /// Receives an event.
    fn event(&mut self, event: Event);
}

/// A question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// An error of the line, which `-i` and `-c` forgive.
    Error,
    /// The kernel does not answer: the load cannot go on.
    NoKernel,
}

/// An event of a load.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The first change is sent next. From here to the end of the load, an interruption would leave the kernel between
    /// both states.
    FirstChange,
    /// The kernel refused a request.
    Refused {
        /// The file of the request, as index into [`crate::ruleset::RuleSet::files`].
        file: usize,
        /// The refusal, with its place in the file.
        diagnostic: Diagnostic,
    },
    /// A refusal ended the load before this number of rules was tried.
    NotTried(usize),
    /// The kernel does not answer: the load ends.
    NoAnswer(KernelError),
    /// The kernel accepted every request, but does not hold the rules.
    NotHeld(NotHeld),
    /// The rules and settings are locked (`-e 2`), and differ from those of the lines. Nothing was sent.
    Locked,
    /// The kernel was rolled back to the rules and settings that it held before.
    RolledBack {
        /// The requests that were sent and cannot be undone.
        permanent: Vec<FileSpan>,
    },
    /// The kernel could not be rolled back.
    NotRolledBack {
        /// The requests that were sent and cannot be undone.
        permanent: Vec<FileSpan>,
        /// The reason, with what the kernel now lacks.
        error: RestoreError,
    },
}

/// The end of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The kernel held the rules, in this order, and the settings before: nothing was sent.
    Unchanged {
        /// The number of its rules.
        rules: usize,
    },
    /// Every line was carried out, or its error ignored (`-i`).
    Loaded {
        /// The number of added rules.
        rules: usize,
    },
    /// Lines with errors were skipped (`-c`), or a question after a locking `-e 2` has no answer.
    LoadedWithErrors {
        /// The number of added rules.
        rules: usize,
    },
    /// An error ended the load; an event reported whether the kernel was rolled back.
    Failed,
}
