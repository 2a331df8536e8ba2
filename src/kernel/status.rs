//! Reads the kernel's answer to `AUDIT_GET`.

use netlink_packet_audit::status::{STATUS_MESSAGE_LEN, StatusMessageBuffer};

use crate::wire::{Status, TooShort};

/// The length of the answer of the oldest kernels.
const OLDEST_LEN: usize = 32;

/// With the feature `netlink`.
impl Status {
    /// Reads the payload of an `AUDIT_GET` answer.
    ///
    /// # Errors
    /// [`TooShort`] below the 32 bytes of the oldest kernel.
    pub fn decode(bytes: &[u8]) -> Result<Self, TooShort> {
        if bytes.len() < OLDEST_LEN {
            return Err(TooShort { expected: OLDEST_LEN, found: bytes.len() });
        }
        let words = bytes.as_chunks::<4>().0.as_flattened();
        // Kernels before 3.14 send fewer members than netlink-packet-audit knows. Missing members are 0.
        let mut known = [0; STATUS_MESSAGE_LEN];
        for (to, from) in known.iter_mut().zip(words) {
            *to = *from;
        }
        let known = StatusMessageBuffer::new(known);
        let actual = words.get(STATUS_MESSAGE_LEN..).and_then(|rest| rest.first_chunk());
        Ok(Status {
            enabled: known.enabled(),
            failure: known.failure(),
            pid: known.pid(),
            rate_limit: known.rate_limiting(),
            backlog_limit: known.backlog_limit(),
            lost: known.lost(),
            backlog: known.backlog(),
            feature_bitmap: known.feature_bitmap(),
            backlog_wait_time: known.backlog_wait_time(),
            backlog_wait_time_actual: actual.map(|word| u32::from_ne_bytes(*word)),
        })
    }
}
