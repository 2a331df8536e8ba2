//! A channel that returns prepared datagrams.

use std::collections::VecDeque;
use std::time::Instant;

use rauditctl::errno::Errno;
use rauditctl::kernel::{Channel, Datagram};
use rauditctl::wire::MessageType;

/// `NLMSG_ERROR`, which is also the type of acknowledgments.
const ERROR: u16 = 2;
/// `NLMSG_DONE`
const DONE: u16 = 3;
/// The length of a netlink header.
const HEADER_LEN: usize = 16;

/// One result of receiving.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    result: Result<Vec<u8>, Errno>,
    pub(super) sender: u32,
    truncated: bool,
}

impl Incoming {
    pub(super) fn bytes(bytes: Vec<u8>) -> Self {
        Incoming { result: Ok(bytes), sender: 0, truncated: false }
    }

    pub(super) fn error(errno: Errno) -> Self {
        Incoming { result: Err(errno), sender: 0, truncated: false }
    }

    /// The same datagram, sent by the program with this port.
    pub(super) fn from(self, sender: u32) -> Self {
        Incoming { sender, ..self }
    }

    pub(super) fn truncated(self) -> Self {
        Incoming { truncated: true, ..self }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.result.expect("a datagram")
    }
}

/// Returns an answer to a message: 0 or the errno of a refusal; a negative value is a count.
pub(super) fn ack(sequence: u32, errno: i32) -> Incoming {
    let mut payload = (-errno).to_ne_bytes().to_vec();
    payload.extend([0; HEADER_LEN]); // The header of the request is returned.
    message(sequence, ERROR, &payload)
}

/// Data that answers a question.
pub(super) fn data(sequence: u32, kind: MessageType, payload: Vec<u8>) -> Incoming {
    message(sequence, kind.0, &payload)
}

/// The end of a listing.
pub(super) fn done(sequence: u32) -> Incoming {
    message(sequence, DONE, &0_i32.to_ne_bytes())
}

/// Several messages in one datagram, each padded to four bytes.
pub(super) fn together(messages: impl IntoIterator<Item = Incoming>) -> Incoming {
    let mut bytes = Vec::new();
    for message in messages {
        bytes.extend(message.into_bytes());
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    Incoming::bytes(bytes)
}

fn message(sequence: u32, kind: u16, payload: &[u8]) -> Incoming {
    Incoming::bytes(bytes_of(sequence, kind, payload))
}

/// Returns a message of the kernel.
pub(crate) fn bytes_of(sequence: u32, kind: u16, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(HEADER_LEN + payload.len()).expect("a short message");
    let mut bytes = len.to_ne_bytes().to_vec();
    bytes.extend(kind.to_ne_bytes());
    bytes.extend([0; 2]);
    bytes.extend(sequence.to_ne_bytes());
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}

/// A channel with a script. It keeps what is sent; after the end of the script it receives nothing.
#[derive(Debug)]
pub(super) struct Scripted {
    script: VecDeque<Incoming>,
    last: Vec<u8>,
    sent: Vec<Vec<u8>>,
    refusal: Option<Errno>,
    deadlines: Vec<Instant>,
}

impl Scripted {
    pub(super) fn new(script: impl IntoIterator<Item = Incoming>) -> Self {
        Scripted {
            script: script.into_iter().collect(),
            last: Vec::new(),
            sent: Vec::new(),
            refusal: None,
            deadlines: Vec::new(),
        }
    }

    /// A channel whose messages are refused.
    pub(super) fn unconnected(errno: Errno) -> Self {
        Scripted { refusal: Some(errno), ..Scripted::new([]) }
    }

    pub(super) fn sent(&self) -> &[Vec<u8>] {
        &self.sent
    }

    pub(super) fn deadlines(&self) -> &[Instant] {
        &self.deadlines
    }
}

impl Channel for Scripted {
    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno> {
        self.sent.push(datagram.to_vec());
        self.refusal.map_or(Ok(()), Err)
    }

    fn receive(&mut self, deadline: Instant) -> Result<Datagram<'_>, Errno> {
        self.deadlines.push(deadline);
        let incoming = self.script.pop_front().ok_or(Errno::EAGAIN)?;
        self.last = incoming.result?;
        let Incoming { sender, truncated, .. } = incoming;
        Ok(Datagram { bytes: &self.last, sender, truncated })
    }
}
