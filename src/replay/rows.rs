//! Events and bytes by row.

use std::borrow::Cow;

use foldhash::HashMap;

use super::by::By;
use super::top::{Top, kept};
use super::volume::Volume;

/// Maximum number of values that have a row.
const MOST_VALUES: usize = 2_048;

/// Maximum number of programs, users and paths that are counted for the row of a value. A row of a rule counts more.
const MOST_OF_VALUE: usize = 32;

/// Events and their bytes in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Events.
    pub events: u64,
    /// Bytes.
    pub bytes: u64,
}

impl Total {
    /// Adds events.
    pub fn add(&mut self, other: Total) {
        self.events += other.events;
        self.bytes += other.bytes;
    }
}

/// The events of a row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Their number.
    pub total: Total,
    /// Programs.
    pub exe: Top,
    /// Login users, as numbers.
    pub auid: Top,
    /// Paths.
    pub path: Top,
    /// The numbers of makers; none if the row is that of a maker.
    pub(super) makers: Top,
    /// The first and the last time, in milliseconds since 1970.
    pub times: (i64, i64),
    /// Their bytes over time, if that was asked.
    pub volume: Option<Volume>,
}

/// What is counted of an event.
pub(super) struct Facts<'g> {
    pub(super) millis: i64,
    pub(super) bytes: u64,
    pub(super) maker: usize,
    pub(super) exe: Option<Cow<'g, [u8]>>,
    pub(super) auid: Option<&'g [u8]>,
    pub(super) path: Option<Cow<'g, [u8]>>,
}

impl Row {
    /// Returns an empty row for a value.
    fn of_value() -> Self {
        let top = || Top::of(MOST_OF_VALUE);
        Row { exe: top(), auid: top(), path: top(), makers: top(), ..Row::default() }
    }

    fn add(&mut self, event: &Facts<'_>) {
        let millis = event.millis;
        self.times = match self.total.events {
            0 => (millis, millis),
            _ => (self.times.0.min(millis), self.times.1.max(millis)),
        };
        self.total.add(Total { events: 1, bytes: event.bytes });
        if let Some(exe) = &event.exe {
            self.exe.add(exe);
        }
        if let Some(auid) = event.auid {
            self.auid.add(auid);
        }
        if let Some(path) = &event.path {
            self.path.add(path);
        }
        if let Some(volume) = &mut self.volume {
            volume.add(millis, event.bytes);
        }
    }
}

/// The rows of a table.
pub(super) struct Rows {
    pub(super) of: RowsOf,
    /// A row without events.
    empty: Row,
}

/// What the rows of a table are of.
pub(super) enum RowsOf {
    /// By the number of the maker.
    Makers(Vec<Row>),
    /// By value.
    Values(Box<Values>),
}

/// The rows of values.
#[derive(Default)]
pub(super) struct Values {
    pub(super) rows: HashMap<Box<[u8]>, Row>,
    /// The events without a value.
    pub(super) none: Row,
    /// The events of rare values that have no row.
    pub(super) rare: Total,
}

impl Rows {
    /// Returns no rows.
    pub(super) fn by(by: By) -> Self {
        match by {
            By::Rule => Rows { of: RowsOf::Makers(Vec::new()), empty: Row::default() },
            _ => {
                let empty = Row::of_value();
                let values = Values { none: empty.clone(), ..Values::default() };
                Rows { of: RowsOf::Values(Box::new(values)), empty }
            }
        }
    }

    /// Counts bytes over time from now on, in rows that begin now.
    pub(super) fn with_volume(mut self) -> Self {
        self.empty.volume = Some(Volume::default());
        if let RowsOf::Values(values) = &mut self.of {
            values.none.volume.clone_from(&self.empty.volume);
        }
        self
    }

    /// Counts an event with the value that the rows are by, if they are not by maker.
    pub(super) fn add(&mut self, event: &Facts<'_>, value: Option<&[u8]>) {
        let Rows { of, empty } = self;
        match of {
            RowsOf::Makers(rows) => {
                if rows.len() <= event.maker {
                    rows.resize(event.maker + 1, empty.clone());
                }
                if let Some(row) = rows.get_mut(event.maker) {
                    row.add(event);
                }
            }
            RowsOf::Values(values) => {
                let row = values.row(value, empty);
                row.add(event);
                row.makers.add(&event.maker.to_le_bytes());
            }
        }
    }
}

impl Values {
    fn row(&mut self, value: Option<&[u8]>, empty: &Row) -> &mut Row {
        let Some(value) = value else { return &mut self.none };
        let value = &*kept(value);
        if !self.rows.contains_key(value) {
            if self.rows.len() >= MOST_VALUES {
                self.forget();
            }
            self.rows.insert(value.into(), empty.clone());
        }
        let Values { rows, none, .. } = self;
        rows.get_mut(value).unwrap_or(none)
    }

    /// Adds the smaller half of the rows to the rare values. A value that comes again gets a new row.
    fn forget(&mut self) {
        let mut sizes: Vec<u64> = self.rows.values().map(|row| row.total.bytes).collect();
        let (_, middle, _) = sizes.select_nth_unstable(MOST_VALUES / 2);
        let middle = *middle;
        let rare = &mut self.rare;
        self.rows.retain(|_, row| {
            let stays = row.total.bytes > middle;
            if !stays {
                rare.add(row.total);
            }
            stays
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_values_are_counted_together() {
        let mut rows = Rows::by(By::Path);
        let mut add = |value: &[u8], bytes| {
            let facts = Facts { millis: 5, bytes, maker: 3, exe: None, auid: None, path: None };
            rows.add(&facts, Some(value));
        };
        for number in 0..100_000_u32 {
            add(&number.to_le_bytes(), 1);
            if number % 100 == 0 {
                add(b"often", 2);
            }
        }
        let RowsOf::Values(values) = rows.of else { panic!("by value") };
        assert!(values.rows.len() <= MOST_VALUES);
        let often = &values.rows[&b"often"[..]];
        assert_eq!(often.total, Total { events: 1_000, bytes: 2_000 });
        assert_eq!(often.makers.most(1), [(&3_usize.to_le_bytes()[..], 1_000)]);
        let mut all = values.rare;
        values.rows.values().for_each(|row| all.add(row.total));
        assert_eq!(all, Total { events: 101_000, bytes: 102_000 });
    }
}
