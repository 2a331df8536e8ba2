//! The running kernel, through a NETLINK_AUDIT socket.
//!
//! Many requests are sent in one datagram, each with its own sequence number. The kernel handles them in order, and
//! answers each that it refuses, and the last. An answer is recognized only by that number and by its sender (the kernel
//! is port 0). Other messages may arrive in between and are ignored. The answer to a question may arrive before or after
//! its acknowledgement.

use std::time::{Duration, Instant};

use netlink_packet_core::{NetlinkBuffer, NetlinkMessage, NetlinkPayload};

use super::channel::{AuditSocket, Channel};
use super::question::Question;
use super::{Answer, AuditKernel, BATCH_LEN, KernelError};
use crate::errno::Errno;
use crate::rule::{Mask, Request, Rule};
use crate::wire::{self, FeatureSet, Frame, MAX_MESSAGE_LEN, MessageType, Status};

/// The maximum time for one answer. Deleting a rule waits for every CPU (`synchronize_rcu`), which can take long on a
/// busy machine.
const PATIENCE: Duration = Duration::from_secs(40);
/// The maximum number of times that a question is asked.
const ATTEMPTS: usize = 3;
/// The first type of message that belongs to audit and not to netlink itself (`NLMSG_MIN_TYPE`).
const FIRST_OF_FAMILY: u16 = 16;
/// The maximum number of bytes in one datagram, well below the default send buffer.
const BATCH_BYTES: usize = 128 * 1024;

/// A client of the running kernel, through its socket or, in a test, another [`Channel`].
#[derive(Debug)]
pub struct Netlink<C = AuditSocket> {
    channel: C,
    sequence: u32,
}

impl Netlink {
    /// Opens a socket; nothing is sent yet.
    ///
    /// # Errors
    /// The errno of `socket(2)`: `EPROTONOSUPPORT` for a kernel without audit.
    pub fn open() -> Result<Self, Errno> {
        AuditSocket::open().map(Netlink::over)
    }
}

impl<C: Channel> Netlink<C> {
    /// Creates a client that sends through `channel`.
    pub fn over(channel: C) -> Self {
        Netlink { channel, sequence: 0 }
    }

    /// Returns the channel of the client.
    pub fn channel(&self) -> &C {
        &self.channel
    }

    fn next_sequence(&mut self) -> u32 {
        self.sequence = self.sequence.wrapping_add(1).max(1);
        self.sequence
    }

    /// Sends one datagram of requests and collects the answers.
    fn send_batch(&mut self, batch: &[&Request]) -> Result<Vec<Answer>, KernelError> {
        let mut bytes = Vec::with_capacity(BATCH_BYTES);
        let mut pending = Pending::after(self.sequence, batch.len());
        let mut last: Option<(usize, u32)> = None;
        for request in batch {
            let sequence = self.next_sequence();
            let before = bytes.len();
            let len = wire::append_request(request, sequence, &mut bytes);
            if len > MAX_MESSAGE_LEN {
                bytes.truncate(before);
                pending.answer(sequence, Err(Errno::EINVAL));
            } else if let Some((previous, _)) = last.replace((before, sequence)) {
                wire::ask_for_refusal_only(bytes.get_mut(previous..).unwrap_or_default());
            }
        }
        if let Some((_, last)) = last {
            self.channel.send(&bytes).map_err(KernelError::Refused)?;
            self.receive_answers(last, &mut pending)?;
        }
        Ok(pending.answers.into_iter().map(|answer| answer.unwrap_or(Ok(0))).collect())
    }

    /// Receives the answers to a datagram, up to that to its last request.
    fn receive_answers(&mut self, last: u32, pending: &mut Pending) -> Result<(), KernelError> {
        let mut deadline = self.deadline();
        while !pending.is_answered(last) {
            let missing = pending.missing;
            self.receive(deadline, |header, message| {
                if let Message::Code(code) = message {
                    pending.answer(header, answer(code));
                }
            })?;
            if pending.missing < missing {
                deadline = self.deadline();
            }
        }
        Ok(())
    }

    /// Asks a question and passes the messages of the answer to `read`, each with its number from 0. Returns how many they
    /// are. Asks again if a part of the answer was lost: it changes nothing.
    fn ask(
        &mut self,
        question: Question,
        mut read: impl FnMut(usize, &[u8]) -> Result<(), KernelError>,
    ) -> Result<usize, KernelError> {
        let mut answer = self.ask_once(question, &mut read);
        for _ in 1..ATTEMPTS {
            match answer {
                Err(KernelError::AnswersLost) => answer = self.ask_once(question, &mut read),
                _ => break,
            }
        }
        let (messages, read) = answer?;
        read.map(|()| messages)
    }

