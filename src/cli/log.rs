//! Where auditctl's messages go.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;

use nix::syslog::{Facility, Priority as SyslogPriority, Severity, syslog};

use crate::diag::auditctl::{Channel, Message, Priority};

/// Where messages go now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    /// Standard error.
    Stderr,
    /// The system log: a rules file is read at boot, when nobody watches.
    Syslog,
}

impl Log {
    /// Says something to wherever it belongs.
    pub(super) fn message(self, message: &Message) {
        match (message.channel, self) {
            (Channel::Log(priority), Log::Syslog) => to_syslog(priority, &message.text),
            _ => to_stderr(&message.text),
        }
    }

    /// Says something of its own.
    pub(super) fn say(self, priority: Priority, text: impl Into<Vec<u8>>) {
        self.message(&Message { channel: Channel::Log(priority), text: text.into() });
    }

    /// Says an error.
    pub(super) fn error(self, text: impl Into<Vec<u8>>) {
        self.say(Priority::Error, text);
    }
}

/// Says something to the system log.
pub(super) fn to_syslog(priority: Priority, text: &[u8]) {
    let severity = match priority {
        Priority::Error => Severity::LOG_ERR,
        Priority::Warning => Severity::LOG_WARNING,
        Priority::Info => Severity::LOG_INFO,
    };
    let priority = SyslogPriority::new(severity, Facility::LOG_USER);
    let _ = syslog(priority, OsStr::from_bytes(text));
}

/// A message that cannot be written is lost: there is nowhere else to say it.
fn to_stderr(text: &[u8]) {
    let _ = std::io::stderr().write_all(&[text, b"\n"].concat());
}
