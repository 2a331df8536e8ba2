//! A change through a real socket pair: each datagram of the kernel is lost, repeated, late, cut off, or changes places with
//! the next, in a change that succeeds and in a rollback. Afterwards the kernel holds exactly the old rules and settings or
//! exactly the new ones, or it is reported that this is not known.

use std::io::ErrorKind;
use std::os::unix::net::UnixDatagram;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rauditctl::apply::{Applied, Refused, carry_out};
use rauditctl::errno::Errno;
use rauditctl::kernel::{AuditKernel, Channel, Datagram, InProcess, Netlink};
use rauditctl::plan::Gaps;
use rauditctl::rule::{Control, Request};
use rauditctl::wire::{self, MessageType};

use super::changes::{NEW, Told, clean_run, loaded, planned};
use super::faulty::{State, state};
use crate::kernel_answers::scripted::bytes_of;

/// How long the client waits for a datagram. On a busy machine this can also be too short without a fault.
const PATIENCE: Duration = Duration::from_millis(40);

/// The message asks for an answer also if it is carried out.
const NLM_F_ACK: u16 = 4;

/// The length of a netlink header.
const HEADER: usize = 16;

/// What happens to a datagram of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Lost,
    Twice,
    Late,
    Cut,
    AfterNext,
}

const FAULTS: [Fault; 5] = [Fault::Lost, Fault::Twice, Fault::Late, Fault::Cut, Fault::AfterNext];

/// The kernel at the other end of the socket.
struct Other {
    kernel: InProcess,
    /// The datagram with this number, from 0, has a fault.
    fault: Option<(usize, Fault)>,
    /// The change with this number, from 0, is refused.
    refused: Option<(usize, Errno)>,
    datagrams: usize,
    changes: usize,
    /// Whether a datagram was lost. The socket reports that (`netlink_overrun`, net/netlink/af_netlink.c).
    has_lost: bool,
}

impl Other {
    /// Returns the datagrams that answer a message.
    fn answers(&mut self, kind: MessageType, sequence: u32, payload: &[u8]) -> Vec<Vec<u8>> {
        let one = |kind: u16, payload: &[u8]| bytes_of(sequence, kind, payload);
        let answer = |result: Result<u32, Errno>| {
            let code = result.map_or_else(|errno| -errno.number(), |_| 0);
            let mut payload = code.to_ne_bytes().to_vec();
            payload.extend([0; HEADER]);
            one(2, &payload)
        };
        match kind {
            MessageType::GET => {
                let status = self.kernel.status().expect("a status");
                vec![answer(Ok(0)), one(kind.0, &status.encode())]
            }
            MessageType::GET_FEATURE => {
                let features = self.kernel.features().expect("features");
                vec![answer(Ok(0)), one(kind.0, &features.encode())]
            }
            MessageType::LIST_RULES => {
                let rules = self.kernel.rules().expect("rules");
                let mut all = vec![answer(Ok(0))];
                all.extend(rules.iter().map(|rule| one(kind.0, &wire::encode(rule))));
                all.push(one(3, &0_i32.to_ne_bytes()));
                all
            }
            _ => {
                let request = match kind {
                    MessageType::ADD_RULE => Request::Add(wire::decode(payload).expect("a rule")),
                    MessageType::DEL_RULE => {
                        Request::Delete(wire::decode(payload).expect("a rule"))
                    }
                    MessageType::SET => Request::Control(setting(payload)),
                    other => panic!("{other:?}"),
                };
                let refused = self.refused.filter(|(at, _)| *at == self.changes);
                self.changes += 1;
                vec![answer(match refused {
                    Some((_, errno)) => Err(errno),
                    None => self.kernel.send_one(&request),
                })]
            }
        }
    }

    /// Returns the datagrams that leave the kernel, each with the time that it takes.
    fn with_faults(&mut self, answers: Vec<Vec<u8>>) -> Vec<(Vec<u8>, Duration)> {
        let mut sent: Vec<(Vec<u8>, Duration)> = Vec::new();
        let mut held = None;
        for datagram in answers {
            let fault = self.fault.filter(|(at, _)| *at == self.datagrams).map(|(_, fault)| fault);
            self.datagrams += 1;
            let now = Duration::ZERO;
            match fault {
                Some(Fault::Lost) => self.has_lost = true,
                Some(Fault::Twice) => sent.extend([(datagram.clone(), now), (datagram, now)]),
                Some(Fault::Late) => sent.push((datagram, PATIENCE * 2)),
                Some(Fault::Cut) => sent.push((datagram[..datagram.len() - 3].to_vec(), now)),
                Some(Fault::AfterNext) => held = Some(datagram),
                None => {
                    sent.push((datagram, now));
                    sent.extend(held.take().map(|late| (late, now)));
                }
            }
        }
        sent.extend(held.map(|late| (late, Duration::ZERO)));
        sent
    }
}

/// Returns the setting of an AUDIT_SET message (`struct audit_status`, linux/audit.h).
fn setting(payload: &[u8]) -> Control {
    let word =
        |at: usize| u32::from_ne_bytes(payload[4 * at..4 * at + 4].try_into().expect("four bytes"));
    match word(0) {
        1 => Control::Enabled(word(1)),
        2 => Control::Failure(word(2)),
        8 => Control::RateLimit(word(4)),
        16 => Control::BacklogLimit(word(5)),
        32 => Control::BacklogWaitTime(word(9)),
        mask => panic!("no setting: {mask}"),
    }
}

