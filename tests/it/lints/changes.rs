//! What a fix may change in the kernel, held to what it did change.

use std::collections::{BTreeMap, BTreeSet};

use rauditctl::lint::Change;
use rauditctl::rule::{Field, Rule};

/// Whether `after` is what a fix of this kind may make of `before`.
pub(super) fn hold(change: Change, before: &[Rule], after: &[Rule]) -> Result<(), String> {
    match change {
        Change::Nothing => same(before, after),
        Change::Regrouped => regrouped(before, after),
        Change::Narrower => each_is_narrower(after, before, "is none of the old ones"),
        Change::Wider => each_is_narrower(before, after, "is gone"),
        Change::Meaning if after.len() < before.len() => Err("a rule is lost".to_owned()),
        Change::Meaning => Ok(()),
    }
}

/// The kernel refuses a second rule that is equal to one it has.
fn same(before: &[Rule], after: &[Rule]) -> Result<(), String> {
    let distinct = |rules: &[Rule]| {
        let mut kept: Vec<Rule> = Vec::new();
        for rule in rules {
            if !kept.contains(rule) {
                kept.push(rule.clone());
            }
        }
        kept
    };
    match distinct(before) == distinct(after) {
        true => Ok(()),
        false => Err(format!("the rules were {before:#?} and are {after:#?}")),
    }
}

/// Fields without their order, with the list and the action.
type Conditions = (String, BTreeSet<String>);

fn conditions(rule: &Rule) -> Conditions {
    let head = format!("{:?},{:?}", rule.list, rule.action);
    (head, rule.fields.iter().map(|field| format!("{field:?}")).collect())
}

fn regrouped(before: &[Rule], after: &[Rule]) -> Result<(), String> {
    let numbers = |rules: &[Rule]| {
        let mut by_conditions: BTreeMap<Conditions, BTreeSet<u32>> = BTreeMap::new();
        for rule in rules {
            by_conditions.entry(conditions(rule)).or_default().extend(rule.mask.iter());
        }
        by_conditions
    };
    match numbers(before) == numbers(after) {
        true => Ok(()),
        false => Err("other syscalls are tested, or for other conditions".to_owned()),
    }
}

/// Each of `narrow` is one of `wide` for fewer syscalls, or with conditions more.
fn each_is_narrower(narrow: &[Rule], wide: &[Rule], why: &str) -> Result<(), String> {
    let is_part = |narrow: &Rule, wide: &Rule| {
        narrow.list == wide.list
            && narrow.action == wide.action
            && narrow.mask.iter().all(|number| wide.mask.contains(number))
            && wide.fields.iter().all(|field: &Field| narrow.fields.contains(field))
    };
    match narrow.iter().find(|one| !wide.iter().any(|other| is_part(one, other))) {
        None => Ok(()),
        Some(rule) => Err(format!("{rule:?} {why}")),
    }
}
