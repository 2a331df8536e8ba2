//! Queries that change nothing, as messages of netlink-packet-audit.

use netlink_packet_audit::AuditMessage;
use netlink_packet_audit::constants::AUDIT_GET_FEATURE;
use netlink_packet_core::{NLM_F_ACK, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage};

use crate::wire::MessageType;

/// A query that changes nothing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Question {
    /// Settings and counters.
    Status,
    /// Features that can be locked.
    Features,
    /// All rules.
    Rules,
}

impl Question {
    /// Returns the type of the message, which is also that of its answers.
    pub(super) fn kind(self) -> MessageType {
        MessageType(self.message().message_type())
    }

    /// Returns the whole message. It asks for an acknowledgement.
    pub(super) fn bytes(self, sequence: u32) -> Vec<u8> {
        let mut header = NetlinkHeader::default();
        header.flags = NLM_F_REQUEST | NLM_F_ACK;
        header.sequence_number = sequence;
        let mut message = NetlinkMessage::new(header, self.message().into());
        message.finalize();
        let mut bytes = vec![0; message.buffer_len()];
        message.serialize(&mut bytes);
        bytes
    }

    fn message(self) -> AuditMessage {
        match self {
            Question::Status => AuditMessage::GetStatus(None),
            // An empty `audit_features`: four words.
            Question::Features => AuditMessage::Other((AUDIT_GET_FEATURE, "\0".repeat(16))),
            Question::Rules => AuditMessage::ListRules(None),
        }
    }
}
