//! Syscalls that a rule cannot match: another arch, an access that `perm` does not ask for, or no file at all.

use super::draft::{Draft, Edit};
use crate::analysis::Sides;
use crate::catalog::{Arch, field};
use crate::rewrite::rule_line;
use crate::rule::{FilterList, Mask, Rule};

pub(super) fn edits(draft: &Draft, machine: Arch, sides: &Sides) -> Vec<Edit> {
    let exit =
        draft.rules().filter(|(at, rule)| rule.list == FilterList::Exit && draft.is_free(*at));
    let narrowed = exit.filter_map(|(at, rule)| {
        let matched = sides.matched(rule);
        let into = candidates(rule, matched, sides)
            .into_iter()
            .filter(|candidate| candidate.mask != rule.mask)
            .find(|candidate| rule_line(candidate, machine).is_some())?;
        Some(Edit::change(at, into))
    });
    narrowed.collect()
}

/// Returns the rule with fewer syscalls, the fewest first. With an arch before it, auditctl adds the syscalls of `perm`.
fn candidates(rule: &Rule, matched: Mask, sides: &Sides) -> Vec<Rule> {
    let with = |mask: Mask| Rule { mask, ..rule.clone() };
    let mut masks = vec![matched.clone()];
    if rule.fields.iter().any(|condition| condition.number() == field::PERM) {
        let mut with_added = matched;
        with_added.extend_with(&sides.added_by_perm(rule));
        if rule.mask.contains_all(&with_added) {
            masks.push(with_added);
        }
    }
    masks.into_iter().filter(|mask| !mask.is_empty()).map(with).collect()
}
