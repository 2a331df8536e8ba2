//! The list filesystem: the types of file systems whose names are dropped.

use super::evidence::{Evidence, Judges};
use super::numbers::{NumberTest, Regions};
use super::roles::in_list;
use super::test::Role;
use crate::catalog::field;
use crate::eval::{Event, Kind, Name};
use crate::model::KernelModel;
use crate::rule::{Action, Field};

/// ext4 (linux/magic.h).
pub(super) const USUAL: u32 = 0xef53;

/// The conditions of which one is enough to drop a name, of both sets (`__audit_inode`, kernel/auditsc.c).
pub(super) struct Filesystems {
    old: Vec<NumberTest>,
    new: Vec<NumberTest>,
}

impl Filesystems {
    pub(super) fn new(old: &KernelModel, new: &KernelModel) -> Self {
        Filesystems { old: dropped(old), new: dropped(new) }
    }

    fn types(&self) -> Vec<u32> {
        let tests: Vec<NumberTest> = self.old.iter().chain(&self.new).copied().collect();
        Regions::of(&tests, &[USUAL]).numbers.into_iter().map(|(number, _)| number).collect()
    }

    /// Returns the conditions of both sets if they do not drop the same names.
    pub(super) fn differing(&self) -> Vec<NumberTest> {
        let is_other = |kind: &u32| is_dropped(&self.old, *kind) != is_dropped(&self.new, *kind);
        match self.types().iter().any(is_other) {
            true => self.old.iter().chain(&self.new).copied().collect(),
            false => Vec::new(),
        }
    }

    /// Returns a type whose names both sets keep; `None` if there is none, or if no rule drops any.
    pub(super) fn kept_by_both(&self) -> Option<u32> {
        let is_dropped = |kind| is_dropped(&self.old, kind) || is_dropped(&self.new, kind);
        let is_needed = !self.old.is_empty() || !self.new.is_empty();
        self.types().into_iter().find(|kind| is_needed && !is_dropped(*kind))
    }

    /// Returns the types whose names only one set drops.
    pub(super) fn differences(&self, judges: &Judges) -> Vec<Evidence> {
        let events = self.types().into_iter().map(|kind| Event {
            kind: Kind::Filesystem,
            names: Some(vec![Name { fstype: Some(kind), ..Name::default() }]),
            ..Event::default()
        });
        events.filter_map(|event| judges.differ(&event).ok()).collect()
    }
}

/// Returns whether one of the conditions drops the names of a type.
pub(super) fn is_dropped(tests: &[NumberTest], kind: u32) -> bool {
    tests.iter().any(|(op, value)| op.compares(kind, *value))
}

pub(super) fn dropped(kernel: &KernelModel) -> Vec<NumberTest> {
    let rules = in_list(kernel, Role::Filesystem).into_iter().map(|entry| entry.rule());
    let never = rules.filter(|rule| rule.action == Action::Never);
    let fields = never.flat_map(|rule| &rule.fields);
    fields
        .filter_map(|field| match field {
            Field::Number { op, value, .. } if field.number() == field::FSTYPE => {
                Some((*op, *value))
            }
            _ => None,
        })
        .collect()
}
