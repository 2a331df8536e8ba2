//! What other rules would do with a log, by the rule that made each event.

use foldhash::HashMap;

use super::outcome::{Fate, Outcome, Outcomes};
use super::shape::Tested;
use super::volume::Volume;
use crate::catalog::KernelVersion;
use crate::eval::Event;
use crate::ingest::{Group, Stamp, described};
use crate::model::KernelModel;

/// The events of one maker that other rules treat alike.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Events.
    pub events: u64,
    /// Bytes in the log.
    pub bytes: u64,
    /// Those of the records that would be left out of events that are kept.
    pub left_out: u64,
    /// The first event.
    pub example: Example,
}

/// An event of a log.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its number.
    pub stamp: Stamp,
    /// The event.
    pub event: Event,
}

/// What other rules would do with the events of a log.
pub struct Against {
    outcomes: Outcomes,
    /// By the number of the maker, and that of the outcome.
    cells: HashMap<(usize, usize), Cell>,
    volumes: Option<Volumes>,
}

/// The bytes of a log over time, by what other rules would do with them.
#[derive(Clone, Debug, Default)]
pub struct Volumes {
    /// Kept under the same keys.
    pub kept: Volume,
    /// Kept under other keys.
    pub renamed: Volume,
    /// Events that are dropped.
    pub dropped: Volume,
    /// The log does not hold what decides.
    pub undecided: Volume,
    /// Records that are left out of events that are kept.
    pub left_out: Volume,
}

impl Volumes {
    /// Counts an event. Some of its bytes would be left out.
    fn add(&mut self, fate: &Fate, group: &Group, left_out: u64) {
        let volume = match fate {
            Fate::Kept => &mut self.kept,
            Fate::Renamed { .. } => &mut self.renamed,
            Fate::Dropped => &mut self.dropped,
            Fate::Undecided { .. } => &mut self.undecided,
        };
        let millis = group.stamp.millis;
        volume.add(millis, group.bytes.saturating_sub(left_out));
        if left_out > 0 {
            self.left_out.add(millis, left_out);
        }
    }
}

impl Against {
    /// Takes the rules that a kernel of this version would hold, and those that made the log, of which there can be none.
    pub fn new(kernel: &KernelModel, old: &KernelModel, version: KernelVersion) -> Self {
        Against {
            outcomes: Outcomes::of_log_by(kernel, old, version),
            cells: HashMap::default(),
            volumes: None,
        }
    }

    /// Also counts bytes over time.
    #[must_use]
    pub fn with_volume(self) -> Self {
        Against { volumes: Some(Volumes::default()), ..self }
    }

    /// Returns the bytes over time, if they were counted.
    pub fn volumes(&self) -> Option<&Volumes> {
        self.volumes.as_ref()
    }

    /// Returns what the outcomes follow from.
    pub(super) fn tested(&self) -> &Tested {
        self.outcomes.tested()
    }

    /// Counts an event of a maker. Its shape is by what these outcomes follow from.
    pub(super) fn add(&mut self, maker: usize, shape: &[u8], group: &Group) {
        let number = self.outcomes.of_shape(shape, group);
        let cell = self.cells.entry((maker, number)).or_insert_with(|| Cell {
            events: 0,
            bytes: 0,
            left_out: 0,
            example: Example { stamp: group.stamp, event: described(group).event },
        });
        cell.events += 1;
        cell.bytes += group.bytes;
        let Some(outcome) = self.outcomes.all().get(number) else { return };
        let left_out = if outcome.without.is_empty() { 0 } else { left_out(outcome, group) };
        cell.left_out += left_out;
        if let Some(volumes) = &mut self.volumes {
            volumes.add(&outcome.fate, group, left_out);
        }
    }

    /// Returns the number of each maker with an outcome and the events that have both.
    pub fn cells(&self) -> impl Iterator<Item = (usize, &Outcome, &Cell)> {
        self.cells.iter().filter_map(|((maker, number), cell)| {
            Some((*maker, self.outcomes.all().get(*number)?, cell))
        })
    }
}

/// Returns the bytes of the records that are left out.
fn left_out(outcome: &Outcome, group: &Group) -> u64 {
    let is_out = |kind: Option<u32>| kind.is_some_and(|kind| outcome.without.contains(&kind));
    group.sizes().filter(|(kind, _)| is_out(*kind)).map(|(_, bytes)| bytes).sum()
}
