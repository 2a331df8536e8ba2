//! The records of an event.

use std::ops::Range;

use super::layout::{Layouts, PADDING};
use super::record::{Record, Stamp};
use super::slots::{Place, Slot};
use crate::catalog::record;

/// Maximum number of records of an event that are kept. Loading a module that makes files in debugfs has more, and the
/// parts of a long command line do not count.
pub(super) const MOST_RECORDS: usize = 1_024;
/// Maximum number of records of other types that are kept besides.
const MOST_MORE_TYPES: usize = 64;
/// Maximum number of bytes of records of an event that are kept.
const MOST_BYTES: usize = 4 << 20;
/// Maximum number of bytes of memory that are used again. Hardly an event has more.
const MOST_AGAIN: usize = 16 << 10;

/// The records of an event.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The number of the event.
    pub stamp: Stamp,
    /// The machine, if the log names it.
    pub node: Option<Vec<u8>>,
    /// The number of bytes in the log, with the ends of lines.
    pub bytes: u64,
    /// The number of lines in the log, of which not all are kept.
    pub lines: u64,
    /// The fields of all records, with spaces after each record.
    text: Vec<u8>,
    records: Vec<Kept>,
    /// The places of fields in the records, one record after the other.
    places: Vec<Place>,
    /// Whether some records were not kept.
    is_cut: bool,
    /// Whether its number is among those of the events that are or were open.
    pub(super) was_open: bool,
}

/// A record of a group, as it is kept.
#[derive(Clone, Debug)]
struct Kept {
    kind: Option<u32>,
    /// The place of its fields.
    at: Range<usize>,
    /// The number of bytes in the log.
    bytes: u64,
    /// Which places are its own; none if its fields must be searched.
    places: Range<usize>,
}

/// A record of an event.
#[derive(Clone, Copy, Debug)]
pub struct Part<'g> {
    /// Its type.
    pub kind: Option<u32>,
    /// Its fields.
    pub fields: &'g [u8],
    places: &'g [Place],
}

impl<'g> Part<'g> {
    /// Returns whether the places of its fields are known. Then each name is there once.
    #[inline]
    pub(crate) fn is_placed(&self) -> bool {
        !self.places.is_empty()
    }

    /// Returns the value of a field, if its place is known; the inner `None` if the record lacks it.
    #[inline]
    pub(super) fn placed(&self, slot: Slot) -> Option<Option<&'g [u8]>> {
        let place = Place::of(slot, self.places)?;
        Some(place.and_then(|at| self.fields.get(at)))
    }
}

/// Returns the number of bytes that so much text, records and places take.
const fn bytes_of(text: usize, records: usize, places: usize) -> usize {
    text + records * size_of::<Kept>() + places * size_of::<Place>()
}

impl Group {
    /// Returns the records in the order of the log: their type and their fields. Of the records of a command line, only
    /// the first is here, and of those of an event with more than 1,024 records, only the first ones.
    pub fn records(&self) -> impl Iterator<Item = (Option<u32>, &[u8])> {
        self.parts().map(|part| (part.kind, part.fields))
    }

    /// Returns the records in the order of the log.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.records.iter().map(|kept| self.part_of(kept))
    }

    /// Returns the records of a type, in the order of the log.
    pub(crate) fn parts_of(&self, kind: u32) -> impl Iterator<Item = Part<'_>> {
        let kept = self.records.iter().filter(move |kept| kept.kind == Some(kind));
        kept.map(|kept| self.part_of(kept))
    }

    fn part_of(&self, kept: &Kept) -> Part<'_> {
        Part {
            kind: kept.kind,
            fields: self.text.get(kept.at.clone()).unwrap_or_default(),
            places: self.places.get(kept.places.clone()).unwrap_or_default(),
        }
    }

    /// Returns the types of the records with their numbers of bytes in the log, in its order.
    pub fn sizes(&self) -> impl Iterator<Item = (Option<u32>, u64)> {
        self.records.iter().map(|kept| (kept.kind, kept.bytes))
    }

    /// Returns the fields of the first record of a type.
    pub fn record(&self, kind: u32) -> Option<&[u8]> {
        self.part(kind).map(|part| part.fields)
    }

    /// Returns the first record of a type.
    pub(crate) fn part(&self, kind: u32) -> Option<Part<'_>> {
        self.parts_of(kind).next()
    }

    /// Returns whether the event has more records than are kept.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    pub(super) fn is_of(&self, record: &Record<'_>) -> bool {
        self.stamp == record.stamp && self.node.as_deref() == record.node
    }

    /// Returns the number of bytes that are kept.
    pub(crate) fn kept_bytes(&self) -> usize {
        bytes_of(self.text.len(), self.records.len(), self.places.len())
    }

    /// Returns whether its memory is so small that it can stay for other events.
    pub(crate) fn is_small(&self) -> bool {
        let Group { text, records, places, .. } = self;
        bytes_of(text.capacity(), records.capacity(), places.capacity()) <= MOST_AGAIN
    }

    /// Empties it for the event of a record.
    pub(super) fn begin(&mut self, record: &Record<'_>) {
        self.text.clear();
        self.records.clear();
        self.places.clear();
        (self.bytes, self.lines) = (0, 0);
        (self.is_cut, self.was_open) = (false, false);
        self.stamp = record.stamp;
        if self.node.as_deref() != record.node {
            self.node = record.node.map(<[u8]>::to_vec);
        }
    }

    pub(super) fn push(&mut self, record: &Record<'_>, bytes: u64, layouts: &mut Layouts) {
        self.bytes += bytes;
        self.lines += 1;
        let is_full = self.records.len() >= MOST_RECORDS || self.text.len() >= MOST_BYTES;
        let is_command_line = record.kind == Some(record::EXECVE);
        if is_full || is_command_line {
            self.is_cut |= is_full && !is_command_line;
            // What decides, such as the record of the call, can come last.
            if let Some(kept) = self.records.iter_mut().rfind(|kept| kept.kind == record.kind) {
                kept.bytes += bytes;
                return;
            }
            if self.records.len() >= MOST_RECORDS + MOST_MORE_TYPES {
                return;
            }
        }
        let start = self.text.len();
        self.text.extend_from_slice(record.fields);
        let at = start..self.text.len();
        self.text.extend_from_slice(&[b' '; PADDING]);
        let first = self.places.len();
        layouts.place(record.kind, self.text.get(start..).unwrap_or_default(), &mut self.places);
        let places = first..self.places.len();
        self.records.push(Kept { kind: record.kind, at, bytes, places });
    }
}
