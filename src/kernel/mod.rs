//! A kernel's audit subsystem, as the commands see it.
//!
//! | file | which kernel |
//! |---|---|
//! | `netlink`, `channel` | the one that runs, through a NETLINK_AUDIT socket |
//! | `in_process` | one in memory, for dry runs and tests |
//!
//! `snapshot` keeps what a kernel held, so that a change that fails can be taken back.

mod channel;
mod frame;
mod in_process;
mod netlink;
mod snapshot;

pub use channel::{AuditSocket, Channel, Datagram};
pub use in_process::InProcess;
pub use netlink::{BATCH_LEN, Netlink};
pub use snapshot::{RestoreError, Snapshot};

use thiserror::Error;

use crate::errno::Errno;
use crate::rule::{Request, Rule};
use crate::wire::{FeatureSet, RuleError, Status, TooShort};

/// What the kernel answers to a request: the old count for a reset, else 0, or why not.
pub type Answer = Result<u32, Errno>;

/// Why there is no answer to go by.
#[derive(Debug, Error)]
pub enum KernelError {
    /// The kernel refuses the question itself.
    #[error("{0}")]
    Refused(Errno),
    /// Nothing came in time.
    #[error("the kernel does not answer")]
    NoAnswer,
    /// Answers were lost, since more came than the socket has room for: what has been done is unknown.
    #[error("answers of the kernel were lost; what it has done is unknown")]
    AnswersLost,
    /// A message that is cut off, or none at all.
    #[error("the kernel sends a message that cannot be read")]
    Garbled,
    /// A rule that contradicts itself.
    #[error("the kernel lists {0}")]
    Rule(#[from] RuleError),
    /// A status or features that are too short.
    #[error("the kernel sends {0}")]
    TooShort(#[from] TooShort),
    /// The socket fails.
    #[error("the audit socket fails: {0}")]
    Socket(Errno),
}

impl KernelError {
    /// The errno behind it, as a C program would see it.
    pub fn errno(&self) -> Errno {
        match self {
            KernelError::Refused(errno) | KernelError::Socket(errno) => *errno,
            KernelError::NoAnswer => Errno::EAGAIN,
            KernelError::AnswersLost => Errno::ENOBUFS,
            KernelError::Garbled | KernelError::Rule(_) | KernelError::TooShort(_) => Errno::EBADE,
        }
    }
}

/// What can be asked of a kernel.
pub trait AuditKernel {
    /// Sends requests and waits for every answer: one for each, in order.
    ///
    /// The kernel carries out a request whatever became of those before it. Who wants to stop at
    /// the first refusal sends them one by one.
    ///
    /// # Errors
    /// [`KernelError`] when not every answer is known.
    fn send(&mut self, requests: &[&Request]) -> Result<Vec<Answer>, KernelError>;

    /// Settings and counters.
    ///
    /// # Errors
    /// [`KernelError`]
    fn status(&mut self) -> Result<Status, KernelError>;

    /// Features that can be locked.
    ///
    /// # Errors
    /// [`KernelError`]
    fn features(&mut self) -> Result<FeatureSet, KernelError>;

    /// All rules, in the order in which the kernel lists them.
    ///
    /// # Errors
    /// [`KernelError`]
    fn rules(&mut self) -> Result<Vec<Rule>, KernelError>;

    /// Sends one request.
    ///
    /// # Errors
    /// The errno of a refusal, or the one that stands for the lack of an answer.
    fn send_one(&mut self, request: &Request) -> Answer {
        match self.send(&[request]) {
            Ok(answers) => answers.into_iter().next().unwrap_or(Err(Errno::EAGAIN)),
            Err(error) => Err(error.errno()),
        }
    }
}
