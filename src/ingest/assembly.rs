//! Events from records. The records of events that happen at the same time come mixed.

use std::collections::VecDeque;
use std::ops::Range;

use foldhash::HashMap;

use super::record::{Record, Stamp};
use crate::catalog::record;

/// An event ends if a record of its machine is so much later, in milliseconds. ausearch waits as long.
const HORIZON: i64 = 2_000;
/// Maximum number of events that are open at the same time.
const MOST_OPEN: usize = 4_096;

/// The records of an event.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The number of the event.
    pub stamp: Stamp,
    /// The machine, if the log names it.
    pub node: Option<Vec<u8>>,
    /// The number of bytes in the log, with the ends of lines.
    pub bytes: u64,
    /// The fields of all records.
    text: Vec<u8>,
    records: Vec<Part>,
}

/// A record of a group.
#[derive(Clone, Debug)]
struct Part {
    kind: Option<u32>,
    /// The place of its fields.
    at: Range<usize>,
    /// The number of bytes in the log.
    bytes: u64,
}

impl Group {
    /// Returns the records in the order of the log: their type and their fields.
    pub fn records(&self) -> impl Iterator<Item = (Option<u32>, &[u8])> {
        let records = self.records.iter();
        records.map(|part| (part.kind, self.text.get(part.at.clone()).unwrap_or_default()))
    }

    /// Returns the types of the records with their numbers of bytes in the log, in its order.
    pub fn sizes(&self) -> impl Iterator<Item = (Option<u32>, u64)> {
        self.records.iter().map(|part| (part.kind, part.bytes))
    }

    /// Returns the fields of the first record of a type.
    pub fn record(&self, kind: u32) -> Option<&[u8]> {
        self.records().find(|(other, _)| *other == Some(kind)).map(|(_, fields)| fields)
    }

    fn is_of(&self, record: &Record<'_>) -> bool {
        self.stamp == record.stamp && self.node.as_deref() == record.node
    }

    fn push(&mut self, record: &Record<'_>, bytes: u64) {
        let start = self.text.len();
        self.text.extend_from_slice(record.fields);
        self.records.push(Part { kind: record.kind, at: start..self.text.len(), bytes });
        self.bytes += bytes;
    }
}

/// Puts records together to events.
#[derive(Debug, Default)]
pub struct Assembly {
    /// The event of the last record: mostly, the next record is of the same.
    last: Option<Group>,
    /// The other open events, by their number.
    open: HashMap<Number, Group>,
    /// Their numbers, the oldest first. An event that has ended can still be here.
    order: VecDeque<Number>,
    /// Memory of events that have ended.
    spare: Vec<Group>,
}

/// The number of an event, and its machine.
type Number = (Stamp, Option<Vec<u8>>);

impl Assembly {
    /// Adds a record with the length of its line, and passes each event that ends to `end`.
    pub fn add(&mut self, record: &Record<'_>, bytes: u64, mut end: impl FnMut(&Group)) {
        if !self.last.as_ref().is_some_and(|last| last.is_of(record)) {
            self.put_aside(&mut end);
            self.end_old(record, &mut end);
            let known = self.open_group(record);
            // The end of an event that has ended already is no event of its own.
            if known.is_none() && record.kind == Some(record::EOE) {
                return;
            }
            self.last = Some(known.unwrap_or_else(|| self.new_group(record)));
        }
        if let Some(last) = &mut self.last {
            last.push(record, bytes);
        }
        if ends_event(record.kind)
            && let Some(last) = self.last.take()
        {
            end(&last);
            self.recycle(last);
        }
    }

    /// Passes all open events to `end`: the log has ended.
    pub fn finish(&mut self, mut end: impl FnMut(&Group)) {
        self.put_aside(&mut end);
        while let Some(number) = self.order.pop_front() {
            if let Some(group) = self.open.remove(&number) {
                end(&group);
            }
        }
    }

    /// Puts the last event among the open ones. If there are too many, the oldest ends.
    fn put_aside(&mut self, end: &mut impl FnMut(&Group)) {
        let Some(last) = self.last.take() else { return };
        let number = (last.stamp, last.node.clone());
        if self.open.insert(number.clone(), last).is_none() {
            self.order.push_back(number);
        }
        if self.open.len() > MOST_OPEN {
            self.end_oldest(end);
        }
    }

