//! Builders of rules for the tests, and the tests of the questions: one file per subject.

mod arming;
mod compare;
mod gate;
mod narrow;
mod walk;

use std::sync::Arc;

use super::{Arming, Load, LoadStep, Origin, arming as arm};
use crate::catalog::{Arch, field};
use crate::model::Profile;
use crate::rule::{Action, Field, FieldId, FilterList, Mask, NumberId, Op, Rule, TextId};

pub(in crate::analysis) fn rule(list: FilterList, numbers: &[u32]) -> Rule {
    let mut rule = Rule::new(list, Action::Always);
    assert!(numbers.iter().all(|number| rule.mask.insert(*number)));
    rule
}

pub(in crate::analysis) fn for_arch(arch: Arch, numbers: &[u32]) -> Rule {
    let mut rule = rule(FilterList::Exit, numbers);
    rule.fields.push(Field::Number { id: NumberId::ARCH, op: Op::EQUAL, value: arch.elf() });
    rule
}

pub(in crate::analysis) fn with_key(key: &[u8], mut rule: Rule) -> Rule {
    rule.fields.push(Field::Text { id: TextId::KEY, op: Op::EQUAL, text: key.into() });
    rule
}

pub(in crate::analysis) fn origin(line: usize) -> Origin {
    Origin { file: Arc::from("a.rules"), line }
}

/// Returns what these steps arm, each on a line of its own.
pub(in crate::analysis) fn armed_by(steps: Vec<LoadStep>) -> Arming {
    let lines = (1..).map(origin).zip(steps);
    let loads: Vec<Load> =
        lines.map(|(origin, step)| Load { origin, step, watched: None }).collect();
    arm(Profile::new(Arch::X86_64, 451), &loads)
}

pub(in crate::analysis) fn add(rule: Rule) -> LoadStep {
    LoadStep::Add(rule)
}

pub(super) fn uid(mut rule: Rule) -> Rule {
    let FieldId::Number(id) = FieldId::of(field::AUID) else { panic!() };
    rule.fields.push(Field::Number { id, op: Op::EQUAL, value: 1000 });
    rule
}

pub(super) fn perm(mut rule: Rule, bits: u32) -> Rule {
    rule.fields.push(Field::Number { id: NumberId::PERM, op: Op::EQUAL, value: bits });
    rule
}

pub(super) fn text(mut rule: Rule, id: TextId, op: Op, path: &[u8]) -> Rule {
    rule.fields.push(Field::Text { id, op, text: path.into() });
    rule
}

pub(super) fn everything() -> Rule {
    let mut rule = rule(FilterList::Exit, &[]);
    rule.mask = Mask::ALL;
    rule
}
