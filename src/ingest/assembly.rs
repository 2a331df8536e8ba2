//! Events from records. The records of events that happen at the same time come mixed.

use std::collections::VecDeque;

use foldhash::HashMap;

use super::group::Group;
use super::layout::Layouts;
use super::record::{Record, Stamp};
use crate::catalog::record;

/// An event ends if a record of its machine is so much later, in milliseconds. ausearch waits as long.
const HORIZON: i64 = 2_000;
/// Maximum number of events that are open at the same time.
const MOST_OPEN: usize = 4_096;

/// Maximum number of bytes of records of all events that are open at the same time. Their memory, which grows in steps, can
/// be twice as large.
const MOST_OPEN_BYTES: usize = 16 << 20;

/// Puts records together to events.
#[derive(Debug, Default)]
pub struct Assembly {
    /// The event of the last record: mostly, the next record is of the same.
    last: Option<Box<Group>>,
    /// The other open events, by their number.
    open: HashMap<Number, Box<Group>>,
    /// The bytes that they keep.
    open_bytes: usize,
    /// Their numbers, the oldest first. An event that has ended can still be here.
    order: VecDeque<Number>,
    /// Memory of events that have ended.
    #[expect(clippy::vec_box, reason = "an event is passed on, and a box is moved faster")]
    spare: Vec<Box<Group>>,
    layouts: Layouts,
}

/// The number of an event, and its machine.
type Number = (Stamp, Option<Vec<u8>>);

impl Assembly {
    /// Adds a record with the length of its line, and passes each event that ends to `end`, which can take it and leave
    /// another in its place. Returns whether the record is of an event that has not ended before.
    pub fn add(
        &mut self,
        record: &Record<'_>,
        bytes: u64,
        mut end: impl FnMut(&mut Box<Group>),
    ) -> bool {
        if !self.last.as_ref().is_some_and(|last| last.is_of(record)) {
            self.put_aside(&mut end);
            self.end_old(record, &mut end);
            let known = self.open_group(record);
            // The end of an event that has ended already is no event of its own.
            if known.is_none() && record.kind == Some(record::EOE) {
                return false;
            }
            self.last = Some(known.unwrap_or_else(|| self.new_group(record)));
        }
        if let Some(last) = &mut self.last {
            last.push(record, bytes, &mut self.layouts);
        }
        if ends_event(record.kind)
            && let Some(mut last) = self.last.take()
        {
            end(&mut last);
            self.recycle(last);
        }
        true
    }

    /// Passes all open events to `end`: the log has ended.
    pub fn finish(&mut self, mut end: impl FnMut(&mut Box<Group>)) {
        self.put_aside(&mut end);
        while let Some(number) = self.order.pop_front() {
            if let Some(mut group) = self.taken(&number) {
                end(&mut group);
            }
        }
    }

    /// Puts the last event among the open ones. If there are too many, the oldest ends.
    fn put_aside(&mut self, end: &mut impl FnMut(&mut Box<Group>)) {
        let Some(mut last) = self.last.take() else { return };
        let number = (last.stamp, last.node.clone());
        self.open_bytes += last.kept_bytes();
        let was_open = std::mem::replace(&mut last.was_open, true);
        self.open.insert(number.clone(), last);
        if !was_open {
            self.order.push_back(number);
        }
        if self.order.len() > 2 * MOST_OPEN {
            self.order.retain(|number| self.open.contains_key(number));
        }
        while self.open.len() > MOST_OPEN || self.open_bytes > MOST_OPEN_BYTES {
            self.end_oldest(end);
        }
    }

    /// Takes an open event.
    fn taken(&mut self, number: &Number) -> Option<Box<Group>> {
        let group = self.open.remove(number)?;
        self.open_bytes -= group.kept_bytes();
        Some(group)
    }

