//! Reads records as the kernel writes them.

use netlink_sys::constants::NETLINK_AUDIT;
use netlink_sys::{Socket, SocketAddr};
use rauditctl::kernel::Netlink;
use rauditctl::rule::Control;

/// The record of a syscall (`AUDIT_SYSCALL`).
const SYSCALL: u16 = 1300;
/// The record of a change of the settings or rules (`AUDIT_CONFIG_CHANGE`).
const CONFIG_CHANGE: u16 = 1305;
/// The group of those who read records (`AUDIT_NLGRP_READLOG`).
const READERS: u32 = 1;
/// The size of a netlink header.
const HEADER: usize = 16;
/// The size of the receive buffer in bytes.
const BUFFER: usize = 4 << 20;

/// A record.
pub(super) struct Record {
    pub(super) kind: u16,
    /// The number of the event.
    pub(super) serial: u64,
    /// The fields, after `audit(TIME:SERIAL): `.
    pub(super) text: String,
}

impl Record {
    /// Returns whether this is the main record of a call.
    pub(super) fn is_of(&self, pid: i32, arch: &str, number: i64) -> bool {
        self.kind == SYSCALL
            && self.value("pid") == Some(&pid.to_string())
            && self.value("arch") == Some(arch)
            && self.value("syscall") == Some(&number.to_string())
    }

    /// Returns the value of a field.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let fields = self.text.split(' ').filter_map(|field| field.split_once('='));
        fields.into_iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    fn read(message: &[u8]) -> Option<Record> {
        let kind = u16::from_ne_bytes([*message.get(4)?, *message.get(5)?]);
        let text = String::from_utf8_lossy(message.get(HEADER..)?).into_owned();
        let (event, text) =
            text.trim_end_matches('\0').strip_prefix("audit(")?.split_once("): ")?;
        let (_, serial) = event.split_once(':')?;
        Some(Record { kind, serial: serial.parse().ok()?, text: text.trim_end().to_owned() })
    }
}

/// A reader of records.
pub(super) struct Records(Socket);

impl Records {
    pub(super) fn open() -> Self {
        let _ = std::fs::write("/proc/sys/net/core/rmem_max", BUFFER.to_string());
        let mut socket = Socket::new(NETLINK_AUDIT).expect("a socket");
        socket.set_rx_buf_sz(BUFFER as u32).expect("a larger buffer");
        socket.bind(&SocketAddr::new(0, 0)).expect("an address");
        socket.add_membership(READERS).expect("the group of readers");
        Records(socket)
    }

    /// Returns the records of all that happened until now.
    pub(super) fn until_now(&mut self, kernel: &mut Netlink) -> Result<Vec<Record>, String> {
        // The records come in order. The record of this change is the last.
        super::control(kernel, Control::Failure(1))?;
        let mut records = Vec::new();
        loop {
            let (message, _) = self.0.recv_from_full().map_err(|error| error.to_string())?;
            let record = Record::read(&message).expect("a record");
            if record.kind == CONFIG_CHANGE && record.text.contains("op=set audit_failure=") {
                return Ok(records);
            }
            records.push(record);
        }
    }
}
