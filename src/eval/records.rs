//! Records: the lists user and exclude, and what the exclude list drops.

use super::decision::Doubt;
use super::evaluator::Evaluator;
use super::event::{Event, Kind, Task};
use super::files::{Files, View};
use super::filters::{FilterId, Filters};
use super::message::{Message, Tested};
use super::truth::Truth;
use super::walk::doubt;
use crate::catalog::{self, KernelVersion};

/// The record of a syscall (`AUDIT_SYSCALL`).
pub(super) const SYSCALL_RECORD: u32 = 1300;
/// The record of an operation of io_uring (`AUDIT_URINGOP`).
pub(super) const OPERATION_RECORD: u32 = 1336;
/// The other records in the event of a syscall, without its end (linux/audit.h).
const COMPANIONS: [&str; 12] = [
    "PATH",
    "IPC",
    "SOCKETCALL",
    "SOCKADDR",
    "CWD",
    "EXECVE",
    "OBJ_PID",
    "FD_PAIR",
    "BPRM_FCAPS",
    "CAPSET",
    "MMAP",
    "PROCTITLE",
];

/// The rules of the exclude list that some task can meet, for the records of a call.
pub(super) struct Exclusions {
    of_syscall: Vec<FilterId>,
    of_operation: Vec<FilterId>,
    /// By the type of the record, without those that no rule drops.
    of_companions: Vec<(u32, Vec<FilterId>)>,
}

impl Exclusions {
    pub(super) fn new(filters: &Filters, version: KernelVersion, files: &Files) -> Self {
        let (nobody, nothing) = (Task::default(), Files::default());
        let of_record = |record| {
            let files = View::new(&nothing, files);
            let message = Message { task: &nobody, record: Some(record), version, files };
            // What is false while everything about the task is unknown is false for every task.
            let can_hold = |tested| match tested {
                Tested::Matches(truth) | Tested::Ends(truth) => truth != Truth::False,
            };
            let rules = filters.of(&filters.exclude);
            rules.filter(|(_, filter)| can_hold(message.test(filter))).map(|(id, _)| id).collect()
        };
        let companions =
            COMPANIONS.iter().filter_map(|name| catalog::msgtype_number(name.as_bytes()));
        Exclusions {
            of_syscall: of_record(SYSCALL_RECORD),
            of_operation: of_record(OPERATION_RECORD),
            of_companions: companions
                .map(|record| (record, of_record(record)))
                .filter(|(_, rules): &(u32, Vec<FilterId>)| !rules.is_empty())
                .collect(),
        }
    }
}

impl Evaluator {
    /// Returns the rules of the exclude list that can drop a record.
    pub(super) fn exclusions(&self, record: Option<u32>) -> &[FilterId] {
        match record {
            Some(SYSCALL_RECORD) => &self.exclusions.of_syscall,
            Some(OPERATION_RECORD) => &self.exclusions.of_operation,
            _ => &self.filters.exclude,
        }
    }

    /// Returns the rules of a list for records that can be the first match, and `None` if possibly none matches.
    pub(super) fn matches(
        &self,
        event: &Event,
        list: &[FilterId],
        record: Option<u32>,
        doubts: &mut Vec<Doubt>,
    ) -> Vec<Option<FilterId>> {
        let (version, files) = (self.version, self.files(event));
        let message = Message { task: &event.task, record, version, files };
        let mut matches = Vec::with_capacity(1);
        for (id, filter) in self.filters.of(list) {
            let (matched, truth) = match message.test(filter) {
                Tested::Matches(truth) => (Some(id), truth),
                Tested::Ends(truth) => (None, truth),
            };
            match truth {
                Truth::False => {}
                Truth::True => {
                    matches.push(matched);
                    return matches;
                }
                Truth::Unknown(attributes) => {
                    matches.push(matched);
                    doubt(doubts, Some(filter.serial), attributes);
                }
            }
        }
        matches.push(None);
        matches
    }

    /// Returns the records of the event that the exclude list drops.
    pub(super) fn dropped(&self, event: &Event, doubts: &mut Vec<Doubt>) -> Vec<u32> {
        if event.kind != Kind::Syscall {
            return Vec::new();
        }
        let dropped = self.exclusions.of_companions.iter().filter(|(record, rules)| {
            let matches = self.matches(event, rules, Some(*record), doubts);
            matches.iter().all(Option::is_some)
        });
        dropped.map(|(record, _)| *record).collect()
    }
}
