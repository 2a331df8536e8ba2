//! The destination of auditctl's messages.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;

use nix::syslog::{Facility, Priority as SyslogPriority, Severity, syslog};

use crate::diag::auditctl::{Channel, Message, Priority};

/// The destination of auditctl's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    /// Standard error.
    Stderr,
    /// The system log: a rules file is loaded at boot, when nobody reads standard error.
    Syslog,
}

impl Log {
    /// Prints or logs a message.
    pub(super) fn message(self, message: &Message) {
        match (message.channel, self) {
            (Channel::Log(priority), Log::Syslog) => to_syslog(priority, &message.text),
            _ => to_stderr(&message.text),
        }
    }

    /// Prints or logs a text.
    pub(super) fn say(self, priority: Priority, text: impl Into<Vec<u8>>) {
        self.message(&Message { channel: Channel::Log(priority), text: text.into() });
    }

    /// Prints or logs an error.
    pub(super) fn error(self, text: impl Into<Vec<u8>>) {
        self.say(Priority::Error, text);
    }
}

/// Writes a message to the system log.
pub(super) fn to_syslog(priority: Priority, text: &[u8]) {
    let severity = match priority {
        Priority::Error => Severity::LOG_ERR,
        Priority::Warning => Severity::LOG_WARNING,
        Priority::Info => Severity::LOG_INFO,
    };
    let priority = SyslogPriority::new(severity, Facility::LOG_USER);
    let _ = syslog(priority, OsStr::from_bytes(text));
}

/// Writes to standard error. Ignores errors: there is no other place to report them.
fn to_stderr(text: &[u8]) {
    let _ = std::io::stderr().write_all(&[text, b"\n"].concat());
}
