//! `audit_status` and `audit_features`: settings and counters in bytes.

use thiserror::Error;

use crate::catalog::Features;
use crate::rule::LOCKED;

/// The bits that select the members of a sent status (`AUDIT_STATUS_*`).
mod mask {
    pub(super) const ENABLED: u32 = 0x01;
    pub(super) const FAILURE: u32 = 0x02;
    pub(super) const RATE_LIMIT: u32 = 0x08;
    pub(super) const BACKLOG_LIMIT: u32 = 0x10;
    pub(super) const BACKLOG_WAIT_TIME: u32 = 0x20;
    pub(super) const LOST: u32 = 0x40;
    pub(super) const BACKLOG_WAIT_TIME_ACTUAL: u32 = 0x80;
}

/// A reply that is too short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a reply of {found} bytes; at least {expected} are required")]
pub struct TooShort {
    /// The number of bytes that the oldest kernel sends.
    pub expected: usize,
    /// The number of bytes found.
    pub found: usize,
}

/// The kernel's settings and counters (`AUDIT_GET`): 32 bytes from the oldest kernels, 40 with the
/// feature bits and the wait time (3.14, 3.19), 44 with the actual wait time (5.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Status {
    /// 0 off, 1 on, 2 on and locked.
    pub enabled: u32,
    /// The reaction to a lost record: 0 nothing, 1 printk, 2 panic.
    pub failure: u32,
    /// Process id of the audit daemon, 0 if there is none.
    pub pid: u32,
    /// Messages per second, 0 for no limit.
    pub rate_limit: u32,
    /// Messages that may wait for the daemon.
    pub backlog_limit: u32,
    /// Messages lost since boot or reset.
    pub lost: u32,
    /// Messages waiting now.
    pub backlog: u32,
    /// `AUDIT_FEATURE_BITMAP_*`: the features of this kernel.
    pub feature_bitmap: u32,
    /// The time that a task waits for room in the backlog, in jiffies.
    pub backlog_wait_time: u32,
    /// The time that tasks have waited, in jiffies; `None` from kernels before 5.9.
    pub backlog_wait_time_actual: Option<u32>,
}

impl Status {
    /// Returns whether rules and settings are locked until the next boot (`-e 2`).
    pub fn is_locked(&self) -> bool {
        self.enabled == LOCKED
    }

    /// Returns the payload of an `AUDIT_GET` answer with these values: 44 bytes, or 40 without the last member.
    pub fn encode(&self) -> Vec<u8> {
        let fixed = [
            0,
            self.enabled,
            self.failure,
            self.pid,
            self.rate_limit,
            self.backlog_limit,
            self.lost,
            self.backlog,
            self.feature_bitmap,
            self.backlog_wait_time,
        ];
        let words = fixed.into_iter().chain(self.backlog_wait_time_actual);
        words.flat_map(u32::to_ne_bytes).collect()
    }

    /// Returns the features of this kernel.
    pub fn features(&self) -> Features {
        Features(self.feature_bitmap)
    }
}

/// One changed setting for `AUDIT_SET`: an `audit_status` in which one bit of the mask selects the member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// `AUDIT_STATUS_ENABLED`
    Enabled(u32),
    /// `AUDIT_STATUS_FAILURE`
    Failure(u32),
    /// `AUDIT_STATUS_RATE_LIMIT`
    RateLimit(u32),
    /// `AUDIT_STATUS_BACKLOG_LIMIT`
    BacklogLimit(u32),
    /// `AUDIT_STATUS_BACKLOG_WAIT_TIME`
    BacklogWaitTime(u32),
    /// `AUDIT_STATUS_LOST`: sets the count to 0.
    ResetLost,
    /// `AUDIT_STATUS_BACKLOG_WAIT_TIME_ACTUAL`: sets the time to 0.
    ResetBacklogWaitTimeActual,
}

impl Setting {
    /// The number of words in a whole `audit_status`.
    const WORDS: usize = 11;

    /// Returns the payload: 44 bytes.
    pub fn encode(self) -> Vec<u8> {
        let (mask, member, value) = match self {
            Setting::Enabled(value) => (mask::ENABLED, 1, value),
            Setting::Failure(value) => (mask::FAILURE, 2, value),
            Setting::RateLimit(value) => (mask::RATE_LIMIT, 4, value),
            Setting::BacklogLimit(value) => (mask::BACKLOG_LIMIT, 5, value),
            Setting::BacklogWaitTime(value) => (mask::BACKLOG_WAIT_TIME, 9, value),
            Setting::ResetLost => (mask::LOST, 6, 0),
            Setting::ResetBacklogWaitTimeActual => (mask::BACKLOG_WAIT_TIME_ACTUAL, 10, 0),
        };
        let word = |index| match index {
            0 => mask,
            _ if index == member => value,
            _ => 0,
        };
        (0..Self::WORDS).flat_map(|index| u32::to_ne_bytes(word(index))).collect()
    }
}

/// Features that can be switched on and locked (`audit_features`), one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FeatureSet {
    /// Features that the kernel knows or, in a request, features to change.
    pub mask: u32,
    /// Features that are on.
    pub features: u32,
    /// Features that can no longer be changed.
    pub lock: u32,
}

impl FeatureSet {
    /// The bit of `loginuid_immutable` (`AUDIT_FEATURE_LOGINUID_IMMUTABLE`).
    pub const LOGINUID_IMMUTABLE: u32 = 0x02;

    const LEN: usize = 16;

    /// Returns the payload of `AUDIT_SET_FEATURE` and `AUDIT_GET_FEATURE`: 16 bytes, the version (0) first.
    pub fn encode(self) -> Vec<u8> {
        [0, self.mask, self.features, self.lock].into_iter().flat_map(u32::to_ne_bytes).collect()
    }

    /// Decodes the payload of an `AUDIT_GET_FEATURE` answer.
    ///
    /// # Errors
    /// [`TooShort`] below 16 bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, TooShort> {
        match bytes.as_chunks::<4>().0 {
            [_version, mask, features, lock, ..] => Ok(FeatureSet {
                mask: u32::from_ne_bytes(*mask),
                features: u32::from_ne_bytes(*features),
                lock: u32::from_ne_bytes(*lock),
            }),
            _ => Err(TooShort { expected: Self::LEN, found: bytes.len() }),
        }
    }
}
