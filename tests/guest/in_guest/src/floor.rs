//! The least that loading rules takes: datagrams that are ready, and one listing.

use std::path::Path;
use std::time::{Duration, Instant};

use rauditctl::kernel::{AuditSocket, Channel};
use rauditctl::wire::{Frame, HEADER_LEN, MessageType, ask_for_refusal_only};

/// The number of messages in a datagram.
const TOGETHER: usize = 100;
/// The maximum time for an answer.
const PATIENCE: Duration = Duration::from_secs(40);

/// `NLMSG_ERROR`, which is also the type of acknowledgments.
const ERROR: u16 = 2;
/// `NLMSG_DONE`, the end of a listing.
const DONE: u16 = 3;

/// Sends the messages of a file, and lists the rules. Prints how long that takes, without reading the file.
pub(crate) fn run(file: &Path) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let messages = messages(&bytes);
    let datagrams: Vec<Vec<u8>> = messages.chunks(TOGETHER).map(datagram).collect();
    let list = Frame { kind: MessageType::LIST_RULES, payload: Vec::new() }.message(u32::MAX);

    let start = Instant::now();
    let mut socket = AuditSocket::open().map_err(|errno| errno.to_string())?;
    for datagram in &datagrams {
        socket.send(datagram).map_err(|errno| errno.to_string())?;
        receive(&mut socket, ERROR)?;
    }
    socket.send(&list).map_err(|errno| errno.to_string())?;
    receive(&mut socket, DONE)?;
    println!("{}", start.elapsed().as_nanos());
    Ok(())
}

/// Returns the messages of a file, with their padding.
fn messages(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut messages = Vec::new();
    while let Some(length) = bytes.first_chunk() {
        let (message, rest) =
            bytes.split_at((u32::from_ne_bytes(*length) as usize).next_multiple_of(4));
        messages.push(message);
        bytes = rest;
    }
    messages
}

/// Returns messages as one datagram, as [`rauditctl::kernel::Netlink`] sends them: only the last asks for an answer.
fn datagram(messages: &[&[u8]]) -> Vec<u8> {
    let mut datagram = messages.concat();
    let last = messages.last().map_or(0, |last| datagram.len() - last.len());
    let mut start = 0;
    for message in messages {
        if start < last {
            ask_for_refusal_only(&mut datagram[start..]);
        }
        start += message.len();
    }
    datagram
}

/// Receives until a message of a type has come. A refusal is an error.
fn receive(socket: &mut AuditSocket, kind: u16) -> Result<(), String> {
    loop {
        let datagram =
            socket.receive(Instant::now() + PATIENCE).map_err(|errno| errno.to_string())?;
        let header = datagram.bytes.first_chunk::<HEADER_LEN>().expect("a message");
        let found = u16::from_ne_bytes([header[4], header[5]]);
        if found == ERROR {
            let code = &datagram.bytes[HEADER_LEN..HEADER_LEN + 4];
            if code != [0; 4] {
                return Err("the kernel refuses a request".to_owned());
            }
        }
        if found == kind {
            return Ok(());
        }
    }
}
