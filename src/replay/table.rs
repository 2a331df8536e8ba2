//! Events and bytes by maker.

use std::collections::BTreeMap;

use super::maker::{Maker, Makers};
use super::top::Top;
use super::window::{Side, Window};
use crate::catalog::record;
use crate::ingest::{Assembly, Fault, Fields, Group, Record, Value, find, lost};

/// What a log holds.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// Bytes.
    pub bytes: u64,
    /// Lines that are records.
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
    /// The time of the events that count.
    pub window: Window,
    /// What is older.
    pub before: LeftOut,
    /// What is newer.
    pub after: LeftOut,
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

impl Log {
    /// Returns the time that the events are from, in milliseconds since 1970: the window, where the log has older and
    /// newer events, else from the first and to the last event. A log cannot show more.
    pub fn period(&self) -> Option<(i64, i64)> {
        let start = self.window.since().filter(|_| self.before.records > 0);
        let end = self.window.until().filter(|_| self.after.records > 0);
        let start = start.or(self.times.map(|(first, _)| first))?;
        Some((start, end.or(self.times.map(|(_, last)| last))?))
    }

    /// Returns the number of records in the window and outside.
    pub fn all_records(&self) -> u64 {
        self.records + self.before.records + self.after.records
    }

    /// Returns the number of bytes in the window and outside.
    pub fn all_bytes(&self) -> u64 {
        self.bytes + self.before.bytes + self.after.bytes
    }

    /// Counts a record of this time.
    fn add(&mut self, millis: i64, bytes: u64) {
        let left_out = match self.window.side(millis) {
            Side::Before => &mut self.before,
            Side::After => &mut self.after,
            Side::Within => {
                self.records += 1;
                self.bytes += bytes;
                let (first, last) = self.times.unwrap_or((millis, millis));
                self.times = Some((first.min(millis), last.max(millis)));
                return;
            }
        };
        left_out.records += 1;
        left_out.bytes += bytes;
    }
}

/// The events of one maker.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Events.
    pub events: u64,
    /// Bytes in the log.
    pub bytes: u64,
    /// Programs.
    pub exe: Top,
    /// Login users, as numbers.
    pub auid: Top,
    /// The first and the last time, in milliseconds since 1970.
    pub times: (i64, i64),
}

/// The table.
pub struct Table {
    /// What the log holds.
    pub log: Log,
    makers: Makers,
    assembly: Assembly,
    /// By the number of the maker.
    rows: Vec<Row>,
}

impl Table {
    /// Makes an empty table of the events of this time.
    pub fn new(makers: Makers, window: Window) -> Self {
        let log = Log { window, ..Log::default() };
        Table { log, makers, assembly: Assembly::default(), rows: Vec::new() }
    }

    /// Returns what finds the makers.
    pub fn makers(&self) -> &Makers {
        &self.makers
    }

    /// Returns the makers that were found, with their events.
    pub fn rows(&self) -> impl Iterator<Item = (&Maker, &Row)> {
        self.makers.all().iter().zip(&self.rows)
    }

    /// Counts a line.
    pub fn add(&mut self, line: Result<&[u8], Fault>) {
        let Table { log, makers, assembly, rows } = self;
        let bytes = line.map_or(0, |line| line.len() as u64 + 1);
        match line.and_then(Record::parse) {
            Ok(record) => {
                log.add(record.stamp.millis, bytes);
                assembly.add(&record, bytes, |group| count(log, makers, rows, group));
            }
            Err(fault) => {
                log.bytes += bytes;
                match line.ok().and_then(lost) {
                    // The kernel reports the number since boot.
                    Some(lost) => log.lost = log.lost.max(lost),
                    None if line.is_ok_and(<[u8]>::is_empty) => {}
                    None => *log.faults.entry(fault).or_default() += 1,
                }
            }
        }
    }

    /// Counts the events that are still open: the log has ended.
    pub fn finish(&mut self) {
        let Table { log, makers, assembly, rows } = self;
        assembly.finish(|group| count(log, makers, rows, group));
    }
}

fn count(log: &mut Log, makers: &mut Makers, rows: &mut Vec<Row>, group: &Group) {
    let millis = group.stamp.millis;
    match log.window.side(millis) {
        Side::Before => {
            log.before.events += 1;
            return;
        }
        Side::After => {
            log.after.events += 1;
            return;
        }
        Side::Within => log.events += 1,
    }
    let number = makers.of(group);
    log.incomplete += u64::from(makers.all().get(number) == Some(&Maker::Incomplete));
    if rows.len() <= number {
        rows.resize_with(number + 1, Row::default);
    }
    let Some(row) = rows.get_mut(number) else { return };
    row.times = match row.events {
        0 => (millis, millis),
        _ => (row.times.0.min(millis), row.times.1.max(millis)),
    };
    row.events += 1;
    row.bytes += group.bytes;
    let (exe, auid) = match group.record(record::SYSCALL) {
        Some(call) => (find(call, b" exe="), find(call, b" auid=")),
        None => group.records().next().map_or((None, None), |(_, fields)| of_message(fields)),
    };
    if let Some(exe) = exe.and_then(Value::text) {
        row.exe.add(&exe);
    }
    if let Some(auid) = auid {
        row.auid.add(auid.raw());
    }
}

/// Returns the program and the login user of a message of a program, or of another record.
fn of_message(fields: &[u8]) -> (Option<Value<'_>>, Option<Value<'_>>) {
    let (mut exe, mut auid) = (None, None);
    for (name, value) in Fields::of(fields) {
        match name {
            b"exe" => exe = exe.or(Some(value)),
            b"auid" => auid = auid.or(Some(value)),
            b"msg" => exe = exe.or_else(|| Fields::of(value.message()).get(b"exe")),
            _ => {}
        }
    }
    (exe, auid)
}
