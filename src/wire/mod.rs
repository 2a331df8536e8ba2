//! The bytes of requests to a kernel and of its answers.
//!
//! The layouts are those of `linux/audit.h` and `linux/netlink.h`; tests compare them with the crates
//! netlink-packet-audit and netlink-packet-core. `RuleMessage` of the first cannot hold every rule, so
//! rules are encoded and decoded here. Decoding never panics.

mod digits;
mod frame;
mod rule_data;
mod status;

pub use digits::{from_digits, to_digits};
pub use frame::{Frame, MessageType, append_request, ask_for_refusal_only};
pub use rule_data::{FIXED_LEN, RuleError, decode, encode};
#[cfg(feature = "netlink")]
pub(crate) use rule_data::{decode_after, is_rule};
pub use status::{FeatureSet, Setting, Status, TooShort};

/// The maximum length of a message in bytes, with header and padding (`MAX_AUDIT_MESSAGE_LENGTH`, libaudit.h).
/// auditctl refuses to send a longer message and prints the text of `EINVAL`.
pub const MAX_MESSAGE_LEN: usize = 8970;

/// The length of the header of a netlink message in bytes.
pub const HEADER_LEN: usize = 16;

/// The maximum length of a payload in bytes.
pub const MAX_PAYLOAD: usize = MAX_MESSAGE_LEN - HEADER_LEN;
