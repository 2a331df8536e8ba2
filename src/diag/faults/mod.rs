//! The faults, in groups. A fault and its texts are in one file: the code, the title, label and hint of our own mode,
//! and the message of auditctl.
//!
//! In every fault `field`, `name` and `text` are as written in the rule.

mod command;
mod condition;
mod kernel;
mod key;
mod notation;
mod rule;
mod syscall;
mod value;
mod watch;

pub use command::{Alone, BesideRule, CommandFault, Stray};
pub use condition::ConditionFault;
pub use kernel::{KernelFault, RefusedRequest};
pub use key::KeyFault;
pub use notation::{Notation, NotationFault};
pub use rule::{RuleFault, Verb};
pub use syscall::SyscallFault;
#[cfg(feature = "lint")]
pub(crate) use syscall::WITHOUT_ARCH;
pub use value::{Misread, ValueFault};
pub use watch::WatchFault;

use super::auditctl::Message;
use super::code::Code;
use super::description::Description;

/// Bytes from a rule, kept for a message.
pub type Bytes = Box<[u8]>;

macro_rules! groups {
    ($($(#[$doc:meta])* $name:ident($fault:ident),)*) => {
        /// A fault of a command, with all parts that its messages need.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Fault { $($(#[$doc])* $name($fault),)* }

        $(impl From<$fault> for Fault {
            fn from(fault: $fault) -> Self {
                Fault::$name(fault)
            }
        })*

        impl Fault {
            fn describe(&self) -> Description<'_> {
                match self { $(Fault::$name(fault) => fault.describe(),)* }
            }
        }
    };
}

groups! {
    /// Options, operands, settings and commands.
    Command(CommandFault),
    /// The list, the action and the number of fields.
    Rule(RuleFault),
    /// Syscalls, io_uring operations and architectures.
    Syscall(SyscallFault),
    /// Fields and operators of a condition.
    Condition(ConditionFault),
    /// The value of a condition.
    Value(ValueFault),
    /// Keys.
    Key(KeyFault),
    /// Watches and permissions.
    Watch(WatchFault),
    /// Lines in another notation.
    Notation(NotationFault),
    /// Answers of the kernel.
    Kernel(KernelFault),
}

/// A fault in three sentences, in our own mode.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The title: the thing at fault.
    pub title: String,
    /// A note at the place of the fault; may be empty.
    pub label: String,
    /// The help: how to fix the fault.
    pub help: String,
}

impl Fault {
    /// Returns the stable code.
    pub fn code(&self) -> Code {
        match self {
            // The texts take long to write, and `fmt` compiles each line for machines that lack its arch.
            Fault::Syscall(fault) => fault.code(),
            fault => fault.describe().code,
        }
    }

    /// Explains the fault to the person who must fix it.
    pub fn explain(&self) -> Explanation {
        let description = self.describe();
        let help = description.read_help();
        Explanation {
            title: description.title.into_owned(),
            label: description.label.into_owned(),
            help,
        }
    }

    /// Explains the fault with an empty help: the help may take long to find.
    #[cfg(feature = "lint")]
    pub(crate) fn explain_without_help(&self) -> Explanation {
        let Description { title, label, .. } = self.describe();
        Explanation { title: title.into_owned(), label: label.into_owned(), help: String::new() }
    }

    /// Returns auditctl's message; `None` if it prints none.
    pub fn auditctl(&self) -> Option<Message> {
        self.describe().auditctl
    }
}