    /// Returns the number of messages, and the first error of `read`: the answer is received to its end.
    fn ask_once(
        &mut self,
        question: Question,
        mut read: impl FnMut(usize, &[u8]) -> Result<(), KernelError>,
    ) -> Result<(usize, Result<(), KernelError>), KernelError> {
        let sequence = self.next_sequence();
        let kind = question.kind();
        self.channel.send(&question.bytes(sequence)).map_err(KernelError::Refused)?;

        let (mut messages, mut result) = (0, Ok(()));
        let mut end = None;
        let mut deadline = self.deadline();
        while end.is_none() {
            let known = messages;
            self.receive(deadline, |answered, message| match message {
                _ if answered != sequence => {}
                Message::Code(code) => {
                    if let Err(errno) = answer(code) {
                        end = Some(Err(KernelError::Refused(errno)));
                    }
                }
                Message::End => end = Some(Ok(())),
                Message::Part(part, payload) if part == kind => {
                    if result.is_ok() {
                        result = read(messages, payload);
                    }
                    messages += 1;
                    // Only a list of rules consists of several messages.
                    if kind != MessageType::LIST_RULES {
                        end = Some(Ok(()));
                    }
                }
                _ => {}
            })?;
            if messages > known {
                deadline = self.deadline();
            }
        }
        end.unwrap_or(Ok(())).map(|()| (messages, result))
    }

    fn ask_one<T>(
        &mut self,
        question: Question,
        mut read: impl FnMut(&[u8]) -> Result<T, KernelError>,
    ) -> Result<T, KernelError> {
        let mut answer = None;
        self.ask(question, |_, payload| {
            answer = Some(read(payload)?);
            Ok(())
        })?;
        answer.ok_or(KernelError::NoAnswer)
    }

    /// Returns the end of the wait for the next answer. Only an answer extends it: messages of other
    /// programs, and messages of the kernel that answer nothing, may arrive without end.
    fn deadline(&self) -> Instant {
        self.channel.now() + PATIENCE
    }

    /// Waits until `deadline` for a datagram of the kernel and passes its messages to `take`, each with its sequence
    /// number.
    fn receive(
        &mut self,
        deadline: Instant,
        mut take: impl FnMut(u32, Message<'_>),
    ) -> Result<(), KernelError> {
        loop {
            if self.channel.now() >= deadline {
                return Err(KernelError::NoAnswer);
            }
            match self.channel.receive(deadline) {
                // Any program may send to a netlink socket; only the kernel has port 0.
                Ok(datagram) if datagram.sender != 0 => {}
                Ok(datagram) if datagram.truncated => return Err(KernelError::AnswersLost),
                Ok(datagram) => return each_message(datagram.bytes, &mut take),
                Err(Errno::EAGAIN) => return Err(KernelError::NoAnswer),
                Err(Errno::ENOBUFS) => return Err(KernelError::AnswersLost),
                Err(errno) => return Err(KernelError::Socket(errno)),
            }
        }
    }
}

impl<C: Channel> AuditKernel for Netlink<C> {
    fn send(&mut self, requests: &[&Request]) -> Result<Vec<Answer>, KernelError> {
        let mut answers = Vec::with_capacity(requests.len());
        let mut batch = Vec::with_capacity(BATCH_LEN.min(requests.len()));
        let mut bytes = 0;
        for request in requests {
            let len = message_len(request);
            if batch.len() == BATCH_LEN || bytes + len > BATCH_BYTES {
                answers.extend(self.send_batch(&batch)?);
                batch.clear();
                bytes = 0;
            }
            batch.push(request);
            bytes += len;
        }
        if !batch.is_empty() {
            answers.extend(self.send_batch(&batch)?);
        }
        Ok(answers)
    }

    fn status(&mut self) -> Result<Status, KernelError> {
        self.ask_one(Question::Status, |payload| Ok(Status::decode(payload)?))
    }

    fn features(&mut self) -> Result<FeatureSet, KernelError> {
        self.ask_one(Question::Features, |payload| Ok(FeatureSet::decode(payload)?))
    }

