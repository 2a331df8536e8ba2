//! Describes faults of rules to the person who must fix them.
//!
//! A [`Diagnostic`] is a [`Fault`] with its place. It can be printed in two ways: as the message of auditctl
//! ([`Fault::auditctl`]), or with the line, a caret and a hint ([`Fault::explain`]).

mod code;
mod description;
mod faults;
mod hints;
mod quote;

pub mod auditctl;

pub use code::{Code, Level};
pub use faults::{
    Alone, BesideRule, Bytes, CommandFault, ConditionFault, Explanation, Fault, KernelFault,
    KeyFault, Misread, Notation, NotationFault, RefusedRequest, RuleFault, Stray, SyscallFault,
    ValueFault, Verb, WatchFault,
};
#[cfg(feature = "cli")]
pub(crate) use quote::{escaped, is_unprintable};

#[cfg(feature = "cli")]
pub(crate) use quote::quote;

#[cfg(feature = "lint")]
pub(crate) use faults::WITHOUT_ARCH;

use crate::span::Span;

/// A fault with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The fault.
    pub fault: Fault,
    /// The place in the source of the command.
    pub span: Span,
    /// The code of the fault, which is asked for often.
    code: Code,
}

impl Diagnostic {
    /// Creates a diagnostic for a fault at a place.
    pub fn new(fault: impl Into<Fault>, span: Span) -> Self {
        let fault = fault.into();
        Diagnostic { code: fault.code(), fault, span }
    }

    /// Returns the stable code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Returns the severity.
    pub fn level(&self) -> Level {
        self.code().level()
    }
}
