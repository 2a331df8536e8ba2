//! What is wrong with a rule, for the person who must mend it.
//!
//! A [`Diagnostic`] is a [`Fault`] and a place. It can be said in two ways: with the words of
//! auditctl ([`auditctl`]), and with the line, a caret and a hint ([`explain`]).

mod code;
mod fault;

pub mod auditctl;
pub mod explain;

pub use code::{Code, Level};
pub use fault::{Alone, Bytes, Fault, Verb};

use crate::span::Span;

/// One fault and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong.
    pub fault: Fault,
    /// Where, in the source of the command.
    pub span: Span,
}

impl Diagnostic {
    /// Its stable code.
    pub fn code(&self) -> Code {
        self.fault.code()
    }

    /// How bad it is.
    pub fn level(&self) -> Level {
        self.code().level()
    }
}
