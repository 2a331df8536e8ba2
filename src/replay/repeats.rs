//! Events that a log has twice, as a copy of a file beside it makes them.

use std::hash::BuildHasher;

use foldhash::HashSet;
use foldhash::fast::FixedState;

use crate::ingest::Stamp;

/// Maximum number of events that are remembered.
const MOST: usize = 1 << 14;

/// Estimates how many events of a log were there before. A part of the events is remembered, chosen by their number,
/// so that both copies of an event are in the part, or none.
#[derive(Clone, Debug)]
pub(super) struct Repeats {
    seen: HashSet<u64>,
    /// The part: one of this number of events, a power of two.
    every: u64,
    events: u64,
}

impl Default for Repeats {
    fn default() -> Self {
        Repeats { seen: HashSet::default(), every: 1, events: 0 }
    }
}

impl Repeats {
    /// Counts an event by its number and its machine.
    pub(super) fn add(&mut self, stamp: Stamp, node: Option<&[u8]>) {
        let hash = FixedState::default().hash_one((stamp, node));
        if !is_in_part(hash, self.every) {
            return;
        }
        if !self.seen.insert(hash) {
            self.events += self.every;
        }
        if self.seen.len() > MOST {
            self.every *= 2;
            let every = self.every;
            self.seen.retain(|hash| is_in_part(*hash, every));
        }
    }

    /// Returns the number of events that were there before; an estimate for more than 16,384 events.
    pub(super) fn events(&self) -> u64 {
        self.events
    }
}

/// Returns whether a number is a multiple of a power of two.
fn is_in_part(hash: u64, every: u64) -> bool {
    hash & (every - 1) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(repeats: &mut Repeats, events: u64, node: Option<&str>) {
        for serial in 0..events {
            let stamp = Stamp { millis: 1_764_230_400_000 + serial.cast_signed() / 3, serial };
            repeats.add(stamp, node.map(str::as_bytes));
        }
    }

    #[test]
    fn few_events_are_counted() {
        let mut repeats = Repeats::default();
        added(&mut repeats, 1_000, None);
        added(&mut repeats, 1_000, Some("web"));
        assert_eq!(repeats.events(), 0);
        added(&mut repeats, 300, None);
        assert_eq!(repeats.events(), 300);
    }

    #[test]
    fn many_events_are_estimated_in_the_same_memory() {
        let mut repeats = Repeats::default();
        added(&mut repeats, 1_000_000, None);
        assert_eq!(repeats.events(), 0);
        added(&mut repeats, 1_000_000, None);
        let found = repeats.events();
        assert!((970_000..1_030_000).contains(&found), "{found}");
        assert!(repeats.seen.len() <= MOST);
    }
}
