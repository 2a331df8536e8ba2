//! The lists that judge records: user and exclude (`audit_filter`, kernel/auditfilter.c).

use super::attribute::Attribute;
use super::event::{Ids, Task, UNSET};
use super::field::as_asked;
use super::files::View;
use super::filters::Filter;
use super::label::{self, Part};
use super::place;
use super::truth::Truth;
use crate::catalog::{KernelVersion, field};
use crate::rule::{Field, Op};

/// The first kernel that compares the process and not the thread as `pid` in these lists.
const COMPARES_PROCESS: KernelVersion = KernelVersion::new(6, 12);

/// What these lists look at: the current task, and the type of the record.
pub(super) struct Message<'m> {
    pub(super) task: &'m Task,
    pub(super) record: Option<u32>,
    pub(super) version: KernelVersion,
    pub(super) files: View<'m>,
}

/// The result of testing one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tested {
    /// Whether it matches.
    Matches(Truth),
    /// It has a field that these lists do not know. If the fields before it match, the list ends here without a match.
    Ends(Truth),
}

impl Message<'_> {
    /// Tests a rule. A rule without fields matches nothing.
    pub(super) fn test(&self, filter: &Filter) -> Tested {
        let mut so_far = Truth::True;
        for (at, field) in filter.rule.fields.iter().enumerate() {
            if self.is_unset(field) {
                // The kernel keeps the result of the field before; the first one has none.
                if at == 0 {
                    return Tested::Matches(Truth::False);
                }
                continue;
            }
            match self.holds(field) {
                Some(truth) => so_far = so_far.and(truth),
                None => return Tested::Ends(so_far),
            }
            if so_far == Truth::False {
                break;
            }
        }
        Tested::Matches(if filter.rule.fields.is_empty() { Truth::False } else { so_far })
    }

    /// Returns whether the security module has no such part of a label. The kernel loads the rule and does not test
    /// the field.
    fn is_unset(&self, field: &Field) -> bool {
        let number = field.number();
        matches!(number, field::SUBJ_USER..=field::SUBJ_CLR)
            && self.task.subj.as_deref().is_some_and(|label| {
                label::is_of_apparmor(label) && Part::of_subject(number) != Part::Role
            })
    }

    /// Returns whether a condition holds; `None` for a field that these lists do not know.
    fn holds(&self, field: &Field) -> Option<Truth> {
        match field {
            Field::Number { op, value, .. } => self.number(field.number(), *op, *value),
            Field::Text { op, text, .. } => self.text(field.number(), *op, text),
        }
    }

    fn number(&self, number: u32, op: Op, value: u32) -> Option<Truth> {
        let task = self.task;
        let (known, attribute) = match number {
            field::PID if self.version < COMPARES_PROCESS => (task.tid, Attribute::Tid),
            field::PID => (task.pid, Attribute::Pid),
            field::UID | field::GID => {
                let attribute = Ids::attribute(number)?;
                return Some(Truth::of_ids(task.ids.get(number), value, attribute, op));
            }
            field::AUID => return Some(Truth::of_ids(task.auid, value, Attribute::Auid, op)),
            field::LOGINUID_SET => {
                (task.auid.map(|auid| u32::from(auid != UNSET)), Attribute::Auid)
            }
            field::MSGTYPE => (self.record, Attribute::Type),
            _ => return None,
        };
        Some(Truth::of(known, attribute, |known| op.compares(known, value)))
    }

    fn text(&self, number: u32, op: Op, text: &[u8]) -> Option<Truth> {
        match number {
            field::SUBJ_USER..=field::SUBJ_CLR => {
                let part = Part::of_subject(number);
                Some(label::compares(self.task.subj.as_deref(), Attribute::Subj, part, op, text))
            }
            field::EXE => {
                Some(as_asked(place::runs(self.task.exe.as_deref(), text, self.files), op))
            }
            _ => None,
        }
    }
}
