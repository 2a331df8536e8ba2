//! Events and bytes by maker.

use std::collections::BTreeMap;

use super::against::Against;
use super::maker::{Maker, Makers};
use super::suggest::Combinations;
use super::top::Top;
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
}

impl Log {
    /// Returns the seconds from the first to the last event.
    pub fn seconds(&self) -> u64 {
        let millis = self.times.map_or(0, |(first, last)| last.saturating_sub(first));
        u64::try_from(millis / 1_000).unwrap_or(0)
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
    extras: Extras,
}

/// What is counted besides, by the number of the maker.
#[derive(Default)]
struct Extras {
    against: Option<Against>,
    combinations: Option<Combinations>,
}

impl Extras {
    fn add(&mut self, maker: usize, group: &Group) {
        if let Some(against) = &mut self.against {
            against.add(maker, group);
        }
        if let Some(combinations) = &mut self.combinations {
            combinations.add(maker, group);
        }
    }
}

impl Table {
    /// Makes an empty table.
    pub fn new(makers: Makers) -> Self {
        Table {
            log: Log::default(),
            makers,
            assembly: Assembly::default(),
            rows: Vec::new(),
            extras: Extras::default(),
        }
    }

    /// Makes an empty table that also asks what other rules would do.
    pub fn with_against(makers: Makers, against: Against) -> Self {
        let extras = Extras { against: Some(against), ..Extras::default() };
        Table { extras, ..Table::new(makers) }
    }

    /// Makes an empty table that also counts combinations of programs and users.
    pub fn with_combinations(makers: Makers) -> Self {
        let extras = Extras { combinations: Some(Combinations::default()), ..Extras::default() };
        Table { extras, ..Table::new(makers) }
    }

    /// Returns what other rules would do, if that was asked.
    pub fn against(&self) -> Option<&Against> {
        self.extras.against.as_ref()
    }

    /// Returns the combinations of programs and users, if they were counted.
    pub fn combinations(&self) -> Option<&Combinations> {
        self.extras.combinations.as_ref()
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
        let Table { log, makers, assembly, rows, extras } = self;
        let bytes = line.map_or(0, |line| line.len() as u64 + 1);
        log.bytes += bytes;
        match line.and_then(Record::parse) {
            Ok(record) => {
                log.records += 1;
                let millis = record.stamp.millis;
                let (first, last) = log.times.unwrap_or((millis, millis));
                log.times = Some((first.min(millis), last.max(millis)));
                assembly.add(&record, bytes, |group| {
                    extras.add(count(log, makers, rows, group), group);
                });
            }
            Err(fault) => match line.ok().and_then(lost) {
                // The kernel reports the number since boot.
                Some(lost) => log.lost = log.lost.max(lost),
                None if line.is_ok_and(<[u8]>::is_empty) => {}
                None => *log.faults.entry(fault).or_default() += 1,
            },
        }
    }

    /// Counts the events that are still open: the log has ended.
    pub fn finish(&mut self) {
        let Table { log, makers, assembly, rows, extras } = self;
        assembly.finish(|group| {
            extras.add(count(log, makers, rows, group), group);
        });
    }
}

/// Counts an event; returns the number of its maker.
fn count(log: &mut Log, makers: &mut Makers, rows: &mut Vec<Row>, group: &Group) -> usize {
    log.events += 1;
    let number = makers.of(group);
    log.incomplete += u64::from(makers.all().get(number) == Some(&Maker::Incomplete));
    if rows.len() <= number {
        rows.resize_with(number + 1, Row::default);
    }
    let Some(row) = rows.get_mut(number) else { return number };
    let millis = group.stamp.millis;
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
    number
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
