//! The steps of a compiled command.

use crate::catalog::PathKind;
use crate::diag::{Diagnostic, Level};
use crate::rule::Request;
use crate::span::Span;

/// A command that is ready to execute: its steps in order, then its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// The steps of the options, in order.
    pub steps: Vec<Step>,
    /// The number of steps before the option that begins a rule, even a faulty one; `None` if no option does.
    pub begins_rule_after: Option<usize>,
    /// The end of the command after its steps.
    pub end: End,
    /// The place of each field of the rule.
    pub field_spans: Vec<Span>,
    /// What the path of a watch is; `None` for other commands.
    pub watched: Option<PathKind>,
}

/// One action or message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Print a diagnostic. Boxed, as requests are: most steps are not of this kind, and a diagnostic is large.
    Say(Box<Diagnostic>),
    /// Send a setting or command; the span is its option.
    Send(Box<Request>, Span),
    /// Print the rules (`-l`); with `key`, only those whose key contains it.
    List {
        /// Print names for numbers.
        interpret: bool,
        /// The text that a key must contain; empty for all rules.
        key: Box<[u8]>,
    },
    /// Print the settings (`-s`).
    Status {
        /// Print names for numbers.
        interpret: bool,
    },
    /// Delete all rules (`-D`); with `key`, only those whose key contains it. Then print the rest.
    DeleteAll {
        /// The text that a key must contain; empty for all rules.
        key: Box<[u8]>,
        /// The place of the option.
        span: Span,
    },
    /// Send a signal to the audit daemon.
    Signal(SignalName),
    /// Ignore errors from now on (`-i` in a file).
    Ignore,
    /// Continue after errors, but remember them (`-c` in a file).
    Continue,
    /// Print the version.
    Version,
    /// Print the usage.
    Usage,
}

impl From<Diagnostic> for Step {
    fn from(diagnostic: Diagnostic) -> Self {
        Step::Say(Box::new(diagnostic))
    }
}

/// The end of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// With an error, which a step has printed.
    #[default]
    Failed,
    /// With success.
    Done,
    /// With success; the rule is deprecated and skipped.
    Deprecated,
    /// With the settings printed, if any was changed.
    Reply,
    /// With this rule, begun at this place, to be added or deleted.
    Rule(Request, Span),
    /// With the usage, for a rule without a list.
    Usage,
}

/// A signal that the audit daemon understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignalName {
    /// `TERM` or `stop`
    Term,
    /// `HUP` or `reload`
    Hup,
    /// `USR1` or `rotate`
    Usr1,
    /// `USR2` or `resume`
    Usr2,
    /// `CONT` or `state`
    Cont,
}

impl Program {
    /// Returns all diagnostics of the command.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.steps.iter().filter_map(|step| match step {
            Step::Say(diagnostic) => Some(&**diagnostic),
            _ => None,
        })
    }

    /// Returns the faulty program with other diagnostics in place of its own.
    pub(super) fn with_errors(mut self, first: Diagnostic, others: Vec<Diagnostic>) -> Self {
        self.steps.retain(|step| !matches!(step, Step::Say(_)));
        self.begins_rule_after = self.begins_rule_after.map(|steps| steps.min(self.steps.len()));
        self.steps.extend([first].into_iter().chain(others).map(Step::from));
        self
    }

    /// Returns whether the command names a list or a watch, and so begins a rule.
    pub(crate) fn begins_rule(&self) -> bool {
        self.begins_rule_after.is_some()
    }

    /// Returns whether the command sends a request that changes rules or settings.
    #[cfg(feature = "cli")]
    pub(crate) fn changes_kernel(&self) -> bool {
        let changes = |step: &Step| matches!(step, Step::Send(..) | Step::DeleteAll { .. });
        matches!(self.end, End::Rule(..)) || self.steps.iter().any(changes)
    }

    /// Returns whether the command has an error.
    pub fn is_faulty(&self) -> bool {
        self.diagnostics().any(|diagnostic| diagnostic.level() == Level::Error)
    }
}
