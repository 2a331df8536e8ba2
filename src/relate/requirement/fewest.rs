//! The fewest rules that cover a requirement.

use std::collections::BTreeSet;

use super::change::conditions;
use super::{Judge, kernel_of};
use crate::model::{Entry, KernelModel};
use crate::rule::{Action, Rule};

/// Maximum number of rules that are tried one by one for a required rule.
const MOST_TRIED: usize = 12;
/// Maximum number of rules of which the superfluous ones are sought.
const MOST_TOGETHER: usize = 24;

/// Returns few rules, of those that record required calls, which cover the requirement: one for each required rule where
/// one is enough. `by` has the serials of all.
pub(super) fn fewest(judge: &Judge<'_>, required: &[Rule], by: &[usize]) -> Vec<usize> {
    let mut found = BTreeSet::new();
    for rule in required {
        let covers = |serials: &[usize]| {
            let required = kernel_of(judge.set.profile(), std::slice::from_ref(rule));
            judge.misses(&required, &only(judge.set, serials)).is_complete()
        };
        if covers(&found.iter().copied().collect::<Vec<_>>()) {
            continue;
        }
        let nearest = by_nearness(judge.set, rule, by);
        match nearest.iter().take(MOST_TRIED).find(|serial| covers(&[**serial])) {
            Some(serial) => {
                found.insert(*serial);
            }
            None => found.extend(needed(nearest, covers)),
        }
    }
    found.into_iter().collect()
}

/// Returns the rules without those that are not needed, the last first. Too many rules, and those that do not cover, stay.
pub(crate) fn needed(mut serials: Vec<usize>, covers: impl Fn(&[usize]) -> bool) -> Vec<usize> {
    if serials.len() > MOST_TOGETHER || !covers(&serials) {
        return serials;
    }
    for at in (0..serials.len()).rev() {
        let mut fewer = serials.clone();
        fewer.remove(at);
        if covers(&fewer) {
            serials = fewer;
        }
    }
    serials
}

/// Returns the rules, those first that have the most conditions of a rule and the fewest others.
fn by_nearness(set: &KernelModel, rule: &Rule, by: &[usize]) -> Vec<usize> {
    let wanted = conditions(rule);
    let mut entries: Vec<&Entry> =
        set.entries().filter(|entry| by.contains(&entry.serial())).collect();
    entries.sort_by_cached_key(|entry| {
        let own = conditions(entry.rule());
        let others = |one: &[String], other: &[String]| {
            one.iter().filter(|condition| !other.contains(condition)).count()
        };
        (others(&own, &wanted) + others(&wanted, &own), entry.serial())
    });
    entries.into_iter().map(Entry::serial).collect()
}

/// Returns a set with only these rules of those that record calls.
fn only(set: &KernelModel, serials: &[usize]) -> KernelModel {
    let mut fewer = set.clone();
    for entry in set.entries() {
        let rule = entry.rule();
        if rule.action == Action::Always
            && rule.list.has_mask()
            && !serials.contains(&entry.serial())
        {
            // Each rule is there.
            let _ = fewer.delete(rule);
        }
    }
    fewer
}
