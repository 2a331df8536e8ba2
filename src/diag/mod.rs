//! What is wrong with a rule, for the person who must fix it.
//!
//! A [`Diagnostic`] is a [`Fault`] and a place. It can be printed in two ways: with the message of auditctl
//! ([`Fault::auditctl`]), and with the line, a caret and a hint ([`Fault::explain`]).

mod code;
mod description;
mod faults;
mod quote;

pub mod auditctl;

pub use code::{Code, Level};
pub use faults::{
    Alone, Bytes, CommandFault, ConditionFault, Explanation, Fault, KernelFault, KeyFault,
    RuleFault, SyscallFault, ValueFault, Verb, WatchFault,
};

use crate::span::Span;

/// One fault and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong.
    pub fault: Fault,
    /// Where, in the source of the command.
    pub span: Span,
}

impl Diagnostic {
    /// A fault at a place.
    pub fn new(fault: impl Into<Fault>, span: Span) -> Self {
        Diagnostic { fault: fault.into(), span }
    }

    /// Its stable code.
    pub fn code(&self) -> Code {
        self.fault.code()
    }

    /// Its severity.
    pub fn level(&self) -> Level {
        self.code().level()
    }
}
