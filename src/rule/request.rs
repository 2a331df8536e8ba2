//! Requests to a kernel.

use super::{LOCKED, Rule};

/// A request that changes rules or settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// `AUDIT_ADD_RULE`
    Add(Rule),
    /// `AUDIT_DEL_RULE`
    Delete(Rule),
    /// A request that is not about a rule.
    Control(Control),
}

/// A setting or a command to the audit system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// `-e`: 0 off, 1 on, 2 on and locked until the next boot.
    Enabled(u32),
    /// `-f`: 0 silent, 1 printk, 2 panic.
    Failure(u32),
    /// `-r`: messages per second, 0 for no limit.
    RateLimit(u32),
    /// `-b`: messages that may wait for the daemon.
    BacklogLimit(u32),
    /// `--backlog_wait_time`: how long a task waits for room in the backlog, in jiffies.
    BacklogWaitTime(u32),
    /// `--reset-lost`: the answer is the old count.
    ResetLost,
    /// `--reset_backlog_wait_time_actual`: the answer is the old count.
    ResetBacklogWaitTimeActual,
    /// `--loginuid-immutable`: login uids cannot be changed once they are set.
    LoginuidImmutable,
    /// `-t`: drop tree rules whose mounts are gone.
    Trim,
    /// `-q`: make `subtree` part of the directory rules that watch `mount`.
    MakeEquivalent {
        /// The watched mount point.
        mount: Box<[u8]>,
        /// The subtree that becomes part of it.
        subtree: Box<[u8]>,
    },
    /// `-m`: a record of type `USER` with this text, complete with `exe=` and the rest.
    UserMessage(Box<[u8]>),
}

impl Control {
    /// Returns whether this locks rules and settings until the next boot (`-e 2`).
    pub fn locks(&self) -> bool {
        *self == Control::Enabled(LOCKED)
    }
}