/// Returns whether an answer shows that a request was carried out. Only a message with `NLM_F_ACK` is answered so
/// (`audit_receive`, kernel/audit.c).
fn is_success(answer: &[u8]) -> bool {
    answer[4..6] == 2_u16.to_ne_bytes() && answer[HEADER..HEADER + 4] == [0; 4]
}

/// Answers until an empty datagram comes.
fn serve(socket: &UnixDatagram, other: &Mutex<Other>) {
    let mut buffer = vec![0; 1 << 20];
    loop {
        let len = socket.recv(&mut buffer).expect("a datagram");
        if len == 0 {
            return;
        }
        let mut rest = &buffer[..len];
        while !rest.is_empty() {
            let word = |at: usize| u32::from_ne_bytes(rest[at..at + 4].try_into().expect("bytes"));
            let kind = MessageType(u16::from_ne_bytes([rest[4], rest[5]]));
            let (len, sequence) = (word(0) as usize, word(8));
            let asks = u16::from_ne_bytes([rest[6], rest[7]]) & NLM_F_ACK != 0;
            let sent = {
                let mut other = other.lock().expect("the kernel");
                let mut answers = other.answers(kind, sequence, &rest[HEADER..len]);
                answers.retain(|answer| asks || !is_success(answer));
                other.with_faults(answers)
            };
            for (datagram, time) in sent {
                thread::sleep(time);
                // The client may have gone.
                let _ = socket.send(&datagram);
            }
            rest = &rest[len.next_multiple_of(4).min(rest.len())..];
        }
    }
}

/// The client's end of the socket.
struct Pair {
    socket: UnixDatagram,
    buffer: Vec<u8>,
    other: Arc<Mutex<Other>>,
}

impl Channel for Pair {
    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno> {
        self.socket.send(datagram).map(|_| ()).map_err(|_| Errno::ECONNREFUSED)
    }

    fn receive(&mut self, _: Instant) -> Result<Datagram<'_>, Errno> {
        if std::mem::take(&mut self.other.lock().expect("the kernel").has_lost) {
            return Err(Errno::ENOBUFS);
        }
        match self.socket.recv(&mut self.buffer) {
            Ok(len) => Ok(Datagram { bytes: &self.buffer[..len], sender: 0, truncated: false }),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                Err(Errno::EAGAIN)
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// A kernel at the other end of a socket.
struct Remote {
    other: Arc<Mutex<Other>>,
    client: Netlink<Pair>,
    end: UnixDatagram,
    thread: JoinHandle<()>,
}

impl Remote {
    fn start() -> Self {
        let (near, far) = UnixDatagram::pair().expect("a socket pair");
        let other = Arc::new(Mutex::new(Other {
            kernel: loaded(),
            fault: None,
            refused: None,
            datagrams: 0,
            changes: 0,
            has_lost: false,
        }));
        let end = near.try_clone().expect("a descriptor");
        let shared = Arc::clone(&other);
        let thread = thread::spawn(move || serve(&far, &shared));
        let client = Netlink::over(Pair {
            socket: near,
            buffer: vec![0; 1 << 16],
            other: Arc::clone(&other),
        });
        Remote { other, client, end, thread }
    }

    fn other(&self) -> MutexGuard<'_, Other> {
        self.other.lock().expect("the kernel")
    }

    /// Carries out the change. Returns the result, what was reported, the state, and the number of datagrams.
    fn change(
        mut self,
        fault: Option<(usize, Fault)>,
        refused: Option<(usize, Errno)>,
    ) -> (Applied, Told, State, usize) {
        let (before, change) = planned(&mut self.client, NEW, Gaps::Avoided);
        {
            let mut other = self.other();
            (other.fault, other.refused) = (fault, refused);
            (other.datagrams, other.changes) = (0, 0);
        }
        if fault.is_some() {
            self.end.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        }
        let mut told = Told::default();
        let applied = carry_out(&mut self.client, &before, &change, Refused::RollBack, &mut told);
        self.end.send(&[]).expect("it is sent");
        self.thread.join().expect("it ends");
        let mut other = self.other.lock().expect("the kernel");
        let now = state(&mut other.kernel);
        (applied, told, now, other.datagrams)
    }
}

#[test]
fn faults_on_a_socket_leave_one_state_or_are_reported() {
    let (old, new, _) = clean_run(Gaps::Avoided);
    let (mut reported, mut runs) = (0, 0);
    for refused in [None, Some((5, Errno::ENOMEM)), Some((9, Errno::ENOENT))] {
        let (applied, told, now, datagrams) = Remote::start().change(None, refused);
        let expected = if refused.is_some() { &old } else { &new };
        assert_eq!((&now, told.rolled_back), (expected, refused.is_some()), "{applied:?}");
        for (at, fault) in (0..datagrams).flat_map(|at| FAULTS.map(|fault| (at, fault))) {
            runs += 1;
            let (applied, told, now, _) = Remote::start().change(Some((at, fault)), refused);
            let shown =
                || format!("{fault:?} at {at} of {datagrams}, {refused:?}: {applied:?} {told:?}");
            match applied {
                Applied::Done { refused: 0 } => assert_eq!(now, new, "{}", shown()),
                Applied::Done { .. } => panic!("{}", shown()),
                Applied::Failed if told.rolled_back => assert_eq!(now, old, "{}", shown()),
                Applied::Failed => {
                    assert!(told.error.is_some(), "{}", shown());
                    reported += 1;
                }
            }
        }
    }
    assert!(reported * 4 < runs, "{reported} times of {runs} the state was not known");
}