    /// Ends the events that are too old for another record.
    fn end_old(&mut self, record: &Record<'_>, end: &mut impl FnMut(&Group)) {
        while let Some((stamp, node)) = self.order.front() {
            let is_open = self.open.contains_key(&(*stamp, node.clone()));
            let is_old = stamp.millis.saturating_add(HORIZON) < record.stamp.millis
                && node.as_deref() == record.node;
            if is_open && !is_old {
                return;
            }
            self.end_oldest(end);
        }
    }

    fn end_oldest(&mut self, end: &mut impl FnMut(&Group)) {
        let Some(number) = self.order.pop_front() else { return };
        if let Some(group) = self.open.remove(&number) {
            end(&group);
            self.recycle(group);
        }
    }

    /// Returns the open event of a record.
    fn open_group(&mut self, record: &Record<'_>) -> Option<Group> {
        if self.open.is_empty() {
            return None;
        }
        self.open.remove(&(record.stamp, record.node.map(<[u8]>::to_vec)))
    }

    fn new_group(&mut self, record: &Record<'_>) -> Group {
        let spare = self.spare.pop().unwrap_or_default();
        Group { stamp: record.stamp, node: record.node.map(<[u8]>::to_vec), ..spare }
    }

    fn recycle(&mut self, mut group: Group) {
        group.text.clear();
        group.records.clear();
        group.bytes = 0;
        if self.spare.len() < 16 {
            self.spare.push(group);
        }
    }
}

/// Returns whether no other record of an event comes after one of this type: PROCTITLE is the last that the kernel
/// writes for a call (`audit_log_exit`, kernel/auditsc.c), and messages of programs have one record.
fn ends_event(kind: Option<u32>) -> bool {
    matches!(kind, Some(record::EOE | record::PROCTITLE | 1100..=1299 | 2100..=2999))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(log: &[&str]) -> Vec<(u64, Vec<u32>)> {
        let mut events = Vec::new();
        let mut assembly = Assembly::default();
        let mut end = |group: &Group| {
            let kinds = group.records().filter_map(|(kind, _)| kind).collect();
            events.push((group.stamp.serial, kinds));
        };
        for line in log {
            let record = Record::parse(line.as_bytes()).unwrap();
            assembly.add(&record, line.len() as u64 + 1, &mut end);
        }
        assembly.finish(&mut end);
        events
    }

    #[test]
    fn records_come_mixed() {
        let found = events(&[
            "type=SYSCALL msg=audit(1.0:1): a",
            "type=SYSCALL msg=audit(1.0:2): b",
            "type=PATH msg=audit(1.0:1): c",
            "type=PROCTITLE msg=audit(1.0:2): d",
            "type=PROCTITLE msg=audit(1.0:1): e",
            "type=EOE msg=audit(1.0:1):",
            "type=USER_CMD msg=audit(1.0:3): f",
        ]);
        let expected =
            [(2, vec![1300, 1327]), (1, vec![1300, 1302, 1327]), (3, vec![record::USER_CMD])];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_event_ends_after_two_seconds_or_with_the_log() {
        let found = events(&[
            "type=SYSCALL msg=audit(1.0:1): a",
            "type=SYSCALL msg=audit(1.5:2): b",
            "node=x type=SYSCALL msg=audit(9.0:1): other machine",
            "type=SYSCALL msg=audit(3.2:3): c",
            "type=PATH msg=audit(1.5:2): d",
        ]);
        let serials: Vec<u64> = found.iter().map(|(serial, _)| *serial).collect();
        assert_eq!(serials, [1, 2, 1, 3]);
        assert_eq!(found[1].1, [1300, 1302]);
    }

    #[test]
    fn memory_has_a_limit() {
        let mut assembly = Assembly::default();
        let mut ended = 0;
        for serial in 0..20_000 {
            let stamp = Stamp { millis: 1, serial };
            let record = Record { node: None, kind: Some(record::SYSCALL), stamp, fields: b"" };
            assembly.add(&record, 1, |_| ended += 1);
            assert!(assembly.open.len() <= MOST_OPEN + 1);
        }
        assembly.finish(|_| ended += 1);
        assert_eq!(ended, 20_000);
    }
}