    fn rules(&mut self) -> Result<Vec<Rule>, KernelError> {
        let (mut last, mut rules) = (Mask::EMPTY, Vec::new());
        let count = self.ask(Question::Rules, |at, payload| {
            rules.truncate(at);
            let rule = wire::decode_after(&last, payload)?;
            last = rule.mask.clone();
            rules.push(rule);
            Ok(())
        })?;
        rules.truncate(count);
        Ok(rules)
    }

    fn holds(&mut self, rules: &[&Rule]) -> Result<bool, KernelError> {
        let mut held = 0;
        let count = self.ask(Question::Rules, |at, payload| {
            let is_held = rules.get(at).is_some_and(|rule| wire::is_rule(payload, rule));
            held = if at == 0 { 0 } else { held } + usize::from(is_held);
            Ok(())
        })?;
        Ok([held, count] == [rules.len(); 2])
    }
}

/// The answers to a batch, whose requests have consecutive sequence numbers.
struct Pending {
    /// The number before that of the first request.
    before: u32,
    answers: Vec<Option<Answer>>,
    missing: usize,
}

impl Pending {
    fn after(before: u32, requests: usize) -> Self {
        Pending { before, answers: vec![None; requests], missing: requests }
    }

    fn answer(&mut self, sequence: u32, answer: Answer) {
        let known = self.index(sequence).and_then(|index| self.answers.get_mut(index));
        if let Some(known @ None) = known {
            *known = Some(answer);
            self.missing -= 1;
        }
    }

    fn is_answered(&self, sequence: u32) -> bool {
        let answer = self.index(sequence).and_then(|index| self.answers.get(index));
        answer.is_some_and(Option::is_some)
    }

    fn index(&self, sequence: u32) -> Option<usize> {
        // No request has the number 0: it is left out where the numbers start again.
        if sequence == 0 {
            return None;
        }
        let skipped = u32::from(sequence <= self.before);
        let index = sequence.wrapping_sub(self.before).wrapping_sub(skipped).checked_sub(1)?;
        usize::try_from(index).ok()
    }
}

/// Returns the answer for the code of an acknowledgement: 0, a negative errno, or, for a reset, the old count.
fn answer(code: i32) -> Answer {
    match u32::try_from(code) {
        Ok(count) => Ok(count),
        Err(_) => Err(Errno::from_number(code.saturating_neg())),
    }
}

/// A message of the kernel.
enum Message<'m> {
    /// An acknowledgement, with its code.
    Code(i32),
    /// The end of a listing.
    End,
    /// A part of an answer.
    Part(MessageType, &'m [u8]),
    /// Anything else.
    Other,
}

impl<'m> Message<'m> {
    /// Reads a message, which fills the bytes. The payload of a rule is not copied.
    fn read(bytes: &'m [u8], kind: u16) -> Result<Self, KernelError> {
        if kind >= FIRST_OF_FAMILY {
            let buffer = NetlinkBuffer::new_checked(bytes).map_err(|_| KernelError::Garbled)?;
            return Ok(Message::Part(MessageType(kind), buffer.payload()));
        }
        let message = NetlinkMessage::<Frame>::deserialize(bytes);
        Ok(match message.map_err(|_| KernelError::Garbled)?.payload {
            NetlinkPayload::Error(error) => Message::Code(error.raw_code()),
            NetlinkPayload::Done(_) => Message::End,
            _ => Message::Other,
        })
    }
}

fn each_message(
    mut bytes: &[u8],
    take: &mut impl FnMut(u32, Message<'_>),
) -> Result<(), KernelError> {
    while !bytes.is_empty() {
        let buffer = NetlinkBuffer::new_checked(bytes).map_err(|_| KernelError::Garbled)?;
        let len = buffer.length() as usize;
        let message = bytes.get(..len).ok_or(KernelError::Garbled)?;
        take(buffer.sequence_number(), Message::read(message, buffer.message_type())?);
        bytes = bytes.get(len.next_multiple_of(4)..).unwrap_or_default();
    }
    Ok(())
}

fn message_len(request: &Request) -> usize {
    match request {
        Request::Add(rule) | Request::Delete(rule) => {
            let texts = rule.fields.iter().map(|field| match field {
                crate::rule::Field::Text { text, .. } => text.len(),
                crate::rule::Field::Number { .. } => 0,
            });
            wire::HEADER_LEN + wire::FIXED_LEN + texts.sum::<usize>()
        }
        Request::Control(_) => MAX_MESSAGE_LEN,
    }
}
