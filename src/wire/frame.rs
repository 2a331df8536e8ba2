//! Netlink messages: a header, and a payload whose meaning depends on the type.

use std::ops::Range;

use super::{FeatureSet, Setting, rule_data};
use crate::rule::{Control, Request};

/// The message is a request.
const NLM_F_REQUEST: u16 = 1;
/// The message asks for an acknowledgement.
const NLM_F_ACK: u16 = 4;
/// The place of the flags in a message.
const FLAGS: Range<usize> = 6..8;
/// The destination of requests. The kernel fills in the port of the sender.
const KERNEL_PORT: u32 = 0;

/// The type of a message of the audit subsystem (`AUDIT_GET` and so on).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageType(pub u16);

impl MessageType {
    /// Asks for the status; also the type of the answer.
    pub const GET: Self = MessageType(1000);
    /// Changes a setting.
    pub const SET: Self = MessageType(1001);
    /// A message from user space.
    pub const USER: Self = MessageType(1005);
    /// Adds a rule.
    pub const ADD_RULE: Self = MessageType(1011);
    /// Deletes a rule.
    pub const DEL_RULE: Self = MessageType(1012);
    /// Asks for all rules; also the type of each answer.
    pub const LIST_RULES: Self = MessageType(1013);
    /// Drops tree rules whose mounts are gone.
    pub const TRIM: Self = MessageType(1014);
    /// Makes a subtree part of a watched mount.
    pub const MAKE_EQUIV: Self = MessageType(1015);
    /// Switches a feature.
    pub const SET_FEATURE: Self = MessageType(1018);
    /// Asks for the features; also the type of the answer.
    pub const GET_FEATURE: Self = MessageType(1019);

    /// Returns the kernel's name without its `AUDIT_`.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::GET => "GET",
            Self::SET => "SET",
            Self::USER => "USER",
            Self::ADD_RULE => "ADD_RULE",
            Self::DEL_RULE => "DEL_RULE",
            Self::LIST_RULES => "LIST_RULES",
            Self::TRIM => "TRIM",
            Self::MAKE_EQUIV => "MAKE_EQUIV",
            Self::SET_FEATURE => "SET_FEATURE",
            Self::GET_FEATURE => "GET_FEATURE",
            _ => return None,
        })
    }
}

/// A message of the audit subsystem, uninterpreted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its type.
    pub kind: MessageType,
    /// Its payload, without the padding.
    pub payload: Vec<u8>,
}

impl From<&Request> for Frame {
    fn from(request: &Request) -> Self {
        let (kind, payload) = match request {
            Request::Add(rule) => (MessageType::ADD_RULE, rule_data::encode(rule)),
            Request::Delete(rule) => (MessageType::DEL_RULE, rule_data::encode(rule)),
            Request::Control(control) => control_frame(control),
        };
        Frame { kind, payload }
    }
}

fn control_frame(control: &Control) -> (MessageType, Vec<u8>) {
    let set = |setting: Setting| (MessageType::SET, setting.encode());
    match control {
        Control::Enabled(value) => set(Setting::Enabled(*value)),
        Control::Failure(value) => set(Setting::Failure(*value)),
        Control::RateLimit(value) => set(Setting::RateLimit(*value)),
        Control::BacklogLimit(value) => set(Setting::BacklogLimit(*value)),
        Control::BacklogWaitTime(value) => set(Setting::BacklogWaitTime(*value)),
        Control::ResetLost => set(Setting::ResetLost),
        Control::ResetBacklogWaitTimeActual => set(Setting::ResetBacklogWaitTimeActual),
        Control::LoginuidImmutable => {
            let bit = FeatureSet::LOGINUID_IMMUTABLE;
            let features = FeatureSet { mask: bit, features: bit, lock: bit };
            (MessageType::SET_FEATURE, features.encode())
        }
        Control::Trim => (MessageType::TRIM, Vec::new()),
        Control::MakeEquivalent { mount, subtree } => {
            (MessageType::MAKE_EQUIV, make_equivalent(mount, subtree))
        }
        Control::UserMessage(text) => {
            // The kernel overwrites the last byte with a NUL, so an additional byte is sent.
            let mut payload = text.to_vec();
            payload.push(0);
            (MessageType::USER, payload)
        }
    }
}

/// Returns the payload: two lengths, then the two paths without NUL (`audit_receive_msg`, kernel/audit.c).
fn make_equivalent(mount: &[u8], subtree: &[u8]) -> Vec<u8> {
    let lengths = [mount.len(), subtree.len()].map(|len| u32::try_from(len).unwrap_or(u32::MAX));
    let mut payload: Vec<u8> = lengths.into_iter().flat_map(u32::to_ne_bytes).collect();
    payload.extend_from_slice(mount);
    payload.extend_from_slice(subtree);
    payload
}

impl Frame {
    /// Returns the whole message: header and payload, padded to four bytes so that another message can follow. It
    /// asks for an acknowledgement.
    pub fn message(&self, sequence: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.append_message(sequence, &mut bytes);
        bytes
    }

    /// Appends the message to `to`. Returns the number of bytes appended.
    pub fn append_message(&self, sequence: u32, to: &mut Vec<u8>) -> usize {
        append(self.kind, sequence, to, |to| to.extend_from_slice(&self.payload))
    }
}

/// Appends the message of a request to `to`, as [`Frame::append_message`] does, but without a copy of the rule in
/// between. Returns the number of bytes appended.
pub fn append_request(request: &Request, sequence: u32, to: &mut Vec<u8>) -> usize {
    let mut append_rule = |kind, rule| append(kind, sequence, to, |to| rule_data::append(rule, to));
    match request {
        Request::Add(rule) => append_rule(MessageType::ADD_RULE, rule),
        Request::Delete(rule) => append_rule(MessageType::DEL_RULE, rule),
        Request::Control(_) => Frame::from(request).append_message(sequence, to),
    }
}

/// Changes a message so that it asks for an answer only if the kernel refuses it: such a request is always answered
/// (`audit_receive`, kernel/audit.c).
pub fn ask_for_refusal_only(message: &mut [u8]) {
    if let Some(flags) = message.get_mut(FLAGS) {
        flags.copy_from_slice(&NLM_F_REQUEST.to_ne_bytes());
    }
}

/// Appends a header, what `payload` appends, and the padding.
fn append(
    kind: MessageType,
    sequence: u32,
    to: &mut Vec<u8>,
    payload: impl FnOnce(&mut Vec<u8>),
) -> usize {
    let start = to.len();
    // The length of the message is its first part, and is known last.
    to.extend_from_slice(&[0; size_of::<u32>()]);
    to.extend_from_slice(&kind.0.to_ne_bytes());
    to.extend_from_slice(&(NLM_F_REQUEST | NLM_F_ACK).to_ne_bytes());
    to.extend_from_slice(&sequence.to_ne_bytes());
    to.extend_from_slice(&KERNEL_PORT.to_ne_bytes());
    payload(to);
    let len = to.len() - start;
    if let Some(place) = to.get_mut(start..).and_then(<[u8]>::first_chunk_mut) {
        *place = u32::try_from(len).unwrap_or(u32::MAX).to_ne_bytes();
    }
    let taken = len.next_multiple_of(4);
    to.resize(start + taken, 0);
    taken
}
