//! What is known about a task when it was made: the list task judges it then (`audit_alloc`, kernel/auditsc.c).

use super::attribute::Attribute;
use super::event::{Event, Kind, Task};
use super::filters::Filter;
use super::truth::Truth;

/// What is known about a task when it was made, if its event does not say it.
#[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the program reads logs"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tasks {
    /// It had the attributes of the event.
    AsInEvent,
    /// Nothing: a program such as login or sudo changes users later, and a log does not hold that.
    Unknown,
    /// Not more, but an audit context: these rules recorded an event of it.
    Recorded,
}

#[cfg(feature = "cli")]
impl super::Evaluator {
    /// Sets what is known about tasks when they were made.
    #[must_use]
    pub(crate) fn with_tasks(mut self, tasks: Tasks) -> Self {
        self.tasks = tasks;
        self
    }
}

impl Tasks {
    /// Returns what is known about the task of an event. A task that is being made is known.
    pub(super) fn of_event(self, event: &Event) -> Self {
        if event.kind == Kind::Task { Tasks::AsInEvent } else { self }
    }

    /// Returns the task that is being made. It has no number of its own yet: `pid` is the number of the process that
    /// makes it.
    pub(super) fn new_task(self, event: &Event) -> Task {
        if self != Tasks::AsInEvent {
            return event.at_entry.clone();
        }
        let pid = event.at_entry.pid.or(match event.kind {
            Kind::Task => event.task.pid,
            _ => None,
        });
        Task { pid, ..event.at_entry.or(&event.task) }
    }

    /// Returns whether a rule matches the task, whose test has had this result.
    pub(super) fn answer(self, filter: &Filter, result: Truth) -> Truth {
        match (result, self) {
            (Truth::Unknown(_), Tasks::Recorded) if filter.is_never() => Truth::False,
            (Truth::Unknown(_), Tasks::Unknown | Tasks::Recorded) => {
                Truth::unknown(Attribute::AtEntry)
            }
            (result, _) => result,
        }
    }
}
