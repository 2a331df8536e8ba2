//! Syscalls that a rule cannot match: another arch, an access that `perm` does not ask for, or no file at all.

use super::draft::{Draft, Edit};
use crate::analysis::Sides;
use crate::catalog::{Arch, field};
use crate::rewrite::rule_line;
use crate::rule::{Field, Fields, FilterList, Mask, Rule};

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

/// Returns the rule with fewer syscalls, the fewest first. With an arch before `perm`, auditctl adds the syscalls of
/// `perm`; with the arch after it, it adds none.
fn candidates(rule: &Rule, matched: Mask, sides: &Sides) -> Vec<Rule> {
    let mut candidates = vec![
        Rule { mask: matched.clone(), ..rule.clone() },
        Rule { mask: matched.clone(), fields: with_arch_after_perm(rule), ..rule.clone() },
    ];
    if rule.fields.iter().any(|condition| condition.number() == field::PERM) {
        let mut with_added = matched;
        with_added.extend_with(&sides.added_by_perm(rule));
        if rule.mask.contains_all(&with_added) {
            candidates.push(Rule { mask: with_added, ..rule.clone() });
        }
    }
    candidates.retain(|candidate| !candidate.mask.is_empty());
    candidates
}

fn with_arch_after_perm(rule: &Rule) -> Fields {
    let (arches, mut fields): (Vec<Field>, Vec<Field>) =
        rule.fields.iter().cloned().partition(|condition| condition.number() == field::ARCH);
    let perm = fields.iter().rposition(|condition| condition.number() == field::PERM);
    let place = perm.map_or(0, |at| at + 1);
    fields.splice(place..place, arches);
    fields.into()
}
