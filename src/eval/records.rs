//! Records: the lists user and exclude, and what the exclude list drops.

use super::distinct::Doubts;
use super::evaluator::Evaluator;
use super::event::{Address, Event, Kind, Task};
use super::files::{Files, View};
use super::filters::{FilterId, Filters};
use super::message::{Message, Tested};
use super::truth::Truth;
use super::walk::doubt;
use crate::catalog::{self, KernelVersion};
use crate::model::{may_have_address, names_no_file};

/// The record of a syscall (`AUDIT_SYSCALL`).
pub(super) const SYSCALL_RECORD: u32 = 1300;
/// The record of an operation of io_uring (`AUDIT_URINGOP`).
pub(super) const OPERATION_RECORD: u32 = 1336;
/// The other records in the event of a syscall, without its end (linux/audit.h), and the calls that can have them.
const COMPANIONS: [(&str, Calls); 12] = [
    ("PATH", Calls::WithNames),
    ("IPC", Calls::Named(IPC)),
    ("SOCKETCALL", Calls::Named(&["socketcall"])),
    ("SOCKADDR", Calls::WithAddress),
    ("CWD", Calls::WithNames),
    ("EXECVE", Calls::Named(EXEC)),
    ("OBJ_PID", Calls::Named(SIGNALS)),
    ("FD_PAIR", Calls::Named(&["pipe", "pipe2", "socketcall", "socketpair"])),
    ("BPRM_FCAPS", Calls::Named(EXEC)),
    ("CAPSET", Calls::Named(&["capset"])),
    ("MMAP", Calls::Named(&["mmap", "mmap2"])),
    ("PROCTITLE", Calls::All),
];

/// Syscalls that check the permissions of an IPC object (`ipcperms` and `audit_ipc_obj`, ipc/).
#[rustfmt::skip]
const IPC: &[&str] = &[
    "ipc", "msgctl", "msgget", "msgrcv", "msgsnd", "semctl", "semget", "semop", "semtimedop", "semtimedop_time64",
    "shmat", "shmctl", "shmget",
];

/// Syscalls that run a program (`audit_bprm`, fs/exec.c; `__audit_log_bprm_fcaps`, kernel/auditsc.c).
const EXEC: &[&str] = &["execve", "execveat"];

/// Syscalls that signal or trace a process for a program (`check_kill_permission`, kernel/signal.c; `__audit_ptrace`,
/// kernel/auditsc.c). A message queue signals the process that waits for a message (ipc/mqueue.c).
#[rustfmt::skip]
const SIGNALS: &[&str] = &[
    "kill", "mq_timedsend", "mq_timedsend_time64", "pidfd_send_signal", "ptrace", "rt_sigqueueinfo",
    "rt_tgsigqueueinfo", "tgkill", "tkill",
];

/// The calls that can have a record.
#[derive(Clone, Copy)]
enum Calls {
    /// All calls.
    All,
    /// Those that collect names (`audit_log_exit`, kernel/auditsc.c).
    WithNames,
    /// Those that copy an address.
    WithAddress,
    /// These syscalls.
    Named(&'static [&'static str]),
}

impl Calls {
    /// Returns whether a call can be one of these. An unknown syscall can be any.
    fn may_have(self, event: &Event) -> bool {
        let syscall = event.call.syscall_name();
        match self {
            Calls::All => true,
            Calls::WithNames => match &event.names {
                Some(names) => !names.is_empty(),
                None => !syscall.is_some_and(names_no_file),
            },
            Calls::WithAddress => {
                event.call.address != Address::None && syscall.is_none_or(may_have_address)
            }
            Calls::Named(known) => syscall.is_none_or(|name| known.contains(&name)),
        }
    }
}

/// The rules of the exclude list that some task can meet, for the records of a call.
pub(super) struct Exclusions {
    of_syscall: Vec<FilterId>,
    of_operation: Vec<FilterId>,
    /// Without the records that no rule drops.
    of_companions: Vec<Companion>,
}

/// A record besides the main one.
struct Companion {
    record: u32,
    calls: Calls,
    /// The rules that can drop it.
    rules: Vec<FilterId>,
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
        let companions = COMPANIONS.into_iter().filter_map(|(name, calls)| {
            let record = catalog::msgtype_number(name.as_bytes())?;
            Some(Companion { record, calls, rules: of_record(record) })
        });
        Exclusions {
            of_syscall: of_record(SYSCALL_RECORD),
            of_operation: of_record(OPERATION_RECORD),
            of_companions: companions.filter(|companion| !companion.rules.is_empty()).collect(),
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
        doubts: &mut Doubts,
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

    /// Returns the records of the event that the exclude list drops. They are left out if the call cannot have them.
    pub(super) fn dropped(&self, event: &Event, doubts: &mut Doubts) -> Vec<u32> {
        if event.kind != Kind::Syscall {
            return Vec::new();
        }
        let companions = self.exclusions.of_companions.iter();
        let dropped = companions.filter(|one| one.calls.may_have(event)).filter(|one| {
            let matches = self.matches(event, &one.rules, Some(one.record), doubts);
            matches.iter().all(Option::is_some)
        });
        dropped.map(|one| one.record).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Arch;

    #[test]
    fn records_are_known_and_their_calls_are_syscalls() {
        for (record, calls) in COMPANIONS {
            assert!(catalog::msgtype_number(record.as_bytes()).is_some(), "{record}");
            let Calls::Named(names) = calls else { continue };
            for name in names {
                let has =
                    |arch: &Arch| catalog::kernel_syscall_number(*arch, name.as_bytes()).is_some();
                assert!(Arch::ALL.iter().any(has), "{record}: {name}");
            }
        }
    }
}