    /// Ends the events that are too old for another record.
    fn end_old(&mut self, record: &Record<'_>, end: &mut impl FnMut(&mut Box<Group>)) {
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

    fn end_oldest(&mut self, end: &mut impl FnMut(&mut Box<Group>)) {
        let Some(number) = self.order.pop_front() else { return };
        if let Some(mut group) = self.taken(&number) {
            end(&mut group);
            self.recycle(group);
        }
    }

    /// Returns the open event of a record.
    fn open_group(&mut self, record: &Record<'_>) -> Option<Box<Group>> {
        if self.open.is_empty() {
            return None;
        }
        self.taken(&(record.stamp, record.node.map(<[u8]>::to_vec)))
    }

    fn new_group(&mut self, record: &Record<'_>) -> Box<Group> {
        let mut group = self.spare.pop().unwrap_or_default();
        group.begin(record);
        group
    }

    /// Keeps the memory of an event that has ended.
    fn recycle(&mut self, group: Box<Group>) {
        if self.spare.len() < 16 && group.is_small() {
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
    use super::super::group::MOST_RECORDS;
    use super::*;

    fn events(log: &[&str]) -> Vec<(u64, Vec<u32>)> {
        let mut events = Vec::new();
        let mut assembly = Assembly::default();
        let mut end = |group: &mut Box<Group>| {
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
    fn an_event_with_many_records_keeps_its_call_and_its_bytes() {
        let line = |kind: &str, text: &str| format!("type={kind} msg=audit(1.0:1): {text}");
        let mut log = vec![line("EXECVE", "argc=3 a0=\"x\""), line("EXECVE", "a1[0]=41")];
        log.extend((0..5_000).map(|item| line("PATH", &format!("item={item}"))));
        log.extend([line("EXECVE", "a2=\"x\""), line("SYSCALL", "items=5000"), line("EOE", "")]);
        let mut events = 0;
        let mut assembly = Assembly::default();
        for text in &log {
            let record = Record::parse(text.as_bytes()).unwrap();
            assembly.add(&record, text.len() as u64, |group| {
                events += 1;
                assert!(group.is_cut() && group.records().count() < MOST_RECORDS + 5);
                assert_eq!(group.record(record::SYSCALL), Some(&b"items=5000"[..]));
                let all = |of: Option<u32>| -> u64 {
                    let sizes = group.sizes().filter(|(kind, _)| of.is_none() || *kind == of);
                    sizes.map(|(_, bytes)| bytes).sum()
                };
                let expected: usize = log.iter().map(String::len).sum();
                assert_eq!((all(None), group.bytes), (expected as u64, expected as u64));
                let of_execve: usize =
                    log.iter().filter(|text| text.contains("EXECVE")).map(String::len).sum();
                assert_eq!(all(Some(record::EXECVE)), of_execve as u64);
            });
        }
        assert_eq!(events, 1);
    }

    /// An event of another machine never ends, and two events come mixed.
    #[test]
    fn memory_has_a_limit_if_no_event_ends() {
        let mut assembly = Assembly::default();
        let mut ended = 0;
        let mut add = |assembly: &mut Assembly, node, kind, serial, fields: &[u8]| {
            let stamp = Stamp { millis: 1, serial };
            let record = Record { node, kind: Some(kind), stamp, fields };
            assembly.add(&record, 1, |_| ended += 1);
            assert!(assembly.order.len() <= 2 * MOST_OPEN + 1);
            let kept: usize = assembly.open.values().map(|group| group.kept_bytes()).sum();
            assert!(kept == assembly.open_bytes && kept <= MOST_OPEN_BYTES);
        };
        add(&mut assembly, Some(&b"gone"[..]), record::SYSCALL, 1, b"");
        for serial in 0..20_000 {
            add(&mut assembly, None, record::SYSCALL, serial, b"");
            add(&mut assembly, None, record::SYSCALL, serial + 1, b"");
            add(&mut assembly, None, record::PROCTITLE, serial, b"");
        }
        let long = vec![b'x'; 60_000];
        for serial in 0..2_000 {
            add(&mut assembly, None, record::PATH, 30_000 + serial, &long);
        }
        assembly.finish(|_| ended += 1);
        assert_eq!(ended, 22_002);
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
