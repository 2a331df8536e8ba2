//! Rules that end the walk for whole syscalls, before rules that cannot match these.
//!
//! Such a `never` rule has no conditions but an arch. It has no key, because the key of a rule that silences can be in the
//! record of a rule by inode.

use super::draft::Optimal;
use super::prices::Prices;
use super::proof::Prover;
use super::step::Step;
use crate::analysis::Sides;
use crate::catalog::field;
use crate::rule::{Action, Field, FilterList, Mask, Rule};

/// Maximum number of rules that a rule passes: limits the time for each comparison.
const FAR: usize = 200;

/// Maximum number of rules that are tried: each is tried with all rules.
const MOST_TRIED: usize = 16;

/// The rules in another order, and the rules that moved.
pub(super) struct Lead {
    pub(super) rules: Vec<Optimal>,
    pub(super) moved: Vec<Vec<usize>>,
}

/// Moves rules that end the walk to where the workload gains most from them.
pub(super) fn lead(
    rules: &[Optimal],
    sides: &Sides,
    kept: &[usize],
    prices: &Prices<'_>,
    prover: &Prover,
) -> Lead {
    let mut lead = Lead { rules: rules.to_vec(), moved: Vec::new() };
    let ends_walk = |one: &&Optimal| {
        let stays = one.from.iter().any(|serial| kept.contains(serial));
        !stays && ends_walk(&one.rule)
    };
    for one in rules.iter().filter(ends_walk).take(MOST_TRIED) {
        let Some(place) = lead.rules.iter().position(|other| other == one) else { continue };
        let first = first_place(&lead.rules, place, sides);
        let mut moved = lead.rules.clone();
        let passed = moved.get_mut(first..=place).unwrap_or_default();
        let before: Vec<Optimal> = passed.to_vec();
        passed.rotate_right(1);
        if first < place && prover.are_same(&before, passed) {
            let (old, new) = (prices.of(&lead.rules), prices.of(&moved));
            if new.total < old.total && new.is_within(&old, &[]) {
                if let Some(rule) =
                    moved.get_mut(first).filter(|rule| !rule.steps.contains(&Step::Lead))
                {
                    rule.steps.push(Step::Lead);
                }
                lead.rules = moved;
                lead.moved.push(one.from.clone());
            }
        }
    }
    lead
}

fn ends_walk(rule: &Rule) -> bool {
    rule.list == FilterList::Exit
        && rule.action == Action::Never
        && rule.fields.iter().all(|condition| condition.number() == field::ARCH)
}

/// Returns whether a rule matches every call of a syscall. A rule that passes it makes these calls dearer.
fn is_sure(rule: &Rule) -> bool {
    let is_known =
        |condition: &Field| matches!(condition.number(), field::ARCH | field::PERM | field::KEY);
    rule.fields.iter().all(is_known)
}

/// Returns the first place to which the rule at `place` may move.
fn first_place(rules: &[Optimal], place: usize, sides: &Sides) -> usize {
    let Some(rule) = rules.get(place).map(|one| &one.rule) else { return place };
    let matched = sides.possible(rule);
    let meets = |other: &Rule| {
        let others = sides.possible(other);
        matched.iter().zip(&others).any(|(one, other): (&Mask, &Mask)| one.intersects(other))
    };
    let may_pass = |other: &Rule| match other.list {
        FilterList::Exit => !is_sure(other) && !meets(other),
        FilterList::IoUring => !rule.mask.intersects(&other.mask),
        _ => true,
    };
    let before = rules.get(..place).unwrap_or_default().iter().rev().take(FAR);
    place - before.take_while(|other| may_pass(&other.rule)).count()
}
