//! [`Frame`] as a payload of netlink-packet-core.

use std::convert::Infallible;

use netlink_packet_core::{NetlinkDeserializable, NetlinkHeader};

use crate::wire::{Frame, MessageType};

impl NetlinkDeserializable for Frame {
    type Error = Infallible;

    fn deserialize(header: &NetlinkHeader, payload: &[u8]) -> Result<Self, Infallible> {
        Ok(Frame { kind: MessageType(header.message_type), payload: payload.to_vec() })
    }
}
