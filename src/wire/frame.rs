//! Netlink messages: a header, and a payload whose meaning its type gives.

use std::convert::Infallible;

use netlink_packet_audit::constants;
use netlink_packet_core::{
    NLM_F_ACK, NLM_F_REQUEST, NetlinkDeserializable, NetlinkHeader, NetlinkMessage, NetlinkPayload,
    NetlinkSerializable,
};

use super::{FeatureSet, Setting, rule_data};
use crate::rule::{Control, Question, Request};

/// The type of a message of the audit subsystem (`AUDIT_GET` and so on).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageType(pub u16);

impl MessageType {
    /// Asks for the status, and names its answer.
    pub const GET: Self = MessageType(constants::AUDIT_GET);
    /// Changes a setting.
    pub const SET: Self = MessageType(constants::AUDIT_SET);
    /// A message from user space.
    pub const USER: Self = MessageType(constants::AUDIT_USER);
    /// Adds a rule.
    pub const ADD_RULE: Self = MessageType(constants::AUDIT_ADD_RULE);
    /// Deletes a rule.
    pub const DEL_RULE: Self = MessageType(constants::AUDIT_DEL_RULE);
    /// Asks for all rules, and names each of the answers.
    pub const LIST_RULES: Self = MessageType(constants::AUDIT_LIST_RULES);
    /// Drops tree rules whose mounts are gone.
    pub const TRIM: Self = MessageType(constants::AUDIT_TRIM);
    /// Makes a subtree part of a watched mount.
    pub const MAKE_EQUIV: Self = MessageType(constants::AUDIT_MAKE_EQUIV);
    /// Switches a feature.
    pub const SET_FEATURE: Self = MessageType(constants::AUDIT_SET_FEATURE);
    /// Asks for the features, and names the answer.
    pub const GET_FEATURE: Self = MessageType(constants::AUDIT_GET_FEATURE);

    /// The kernel's name without its `AUDIT_`.
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

/// What a message of the audit subsystem carries, uninterpreted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
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

impl From<Question> for Frame {
    fn from(question: Question) -> Self {
        let (kind, payload) = match question {
            Question::Status => (MessageType::GET, Vec::new()),
            Question::Features => (MessageType::GET_FEATURE, FeatureSet::default().encode()),
            Question::Rules => (MessageType::LIST_RULES, Vec::new()),
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
            // The kernel overwrites the last byte with a NUL, so one is sent for it.
            let mut payload = text.to_vec();
            payload.push(0);
            (MessageType::USER, payload)
        }
    }
}

/// Two lengths, then the two paths without NUL (`audit_receive_msg`, kernel/audit.c).
fn make_equivalent(mount: &[u8], subtree: &[u8]) -> Vec<u8> {
    let lengths = [mount.len(), subtree.len()].map(|len| u32::try_from(len).unwrap_or(u32::MAX));
    let mut payload: Vec<u8> = lengths.into_iter().flat_map(u32::to_ne_bytes).collect();
    payload.extend_from_slice(mount);
    payload.extend_from_slice(subtree);
    payload
}

impl Frame {
    /// The whole message, header first, padded to four bytes so that another may follow. It asks
    /// for an acknowledgement.
    pub fn message(self, sequence: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.append_message(sequence, &mut bytes);
        bytes
    }

    /// Puts the message behind others, and returns how many bytes it takes.
    pub fn append_message(self, sequence: u32, to: &mut Vec<u8>) -> usize {
        let mut header = NetlinkHeader::default();
        header.flags = NLM_F_REQUEST | NLM_F_ACK;
        header.sequence_number = sequence;
        let mut message = NetlinkMessage::new(header, NetlinkPayload::from(self));
        message.finalize();
        let (start, len) = (to.len(), message.buffer_len().next_multiple_of(4));
        to.resize(start + len, 0);
        if let Some(bytes) = to.get_mut(start..) {
            message.serialize(bytes);
        }
        len
    }
}

impl NetlinkSerializable for Frame {
    fn message_type(&self) -> u16 {
        self.kind.0
    }

    fn buffer_len(&self) -> usize {
        self.payload.len()
    }

    fn serialize(&self, buffer: &mut [u8]) {
        if let Some(to) = buffer.get_mut(..self.payload.len()) {
            to.copy_from_slice(&self.payload);
        }
    }
}

impl NetlinkDeserializable for Frame {
    type Error = Infallible;

    fn deserialize(header: &NetlinkHeader, payload: &[u8]) -> Result<Self, Infallible> {
        Ok(Frame { kind: MessageType(header.message_type), payload: payload.to_vec() })
    }
}

impl From<Frame> for NetlinkPayload<Frame> {
    fn from(frame: Frame) -> Self {
        NetlinkPayload::InnerMessage(frame)
    }
}
