//! Two threads: one reads a log and puts its lines together to events, the other counts the events, in the same order.

use std::mem;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, available_parallelism};

use crate::ingest::Group;

/// Maximum number of events that are passed at once.
const MOST: usize = 128;

/// The number of their bytes from which on they are passed. An event can have more.
const BYTES: usize = 256 << 10;

/// Maximum number of batches that wait. It also limits what the memory of a batch is kept for.
const WAITING: usize = 3;

/// How many threads read a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// One reads and counts.
    One,
    /// One reads, another one counts.
    Two,
}

impl Threads {
    /// Returns two threads if this process can use two processors.
    pub fn available() -> Self {
        match available_parallelism() {
            Ok(number) if number.get() > 1 => Threads::Two,
            _ => Threads::One,
        }
    }
}

/// Events that are passed at once.
type Batch = Vec<Box<Group>>;

/// Calls `read` with a function that passes events to `count` in another thread, and returns what it returns when all are
/// counted; `None` if there is no other thread. The function takes an event, and leaves another one whose memory can be
/// used again.
pub(super) fn counted_apart<T>(
    count: &mut (impl FnMut(&Group) + Send),
    read: impl FnOnce(&mut dyn FnMut(&mut Box<Group>)) -> T,
) -> Option<T> {
    let (full, events) = sync_channel::<Batch>(WAITING);
    let (empty, used) = sync_channel::<Batch>(WAITING);
    thread::scope(|scope| {
        let counting = thread::Builder::new().spawn_scoped(scope, move || {
            for batch in events {
                batch.iter().for_each(|group| count(group));
                // If many wait to be used again, their memory is not needed.
                let _ = empty.try_send(batch);
            }
        });
        let counting = counting.ok()?;
        let mut passing =
            Passing { full, used, batch: Batch::new(), bytes: 0, spare: Batch::new() };
        let found = read(&mut |group| passing.put(group));
        passing.pass();
        drop(passing);
        match counting.join() {
            Ok(()) => Some(found),
            Err(panic) => resume_unwind(panic),
        }
    })
}

/// Passes events to another thread.
struct Passing {
    full: SyncSender<Batch>,
    /// Events that were counted.
    used: Receiver<Batch>,
    batch: Batch,
    /// The bytes of the batch.
    bytes: usize,
    /// Events whose memory is used again.
    spare: Batch,
}

impl Passing {
    fn put(&mut self, group: &mut Box<Group>) {
        let ended = mem::replace(group, self.spare.pop().unwrap_or_default());
        self.bytes += ended.kept_bytes();
        self.batch.push(ended);
        if self.batch.len() >= MOST || self.bytes >= BYTES {
            self.pass();
        }
    }

    /// Passes the batch. If the other thread has ended, it has panicked, which is noticed at the end.
    fn pass(&mut self) {
        let mut next = self.used.try_recv().unwrap_or_default();
        // A batch that comes back has as many events as were taken from the spare ones.
        if self.spare.len() < MOST {
            self.spare.extend(next.drain(..).filter(|group| group.is_small()));
        }
        next.clear();
        self.bytes = 0;
        let _ = self.full.send(mem::replace(&mut self.batch, next));
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::ingest::{Assembly, Record, Stamp};

    /// Passes this number of events.
    fn passed(events: u64, put: &mut dyn FnMut(&mut Box<Group>)) {
        let mut assembly = Assembly::default();
        for serial in 0..events {
            let stamp = Stamp { millis: 1, serial };
            let fields = vec![b'x'; usize::try_from(serial % 1_000).unwrap() * 50];
            let record = Record { node: None, kind: Some(1327), stamp, fields: &fields };
            assembly.add(&record, 1, &mut *put);
        }
    }

    #[test]
    fn events_come_in_their_order() {
        for events in [0, 1, 127, 128, 129, 5_000] {
            let mut seen = Vec::new();
            let mut count = |group: &Group| seen.push(group.stamp.serial);
            assert_eq!(counted_apart(&mut count, |put| passed(events, put)), Some(()));
            assert!(seen.into_iter().eq(0..events));
        }
    }

    #[test]
    fn a_panic_of_either_thread_ends_both() {
        let mut count = |group: &Group| assert!(group.stamp.serial < 300);
        let found = catch_unwind(AssertUnwindSafe(|| {
            counted_apart(&mut count, |put| passed(5_000, put));
        }));
        assert!(found.is_err());
        let mut seen = 0;
        let mut count = |_: &Group| seen += 1;
        let found = catch_unwind(AssertUnwindSafe(|| {
            counted_apart(&mut count, |put| {
                passed(1_000, put);
                panic!("the reader");
            })
        }));
        assert!(found.is_err() && seen > 0);
    }
}
