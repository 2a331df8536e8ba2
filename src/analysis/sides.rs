//! The syscalls that a rule can match.

use std::cell::RefCell;

use foldhash::HashMap;

use super::arming::Arming;
use super::perm_masks::{PermMasks, perm_bits};
use super::verdict::{Side, Verdict};
use crate::catalog::{Arch, field, kernel_syscall_name};
use crate::model::{is_about_file, names_no_file};
use crate::rule::{Field, Mask, NumberId, Op, Rule};

/// The programs of each arch that a kernel runs.
pub(crate) struct Sides {
    all: Vec<Side>,
    nr_syscalls: u32,
    /// The answers so far: sets have many rules that differ in paths and keys only.
    known: RefCell<HashMap<Question, Vec<Mask>>>,
    perm_masks: RefCell<PermMasks>,
}

/// What decides which syscalls a rule can match.
#[derive(PartialEq, Eq, Hash)]
struct Question {
    mask: Mask,
    /// The conditions on `arch` and `perm`.
    conditions: Vec<Field>,
    needs_file: bool,
}

impl Sides {
    pub(crate) fn of(arming: &Arming) -> Self {
        let all = arming.arches().map(|arch| Side::of(arming, arch)).collect();
        Sides {
            all,
            nr_syscalls: arming.nr_syscalls,
            known: RefCell::default(),
            perm_masks: RefCell::default(),
        }
    }

    /// Returns the arches, the kernel's own first.
    #[cfg(feature = "relate")]
    pub(crate) fn arches(&self) -> impl Iterator<Item = Arch> {
        self.all.iter().map(|side| side.arch)
    }

    /// Returns the size of the kernel's syscall table.
    #[cfg(feature = "relate")]
    pub(crate) fn nr_syscalls(&self) -> u32 {
        self.nr_syscalls
    }

    /// Returns the syscalls that a rule can match, on each arch.
    pub(crate) fn possible(&self, rule: &Rule) -> Vec<Mask> {
        let is_known_before =
            |condition: &&Field| matches!(condition.number(), field::ARCH | field::PERM);
        let question = Question {
            mask: rule.mask.clone(),
            conditions: rule.fields.iter().filter(is_known_before).cloned().collect(),
            needs_file: rule.fields.iter().any(is_about_file),
        };
        if let Some(known) = self.known.borrow().get(&question) {
            return known.clone();
        }
        let possible = self.computed(rule, question.needs_file);
        self.known.borrow_mut().insert(question, possible.clone());
        possible
    }

    fn computed(&self, rule: &Rule, needs_file: bool) -> Vec<Mask> {
        let needs_access = rule.fields.iter().any(asks_for_access);
        let on = |side: &Side| {
            let mut mask = Mask::EMPTY;
            let is_possible = |number: &u32| {
                let is_unknown = *number >= self.nr_syscalls;
                // The kernel has no access and no file for a call that it does not know.
                !(is_unknown && (needs_file || needs_access))
                    && !(needs_file && has_no_file(side.arch, *number))
                    && side.outcome(rule, *number).verdict != Verdict::Never
            };
            for number in rule.mask.iter().filter(is_possible) {
                // Every number of a mask fits into one.
                let _ = mask.insert(number);
            }
            mask
        };
        self.all.iter().map(on).collect()
    }

    /// Returns the syscalls that a rule can match on some arch.
    pub(crate) fn matched(&self, rule: &Rule) -> Mask {
        let mut all = Mask::EMPTY;
        self.possible(rule).iter().for_each(|mask| all.extend_with(mask));
        all
    }

    /// Returns the syscalls that auditctl adds for the `perm` of a rule, for each of its arches.
    pub(crate) fn added_by_perm(&self, rule: &Rule) -> Mask {
        let mut masks = self.perm_masks.borrow_mut();
        let mut added = Mask::EMPTY;
        let is_for = |arch: Arch| {
            let of_arch = rule.fields.iter().filter_map(|condition| match condition {
                Field::Number { id: NumberId::ARCH, op: Op::EQUAL, value } => Some(*value),
                _ => None,
            });
            of_arch.into_iter().all(|elf| elf == arch.elf())
        };
        for bits in rule.fields.iter().filter_map(perm_bits) {
            for side in self.all.iter().filter(|side| is_for(side.arch)) {
                added.extend_with(masks.of(side.arch, bits));
            }
        }
        added
    }
}

fn asks_for_access(condition: &Field) -> bool {
    condition.number() == field::PERM && condition.op() == Op::EQUAL
}

fn has_no_file(arch: Arch, number: u32) -> bool {
    kernel_syscall_name(arch, number).is_some_and(names_no_file)
}
