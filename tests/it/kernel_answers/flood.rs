//! A channel on which foreign messages arrive without end, one a second.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rauditctl::errno::Errno;
use rauditctl::kernel::{Channel, Datagram};

use super::scripted::Incoming;

/// More messages than any client should wait for.
const PATIENCE: u64 = 1000;

/// A flood of one message, with other messages in it now and then. Its clock runs with the messages.
#[derive(Debug)]
pub(super) struct Flood {
    foreign: Vec<u8>,
    sender: u32,
    start: Instant,
    seconds: u64,
    interval: u64,
    script: VecDeque<Incoming>,
    last: Vec<u8>,
}

impl Flood {
    /// A flood of this message.
    pub(super) fn of(foreign: Incoming) -> Self {
        Flood {
            sender: foreign.sender,
            foreign: foreign.into_bytes(),
            start: Instant::now(),
            seconds: 0,
            interval: 1,
            script: VecDeque::new(),
            last: Vec::new(),
        }
    }

    /// The same flood, in which every `interval` seconds one of `script` arrives.
    pub(super) fn every(self, interval: u64, script: impl IntoIterator<Item = Incoming>) -> Self {
        Flood { interval, script: script.into_iter().collect(), ..self }
    }

    /// The seconds that passed.
    pub(super) fn seconds(&self) -> u64 {
        self.seconds
    }
}

impl Channel for Flood {
    fn send(&mut self, _: &[u8]) -> Result<(), Errno> {
        Ok(())
    }

    fn receive(&mut self, _: Instant) -> Result<Datagram<'_>, Errno> {
        self.seconds += 1;
        assert!(self.seconds < PATIENCE, "the client waits for ever");
        let due = self.seconds.is_multiple_of(self.interval);
        if let Some(incoming) = due.then(|| self.script.pop_front()).flatten() {
            self.last = incoming.into_bytes();
            return Ok(Datagram { bytes: &self.last, sender: 0, truncated: false });
        }
        Ok(Datagram { bytes: &self.foreign, sender: self.sender, truncated: false })
    }

    fn now(&self) -> Instant {
        self.start + Duration::from_secs(self.seconds)
    }
}
