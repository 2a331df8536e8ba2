//! What a log holds.

use std::collections::BTreeMap;

use super::timeline::Timeline;
use super::volume::Volume;
use super::window::{Side, Window};
use crate::ingest::{Fault, Group, lost};

/// The milliseconds from which on a time counts as a day, 23.5 hours: a file that is rotated every day is often some seconds
/// shorter.
pub const LEAST_DAY: i64 = 84_600_000;

/// What a log holds.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// Bytes of the events, and of lines that are no records.
    pub bytes: u64,
    /// Records of the events.
    pub records: u64,
    /// Events.
    pub events: u64,
    /// Events of which records are missing.
    pub incomplete: u64,
    /// Records that the kernel has lost, as its log reports.
    pub lost: u64,
    /// Lines that are no records.
    pub faults: BTreeMap<Fault, u64>,
    /// The first and the last time, in milliseconds since 1970.
    pub times: Option<(i64, i64)>,
    /// The bytes of events over time.
    pub volume: Volume,
    /// The time of the events that count.
    pub window: Window,
    /// What is older.
    pub before: LeftOut,
    /// What is newer.
    pub after: LeftOut,
    /// Records that were read. Those of events that are open, or not in the window, are among them.
    pub read_records: u64,
    /// Bytes that were read.
    pub read_bytes: u64,
}

/// The part of a log that does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Events.
    pub events: u64,
    /// Lines that are records.
    pub records: u64,
    /// Bytes of these lines.
    pub bytes: u64,
}

impl LeftOut {
    fn add(&mut self, other: LeftOut) {
        self.events += other.events;
        self.records += other.records;
        self.bytes += other.bytes;
    }
}

impl Log {
    /// Returns the time that the events are from, in milliseconds since 1970: the window, where the log has older and
    /// newer events, else from the first and to the last event. A log cannot show more. Events that are far from the
    /// rest, as if a clock was wrong, are not in it.
    pub fn period(&self) -> Option<(i64, i64)> {
        let start = self.window.since().filter(|_| self.before.records > 0);
        let end = self.window.until().filter(|_| self.after.records > 0);
        let (first, last) = self.times_of_main_part().unzip();
        Some((start.or(first)?, end.or(last)?))
    }

    fn times_of_main_part(&self) -> Option<(i64, i64)> {
        let (first, last) = self.times?;
        let Some(part) = self.main_part() else { return Some((first, last)) };
        let (from, to) = part.ends();
        let first = part.before().map_or(first, |_| from.saturating_mul(1_000));
        Some((first, part.after().map_or(last, |_| to.saturating_mul(1_000))))
    }

    /// Returns the time line of the log without the events that are far from the rest; `None` without events.
    pub fn main_part(&self) -> Option<Timeline> {
        Timeline::of(&self.volume)
    }

    /// Counts an event with all its records. Returns whether it is in the window.
    pub(super) fn add_event(&mut self, group: &Group) -> bool {
        let millis = group.stamp.millis;
        let side = self.window.side(millis);
        match side {
            Side::Before => self.before.events += 1,
            Side::After => self.after.events += 1,
            Side::Within => {
                self.events += 1;
                self.volume.add(millis, group.bytes);
            }
        }
        self.add_records(millis, group.lines, group.bytes);
        side == Side::Within
    }

    /// Counts a line that is no record.
    pub(super) fn add_fault(&mut self, line: Result<&[u8], Fault>, fault: Fault, bytes: u64) {
        self.bytes += bytes;
        match line.ok().and_then(lost) {
            // The kernel reports the number since boot.
            Some(lost) => self.lost = self.lost.max(lost),
            None if line.is_ok_and(<[u8]>::is_empty) => {}
            None => *self.faults.entry(fault).or_default() += 1,
        }
    }

    /// Returns a log without anything, to count lines apart.
    pub(super) fn apart(&self) -> Self {
        Log { window: self.window, ..Log::default() }
    }

    /// Adds what was counted of lines apart.
    pub(super) fn add_lines(&mut self, lines: &Log) {
        self.bytes += lines.bytes;
        self.records += lines.records;
        self.lost = self.lost.max(lines.lost);
        self.read_records += lines.read_records;
        self.read_bytes += lines.read_bytes;
        self.before.add(lines.before);
        self.after.add(lines.after);
        for (fault, number) in &lines.faults {
            *self.faults.entry(*fault).or_default() += number;
        }
        if let Some((first, last)) = lines.times {
            self.add_time(first);
            self.add_time(last);
        }
    }

    fn add_time(&mut self, millis: i64) {
        let (first, last) = self.times.unwrap_or((millis, millis));
        self.times = Some((first.min(millis), last.max(millis)));
    }

    /// Counts records of this time.
    pub(super) fn add_records(&mut self, millis: i64, records: u64, bytes: u64) {
        let left_out = match self.window.side(millis) {
            Side::Before => &mut self.before,
            Side::After => &mut self.after,
            Side::Within => {
                self.records += records;
                self.bytes += bytes;
                self.add_time(millis);
                return;
            }
        };
        left_out.records += records;
        left_out.bytes += bytes;
    }
}
