//! Events and bytes by maker, or by another value.

use std::borrow::Cow;
use std::io::{self, BufRead};

use super::against::Against;
use super::arches::{Arches, Foreign};
use super::by::{By, call_of, keys_of};
use super::kept::Kept;
use super::log::Log;
use super::maker::{Maker, Makers};
use super::paths::path_of;
use super::repeats::Repeats;
use super::rows::{Facts, Row, Rows, RowsOf, Total};
use super::suggest::Combinations;
use super::threads::{Threads, counted_apart};
use super::volume::Volume;
use super::window::Window;
use crate::catalog::record;
use crate::ingest::searches::{AUID, EXE};
use crate::ingest::{Assembly, Fault, Fields, Group, Lines, Records, Value};

/// The table.
pub struct Table {
    /// What the log holds.
    pub log: Log,
    events: Events,
    counts: Counts,
}

/// What a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of<'t> {
    /// A maker.
    Maker(&'t Maker),
    /// A value, as the log has it; see [`By`]. `None`: the events have none.
    Value(Option<&'t [u8]>),
}

/// What is counted of events.
struct Counts {
    by: By,
    makers: Makers,
    /// By the number of the maker.
    totals: Vec<Total>,
    rows: Rows,
    repeats: Repeats,
    arches: Arches,
    extras: Extras,
}

/// What is counted besides, by the number of the maker.
#[derive(Default)]
struct Extras {
    against: Option<Against>,
    combinations: Option<Combinations>,
    /// Whether bytes of parts of the log are counted over time.
    has_volume: bool,
}

impl Extras {
    fn add(&mut self, maker: usize, shape: &[u8], group: &Group) {
        if let Some(against) = &mut self.against {
            against.add(maker, shape, group);
        }
        if let Some(combinations) = &mut self.combinations {
            combinations.add(maker, group);
        }
    }
}

impl Table {
    /// Makes an empty table of the events of this time, with rows by this.
    pub fn new(makers: Makers, window: Window, by: By) -> Self {
        let counts = Counts {
            by,
            makers,
            totals: Vec::new(),
            rows: Rows::by(by),
            repeats: Repeats::default(),
            arches: Arches::default(),
            extras: Extras::default(),
        };
        let log = Log { window, ..Log::default() };
        Table { log, events: Events::default(), counts }
    }

    /// Also asks what other rules would do.
    #[must_use]
    pub fn with_against(mut self, against: Against) -> Self {
        let Counts { makers, extras, .. } = &mut self.counts;
        makers.share(against.tested());
        extras.against = Some(match extras.has_volume {
            true => against.with_volume(),
            false => against,
        });
        self
    }

    /// Also counts combinations of programs and users.
    #[must_use]
    pub fn with_combinations(mut self) -> Self {
        self.counts.extras.combinations = Some(Combinations::default());
        self
    }

    /// Also counts bytes over time, of each row and of what other rules would do.
    #[must_use]
    pub fn with_volume(mut self) -> Self {
        let Counts { rows, extras, by, .. } = &mut self.counts;
        *rows = Rows::by(*by).with_volume();
        extras.has_volume = true;
        extras.against = extras.against.take().map(Against::with_volume);
        self
    }

    /// Returns the bytes of all events over time, if they were counted.
    pub fn volume(&self) -> Option<&Volume> {
        self.counts.extras.has_volume.then_some(&self.log.volume)
    }

    /// Returns what other rules would do, if that was asked.
    pub fn against(&self) -> Option<&Against> {
        self.counts.extras.against.as_ref()
    }

    /// Returns what other rules would keep, if that was asked.
    pub fn kept(&self) -> Option<Kept> {
        Kept::of(self)
    }

    /// Returns the combinations of programs and users, if they were counted.
    pub fn combinations(&self) -> Option<&Combinations> {
        self.counts.extras.combinations.as_ref()
    }

    /// Returns what the rows are by.
    pub fn by(&self) -> By {
        self.counts.by
    }

    /// Returns what finds the makers.
    pub fn makers(&self) -> &Makers {
        &self.counts.makers
    }

    /// Returns the makers that were found, with their events.
    pub fn totals(&self) -> impl Iterator<Item = (&Maker, Total)> {
        self.counts.makers.all().iter().zip(self.counts.totals.iter().copied())
    }

    /// Returns the keys in the log, each with the events of a maker. Several makers can have a key.
    pub fn key_totals(&self) -> impl Iterator<Item = (&[u8], Total)> {
        self.counts.totals.iter().enumerate().flat_map(|(maker, total)| {
            let keys = self.counts.makers.keys(maker).into_iter().flat_map(keys_of);
            keys.map(|key| (key, *total))
        })
    }

    /// Returns the rows, in no order.
    pub fn rows(&self) -> Vec<(Of<'_>, &Row)> {
        match &self.counts.rows.of {
            RowsOf::Makers(rows) => {
                self.counts.makers.all().iter().map(Of::Maker).zip(rows).collect()
            }
            RowsOf::Values(values) => {
                let rows = values.rows.iter().map(|(value, row)| (Of::Value(Some(value)), row));
                let none = Some((Of::Value(None), &values.none));
                rows.chain(none.filter(|(_, row)| row.total.events > 0)).collect()
            }
        }
    }

    /// Returns the most frequent makers of the row of a value.
    pub fn makers_of(&self, row: &Row, number: usize) -> Vec<(&Maker, u64)> {
        let most = row.makers.most(number).into_iter();
        let found = most.filter_map(|(index, events)| {
            let index = usize::from_le_bytes(index.try_into().ok()?);
            Some((self.counts.makers.all().get(index)?, events))
        });
        found.collect()
    }

    /// Returns the events of values that are too rare for a row.
    pub fn rare(&self) -> Total {
        match &self.counts.rows.of {
            RowsOf::Makers(_) => Total::default(),
            RowsOf::Values(values) => values.rare,
        }
    }

    /// Returns how many events have the machine, time and serial number of an earlier one; an estimate if there are many
    /// events.
    pub fn repeated(&self) -> u64 {
        self.counts.repeats.events()
    }

    /// Returns the calls that machines of other archs made than the rules are for.
    pub fn foreign_calls(&self) -> Vec<Foreign> {
        let Counts { arches, makers, .. } = &self.counts;
        Foreign::among(&arches.calls(), makers.arch())
    }

    /// Counts a line.
    pub fn add(&mut self, line: Result<&[u8], Fault>) {
        let Table { log, events, counts } = self;
        events.add(line, log, |group, log| counts.add(group, log));
    }

    /// Counts the lines of a log to its end. What it counts does not depend on the threads.
    ///
    /// # Errors
    /// The error of the reader. The lines before it count.
    pub fn read(&mut self, lines: &mut Lines<impl BufRead>, threads: Threads) -> io::Result<()> {
        let Table { log, events, counts } = self;
        let mut apart = log.apart();
        let mut put = |group: &Group| counts.add(group, log);
        let read = match threads {
            Threads::One => None,
            Threads::Two => counted_apart(&mut put, |put| events.read(lines, &mut apart, put)),
        };
        let read = read.unwrap_or_else(|| {
            events.read(lines, &mut apart, &mut |group: &mut Box<Group>| put(group))
        });
        log.add_lines(&apart);
        read
    }

    /// Counts the events that are still open: the log has ended.
    pub fn finish(&mut self) {
        let Table { log, events, counts } = self;
        events.assembly.finish(|group| counts.add(group, log));
    }
}

/// Puts lines together to events.
#[derive(Default)]
struct Events {
    records: Records,
    assembly: Assembly,
}

impl Events {
    /// Adds a line, counts it in a log, and passes each event that ends to `end`.
    fn add(
        &mut self,
        line: Result<&[u8], Fault>,
        log: &mut Log,
        mut end: impl FnMut(&mut Box<Group>, &mut Log),
    ) {
        let Events { records, assembly } = self;
        let bytes = line.map_or(0, |line| line.len() as u64 + 1);
        log.read_bytes += bytes;
        match line.and_then(|line| records.parse(line)) {
            Ok(record) => {
                log.read_records += 1;
                let is_of_event = assembly.add(&record, bytes, |group| end(group, log));
                // An event counts with all its records, when it has ended. This one comes after that.
                if !is_of_event {
                    log.add_records(record.stamp.millis, 1, bytes);
                }
            }
            Err(fault) => log.add_fault(line, fault, bytes),
        }
    }

    /// Adds all lines.
    fn read(
        &mut self,
        lines: &mut Lines<impl BufRead>,
        log: &mut Log,
        end: &mut dyn FnMut(&mut Box<Group>),
    ) -> io::Result<()> {
        let mut take = |line: Result<&[u8], Fault>| self.add(line, log, |group, _| end(group));
        let read = lines.each(&mut take);
        lines.end(|fault| take(Err(fault)));
        read
    }
}

impl Counts {
    fn add(&mut self, group: &Group, log: &mut Log) {
        if !log.add_event(group) {
            return;
        }
        self.repeats.add(group.stamp, group.node.as_deref());
        let maker = self.makers.of(group);
        log.incomplete += u64::from(self.makers.all().get(maker) == Some(&Maker::Incomplete));
        if self.totals.len() <= maker {
            self.totals.resize(maker + 1, Total::default());
        }
        if let Some(total) = self.totals.get_mut(maker) {
            total.add(Total { events: 1, bytes: group.bytes });
        }
        let (exe, auid) = match &group.part(record::SYSCALL) {
            Some(call) => {
                self.arches.add(call.fields);
                (EXE.find(call), AUID.find(call))
            }
            None => group.records().next().map_or((None, None), |(_, fields)| of_message(fields)),
        };
        let event = Facts {
            millis: group.stamp.millis,
            bytes: group.bytes,
            maker,
            exe: exe.and_then(Value::text),
            auid: auid.map(Value::raw),
            path: path_of(group, self.makers.tested_paths(maker)),
        };
        let value = match self.by {
            By::Rule => None,
            By::Exe => event.exe.clone(),
            By::User => event.auid.map(Cow::Borrowed),
            By::Path => event.path.clone(),
            By::Key => self.makers.keys(maker).map(Cow::Borrowed),
            By::Syscall => call_of(group),
            By::Node => group.node.as_deref().map(Cow::Borrowed),
        };
        self.rows.add(&event, value.as_deref());
        self.extras.add(maker, self.makers.shape(), group);
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
