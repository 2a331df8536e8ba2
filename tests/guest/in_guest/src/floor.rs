//! The least that loading rules takes: datagrams that are ready, and one listing.

use std::path::Path;
use std::time::{Duration, Instant};

use rauditctl::kernel::{AuditSocket, Channel};
use rauditctl::wire::{Frame, HEADER_LEN, MessageType};

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
    let datagrams: Vec<(usize, Vec<u8>)> =
        messages.chunks(TOGETHER).map(|chunk| (chunk.len(), chunk.concat())).collect();
    let list = Frame { kind: MessageType::LIST_RULES, payload: Vec::new() }.message(u32::MAX);

    let start = Instant::now();
    let mut socket = AuditSocket::open().map_err(|errno| errno.to_string())?;
    for (count, datagram) in &datagrams {
        socket.send(datagram).map_err(|errno| errno.to_string())?;
        receive(&mut socket, ERROR, *count)?;
    }
    socket.send(&list).map_err(|errno| errno.to_string())?;
    receive(&mut socket, DONE, 1)?;
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

/// Receives until this many messages of a type have come. A refusal is an error.
fn receive(socket: &mut AuditSocket, kind: u16, mut count: usize) -> Result<(), String> {
    while count > 0 {
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
        count -= usize::from(found == kind);
    }
    Ok(())
}
