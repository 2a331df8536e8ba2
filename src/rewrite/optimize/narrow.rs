//! Syscalls that a rule cannot match: another arch, an access that `perm` does not ask for, or no file at all.

use super::draft::{Draft, Edit};
use super::kind::Kind;
use super::order::with_arch_after_perm;
use super::worker::{self, may_match_in_worker};
use crate::analysis::{Sides, Turn};
use crate::catalog::{Arch, field};
use crate::rewrite::rule_line;
use crate::rule::{Field, FilterList, Mask, Rule};

pub(super) fn edits(draft: &Draft, machine: Arch, sides: &Sides, kind: Kind) -> Vec<Edit> {
    let exit =
        draft.rules().filter(|(at, rule)| rule.list == FilterList::Exit && draft.is_free(*at));
    let narrowed = exit.filter_map(|(at, rule)| {
        let mut matched = sides.matched(rule);
        if may_match_in_worker(rule) {
            // A number that the mask had fits into it.
            let _ = matched.insert(worker::NUMBER);
        }
        let into = candidates(rule, matched, sides, kind)
            .into_iter()
            .filter(|candidate| candidate.mask != rule.mask)
            .find(|candidate| rule_line(candidate, machine).is_some())?;
        Some(Edit::change(at, into))
    });
    narrowed.collect()
}

/// Returns the rule with fewer syscalls, the fewest first. With an arch before `perm`, auditctl adds the syscalls of
/// `perm`; with the arch after it, it adds none. That costs no call more if the kernel looks at the file first. On a kernel
/// with the bitmap, a syscall that is not armed saves more than the order costs.
fn candidates(rule: &Rule, matched: Mask, sides: &Sides, kind: Kind) -> Vec<Rule> {
    let mut candidates = vec![Rule { mask: matched.clone(), ..rule.clone() }];
    let is_file = |condition: &Field| Turn::of(condition.number()) == Turn::File;
    if kind == Kind::Bitmap || rule.fields.iter().any(is_file) {
        candidates.push(Rule { mask: matched.clone(), ..with_arch_after_perm(rule) });
    }
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
