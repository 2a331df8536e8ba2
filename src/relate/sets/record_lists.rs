//! The lists that judge records: exclude, and user for the messages of programs.

use super::lists::{Builder, Decided, hash};
use super::message;
use super::outcomes::{ENDS, NO_RECORD, RECORD};
use super::roles::in_list;
use super::test::{Role, Test};
use crate::catalog::field;
use crate::model::{Entry, KernelModel};
use crate::relate::diagram::Diagram;
use crate::rule::{Action, Field, Rule};

impl<'r> Builder<'_, 'r> {
    /// Returns the rule of the list exclude that drops the record of a call.
    pub(super) fn excluded(&mut self, kernel: &'r KernelModel) -> Diagram {
        let of_syscalls = self.exclude(kernel, Some(message::SYSCALL));
        let of_operations = self.exclude(kernel, Some(message::OPERATION));
        let syscalls = self.space.syscalls();
        self.space.diagrams.choice(syscalls, of_syscalls, of_operations)
    }

    /// Returns `outcome` for the events that the list exclude does not drop.
    pub(super) fn unless(&mut self, excluded: Diagram, outcome: Diagram) -> Diagram {
        self.space.diagrams.zip(excluded, outcome, &mut |excluded, outcome| match excluded {
            0 | ENDS => outcome,
            _ => NO_RECORD,
        })
    }

    pub(super) fn exclude(&mut self, kernel: &'r KernelModel, record: Option<u32>) -> Diagram {
        self.of_records(&in_list(kernel, Role::Exclude), record)
    }

    /// Returns the first match of a list that judges records: of every type, or of one.
    fn of_records(&mut self, entries: &[&'r Entry], record: Option<u32>) -> Diagram {
        let mut matches = Vec::new();
        for entry in entries {
            let (rule, role) = (entry.rule(), Role::of(entry));
            let number = self.rules.number(rule);
            let matched = self.record(rule, role, record, number);
            matches.push((hash(rule), matched));
        }
        self.joined(&matches)
    }

    /// Returns the number of the rule for the records that it matches. At a field that the list does not know, the
    /// list ends if the conditions before it hold (`audit_filter`).
    pub(super) fn record(
        &mut self,
        rule: &'r Rule,
        role: Role,
        record: Option<u32>,
        number: u32,
    ) -> Diagram {
        let mut so_far = if rule.fields.is_empty() { Diagram::NOTHING } else { Diagram::ALWAYS };
        let mut number = number;
        for condition in &rule.fields {
            let holds = match (condition, record) {
                (Field::Number { op, value, .. }, Some(record))
                    if condition.number() == field::MSGTYPE =>
                {
                    if op.compares(record, *value) {
                        Diagram::ALWAYS
                    } else {
                        Diagram::NOTHING
                    }
                }
                _ => self.space.holds(condition, role),
            };
            if Test::of(condition, role, self.space.version) == Test::Ends {
                number = ENDS;
                break;
            }
            so_far = self.space.diagrams.both(so_far, holds);
        }
        let number = self.space.diagrams.result(number);
        self.space.diagrams.both(so_far, number)
    }

    pub(super) fn records(&mut self, kernel: &'r KernelModel) -> Decided {
        let winner = self.exclude(kernel, None);
        let kept = self.space.diagrams.result(RECORD);
        Decided { winner, outcome: self.unless(winner, kept) }
    }

    pub(super) fn messages(&mut self, kernel: &'r KernelModel, records: Diagram) -> Decided {
        let winner = self.of_records(&in_list(kernel, Role::User), None);
        let rules = &self.rules;
        let outcome =
            self.space.diagrams.zip(winner, records, &mut |user, kept| match rules.get(user) {
                Some(rule) if rule.action == Action::Never => NO_RECORD,
                _ => kept,
            });
        Decided { winner, outcome }
    }
}
