//! The audit system of a kernel.
//!
//! | file | which kernel |
//! |---|---|
//! | `netlink`, `channel`, `question`, `status`, `frame` | the running kernel, through a NETLINK_AUDIT socket |
//! | `in_process` | a kernel in memory, for dry runs and tests |

#[cfg(feature = "netlink")]
mod channel;
#[cfg(feature = "netlink")]
mod frame;
mod in_process;
#[cfg(feature = "netlink")]
mod netlink;
#[cfg(feature = "netlink")]
mod question;
#[cfg(feature = "netlink")]
mod status;

#[cfg(feature = "netlink")]
pub use channel::{AuditSocket, Channel, Datagram};
pub use in_process::InProcess;
#[cfg(feature = "netlink")]
pub use netlink::Netlink;

use thiserror::Error;

use crate::errno::Errno;
use crate::rule::{Request, Rule};
use crate::wire::{FeatureSet, RuleError, Status, TooShort};

/// Requests that are sent together. Their acknowledgements must fit into a receive buffer of the default size,
/// 212992 bytes of which each takes about 1,000.
pub(crate) const BATCH_LEN: usize = 100;

/// The kernel's answer to a request: the old count for a reset, 0 for other requests, or the errno of a refusal.
pub type Answer = Result<u32, Errno>;

/// The reason why there is no usable answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KernelError {
    /// The kernel refuses the question.
    #[error("{0}")]
    Refused(Errno),
    /// No answer came in time.
    #[error("the kernel does not answer")]
    NoAnswer,
    /// A buffer was too small for all answers: the effect on the kernel is unknown.
    #[error("answers of the kernel were lost; the result is unknown")]
    AnswersLost,
    /// Bytes that are not a message.
    #[error("the kernel sent a message that cannot be read")]
    Garbled,
    /// A listed rule that cannot be decoded.
    #[error("the kernel listed {0}")]
    Rule(#[from] RuleError),
    /// A status or feature message that is too short.
    #[error("the kernel sent {0}")]
    TooShort(#[from] TooShort),
    /// The socket failed.
    #[error("the audit socket failed: {0}")]
    Socket(Errno),
}

impl KernelError {
    /// Returns the errno that a C program would see.
    pub fn errno(&self) -> Errno {
        match self {
            KernelError::Refused(errno) | KernelError::Socket(errno) => *errno,
            KernelError::NoAnswer => Errno::EAGAIN,
            KernelError::AnswersLost => Errno::ENOBUFS,
            KernelError::Garbled | KernelError::Rule(_) | KernelError::TooShort(_) => Errno::EBADE,
        }
    }
}

/// The requests and questions that a kernel answers.
pub trait AuditKernel {
    /// Sends requests and waits for every answer: one for each request, in order.
    ///
    /// The kernel carries out each request even if it refused one before. To stop at the first refusal, send them one
    /// by one.
    ///
    /// # Errors
    /// [`KernelError`] if an answer is unknown.
    fn send(&mut self, requests: &[&Request]) -> Result<Vec<Answer>, KernelError>;

    /// Returns settings and counters.
    ///
    /// # Errors
    /// [`KernelError`]
    fn status(&mut self) -> Result<Status, KernelError>;

    /// Returns the features that can be locked.
    ///
    /// # Errors
    /// [`KernelError`]
    fn features(&mut self) -> Result<FeatureSet, KernelError>;

    /// Returns all rules, in the order in which the kernel lists them.
    ///
    /// # Errors
    /// [`KernelError`]
    fn rules(&mut self) -> Result<Vec<Rule>, KernelError>;

    /// Returns whether the kernel holds exactly these rules, in this order.
    ///
    /// # Errors
    /// [`KernelError`]
    fn holds(&mut self, rules: &[&Rule]) -> Result<bool, KernelError> {
        Ok(self.rules()?.iter().eq(rules.iter().copied()))
    }

    /// Sends one request.
    ///
    /// # Errors
    /// The errno of a refusal, or that of [`KernelError::errno`] if there is no answer.
    fn send_one(&mut self, request: &Request) -> Answer {
        match self.send(&[request]) {
            Ok(answers) => answers.into_iter().next().unwrap_or(Err(Errno::EAGAIN)),
            Err(error) => Err(error.errno()),
        }
    }
}
