//! The datagrams to and from a kernel.

use std::collections::VecDeque;
use std::io::IoSliceMut;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::time::Instant;

use netlink_sys::{Socket, SocketAddr, protocols};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{MsgFlags, MultiHeaders, NetlinkAddr, recvmmsg, setsockopt, sockopt};

use crate::errno::Errno;

/// The length of a datagram that is received at first. auditctl sends no longer rule ([`crate::wire::MAX_MESSAGE_LEN`]).
const USUAL_LEN: usize = 16 * 1024;
/// The maximum length of a datagram of the kernel: 64 paths. Where such a buffer is used without need, the system may clear
/// huge pages for it, which takes longer than to list a thousand rules.
const LONGEST: usize = 256 * 1024;

/// The number of datagrams that one system call receives. Acknowledgements and the rules of a listing come one in a
/// datagram. With audit on, the kernel walks its rules at the end of each call, also of ours.
const RECEIVED_TOGETHER: usize = 32;

/// The size of the socket's buffer: enough for a listing of 10,000 rules. If the buffer is full, the kernel waits for
/// 100 ms and then drops the rest (`audit_net_init`), and a program on a busy machine may not run for that long.
const SOCKET_BUFFER: usize = 32 * 1024 * 1024;

/// Transports datagrams between a client and a kernel.
///
/// [`AuditSocket`] does so for the running kernel; tests use another channel to imitate a kernel with unusual
/// answers.
pub trait Channel {
    /// Sends one datagram.
    ///
    /// # Errors
    /// The errno of sending.
    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno>;

    /// Waits for the next datagram until `deadline`.
    ///
    /// # Errors
    /// `EAGAIN` if none arrived in time, `ENOBUFS` if the buffer was too small for all datagrams.
    fn receive(&mut self, deadline: Instant) -> Result<Datagram<'_>, Errno>;

    /// Returns the time, which deadlines are compared with. A test can let it pass faster.
    fn now(&self) -> Instant {
        Instant::now()
    }
}

/// A received datagram.
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'c> {
    /// Its content, or the beginning of its content.
    pub bytes: &'c [u8],
    /// The netlink port of the sender: 0 is the kernel, anything else a program.
    pub sender: u32,
    /// Whether it was longer than the buffer. The next ones may be longer.
    pub truncated: bool,
}

/// A NETLINK_AUDIT socket.
#[derive(Debug)]
pub struct AuditSocket {
    socket: Socket,
    /// Parts for [`RECEIVED_TOGETHER`] datagrams.
    buffer: Vec<u8>,
    /// The length of a part.
    part_len: usize,
    /// Whether a datagram was longer than a part.
    is_too_short: bool,
    /// The datagrams in the buffer that are not taken yet.
    received: VecDeque<Received>,
}

/// A datagram in the buffer.
#[derive(Clone, Copy, Debug)]
struct Received {
    /// The index of its part of the buffer.
    part: usize,
    /// Its whole length.
    len: usize,
    sender: u32,
}

impl AuditSocket {
    /// Opens a socket.
    ///
    /// # Errors
    /// The errno of `socket(2)`: `EPROTONOSUPPORT` for a kernel without audit.
    pub fn open() -> Result<Self, Errno> {
        let socket = Socket::new(protocols::NETLINK_AUDIT).map_err(|error| Errno::of(&error))?;
        // A refusal then does not contain the request, so more answers fit into the buffer. Kernels before 4.3 do not
        // support this option, and nothing depends on it.
        let _ = socket.set_cap_ack(true);
        let buffer = vec![0; RECEIVED_TOGETHER * USUAL_LEN];
        let socket = AuditSocket {
            socket,
            buffer,
            part_len: USUAL_LEN,
            is_too_short: false,
            received: VecDeque::new(),
        };
        // Needs CAP_NET_ADMIN. Without it, a question is repeated if its answer was lost.
        let _ = setsockopt(&socket.fd(), sockopt::RcvBufForce, &SOCKET_BUFFER);
        Ok(socket)
    }

    #[expect(unsafe_code, reason = "netlink-sys gives the descriptor only as a number")]
    fn fd(&self) -> BorrowedFd<'_> {
        // SAFETY: the descriptor belongs to `self.socket`, which outlives the borrow.
        unsafe { BorrowedFd::borrow_raw(self.socket.as_raw_fd()) }
    }

    /// Makes the parts longer if a datagram did not fit.
    fn grow(&mut self) {
        if self.is_too_short && self.part_len < LONGEST {
            self.part_len = LONGEST;
            self.buffer = vec![0; RECEIVED_TOGETHER * LONGEST];
        }
    }

    /// Receives the datagrams that have arrived, at least one.
    fn receive_some(&mut self) -> Result<(), nix::Error> {
        let descriptor = self.socket.as_raw_fd();
        let parts = self.buffer.chunks_mut(self.part_len);
        let mut parts: Vec<_> = parts.map(|part| [IoSliceMut::new(part)]).collect();
        let mut headers = MultiHeaders::<NetlinkAddr>::preallocate(parts.len(), None);
        let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_TRUNC;
        let messages = recvmmsg(descriptor, &mut headers, &mut parts, flags, None)?;
        self.received.extend(messages.enumerate().map(|(part, message)| Received {
            part,
            len: message.bytes,
            // A sender without an address is not the kernel.
            sender: message.address.map_or(u32::MAX, |address| address.pid()),
        }));
        Ok(())
    }

    /// Waits until a datagram can be received.
    fn wait(&self, deadline: Instant) -> Result<(), Errno> {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        match poll(&mut [PollFd::new(self.fd().as_fd(), PollFlags::POLLIN)], timeout) {
            Ok(0) => Err(Errno::EAGAIN),
            Ok(_) | Err(nix::Error::EINTR) => Ok(()),
            Err(errno) => Err(Errno::from_number(errno as i32)),
        }
    }
}

impl Channel for AuditSocket {
    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno> {
        loop {
            match self
                .socket
                .send_to(datagram, &SocketAddr::new(0, 0), 0)
                .map_err(|error| Errno::of(&error))
            {
                Ok(len) if len == datagram.len() => return Ok(()),
                Ok(_) => return Err(Errno::EINVAL),
                Err(Errno::EINTR) => {}
                Err(errno) => return Err(errno),
            }
        }
    }

    fn receive(&mut self, deadline: Instant) -> Result<Datagram<'_>, Errno> {
        let Received { part, len, sender } = loop {
            if let Some(next) = self.received.pop_front() {
                self.is_too_short |= next.len > self.part_len;
                break next;
            }
            self.grow();
            match self.receive_some() {
                Err(nix::Error::EAGAIN) => self.wait(deadline)?,
                Ok(()) | Err(nix::Error::EINTR) => {}
                Err(errno) => return Err(Errno::from_number(errno as i32)),
            }
        };
        let part = self.buffer.chunks(self.part_len).nth(part).unwrap_or_default();
        let bytes = part.get(..len.min(part.len())).unwrap_or_default();
        Ok(Datagram { bytes, sender, truncated: len > bytes.len() })
    }
}
