//! What a compiled command wants done.

use crate::diag::{Diagnostic, Level};
use crate::rule::Request;
use crate::span::Span;

/// A command, ready to be carried out: its steps in order, then its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// What the options do, one after the other.
    pub steps: Vec<Step>,
    /// What is done when all steps have been.
    pub end: End,
    /// Where each field of the rule stands.
    pub field_spans: Vec<Span>,
}

/// One thing to do or to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing: from here on a rule is meant, even where it turns out to be faulty.
    BeginRule,
    /// Say that something is wrong, or worth knowing.
    Say(Diagnostic),
    /// Send a setting or command that stands at this place. Boxed: most steps are not of this kind,
    /// and a request is large.
    Send(Box<Request>, Span),
    /// Print the rules (`-l`), those whose key contains `key` if there is one.
    List {
        /// Print names for numbers.
        interpret: bool,
        /// What a key must contain; empty for all rules.
        key: Box<[u8]>,
    },
    /// Print the settings (`-s`).
    Status {
        /// Print names for numbers.
        interpret: bool,
    },
    /// Delete all rules (`-D`), those whose key contains `key` if there is one, then print the rest.
    DeleteAll {
        /// What a key must contain; empty for all rules.
        key: Box<[u8]>,
        /// Where the option stands.
        span: Span,
    },
    /// Send a signal to the audit daemon.
    Signal(SignalName),
    /// Ignore errors from now on (`-i` in a file).
    Ignore,
    /// Go on after errors, but remember them (`-c` in a file).
    Continue,
    /// Print the version.
    Version,
    /// Print the usage.
    Usage,
}

/// How a command ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "the large one is the usual one")]
pub enum End {
    /// With an error, which a step has said.
    #[default]
    Failed,
    /// Well; nothing more is to be done.
    Done,
    /// Well; the rule was a deprecated one and is passed over.
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
    /// Everything that is said about the command.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.steps.iter().filter_map(|step| match step {
            Step::Say(diagnostic) => Some(diagnostic),
            _ => None,
        })
    }

    /// Whether a list or a watch is named, so that a rule is meant.
    pub fn begins_rule(&self) -> bool {
        self.steps.contains(&Step::BeginRule)
    }

    /// Whether the command cannot be carried out.
    pub fn is_faulty(&self) -> bool {
        self.diagnostics().any(|diagnostic| diagnostic.level() == Level::Error)
    }
}
