//! The messages of auditctl 4.2.2, byte for byte, because scripts read them. The message of each fault is in the file
//! of its group.
//!
//! Sources: `src/auditctl.c` and `lib/errormsg.h` of audit-userspace. 4.2.2's shared build loses some of
//! libaudit's messages; here they are as its static build and 3.0.9 print them.

/// The destination of a message of auditctl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Syslog while a file is read and no rule has been sent, else standard error.
    Log(Priority),
    /// Standard error, always.
    Stderr,
}

/// The severity of a message in syslog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// `LOG_ERR`
    Error,
    /// `LOG_WARNING`
    Warning,
    /// `LOG_INFO`
    Info,
}

/// One message of auditctl.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// Its destination.
    pub channel: Channel,
    /// Its text, without the newline at the end.
    pub text: Vec<u8>,
}

impl Message {
    pub(super) fn error(text: impl Into<Vec<u8>>) -> Self {
        Message { channel: Channel::Log(Priority::Error), text: text.into() }
    }

    pub(super) fn warning(text: impl Into<Vec<u8>>) -> Self {
        Message { channel: Channel::Log(Priority::Warning), text: text.into() }
    }

    pub(super) fn info(text: impl Into<Vec<u8>>) -> Self {
        Message { channel: Channel::Log(Priority::Info), text: text.into() }
    }

    pub(super) fn stderr(text: impl Into<Vec<u8>>) -> Self {
        Message { channel: Channel::Stderr, text: text.into() }
    }
}

/// Joins a text and a part of the rule.
pub(super) fn before(text: &str, part: &[u8]) -> Vec<u8> {
    [text.as_bytes(), part].concat()
}

/// Joins a part of the rule and a text.
pub(super) fn after(part: &[u8], text: &str) -> Vec<u8> {
    [part, text.as_bytes()].concat()
}
