//! Compares what a fix changed in the kernel with what it may change.

use std::collections::{BTreeMap, BTreeSet};

use rauditctl::catalog::{Arch, field};
use rauditctl::rewrite::Change;
use rauditctl::rule::{Field, Rule};

/// Returns an error if a fix of this kind may not turn `before` into `after` on a machine.
pub(super) fn hold(
    change: Change,
    machine: Arch,
    before: &[Rule],
    after: &[Rule],
) -> Result<(), String> {
    match change {
        Change::Nothing => same(before, after),
        Change::Regrouped => regrouped(before, after),
        Change::Narrower => narrower(machine, before, after),
        Change::Wider => wider(before, after),
        Change::Meaning if after.len() < before.len() => Err("a rule is lost".to_owned()),
        Change::Meaning => Ok(()),
    }
}

/// The kernel refuses duplicates, so they do not count.
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

/// The list and the action, and the fields without their order.
type Conditions = (String, Vec<String>);

fn conditions(rule: &Rule) -> Conditions {
    let head = format!("{:?},{:?}", rule.list, rule.action);
    let mut fields: Vec<String> = rule.fields.iter().map(|field| format!("{field:?}")).collect();
    fields.sort();
    (head, fields)
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

/// Each rule is kept, or replaced by rules for fewer syscalls or for one arch. No rule is lost, and no other is added.
fn narrower(machine: Arch, before: &[Rule], after: &[Rule]) -> Result<(), String> {
    let is_part = |new: &Rule, old: &Rule| {
        let mut more = new.fields.iter().filter(|field| !old.fields.contains(field));
        is_alike(new, old)
            && new.mask.iter().all(|number| old.mask.contains(number))
            && old.fields.iter().all(|field| new.fields.contains(field))
            && more.all(|field| field.number() == field::ARCH)
    };
    let takes_its_place = |new: &Rule, old: &Rule| {
        let arch =
            |rule: &Rule| rule.fields.iter().find(|field| field.number() == field::ARCH).cloned();
        let is_for_machine = match (arch(old), arch(new)) {
            (None, Some(Field::Number { value, .. })) => value == machine.elf(),
            _ => true,
        };
        is_part(new, old)
            && is_for_machine
            && (new.mask.iter().next().is_some() || old.mask.iter().next().is_none())
    };
    if let Some(new) = after.iter().find(|new| !before.iter().any(|old| is_part(new, old))) {
        return Err(format!("{new:?} replaces no old rule"));
    }
    if let Some(old) = before.iter().find(|old| !after.iter().any(|new| takes_its_place(new, old)))
    {
        return Err(format!("{old:?} is lost"));
    }
    match is_covered_in_order(before, after, is_part) {
        true => Ok(()),
        false => Err("the rules are in another order".to_owned()),
    }
}

/// Returns whether `after` is `before` with some rules replaced by one or several.
fn is_covered_in_order(
    before: &[Rule],
    after: &[Rule],
    is_part: impl Fn(&Rule, &Rule) -> bool,
) -> bool {
    // For each old rule: whether the new rules so far may end with its replacement.
    let mut ends = vec![false; before.len()];
    for (at, new) in after.iter().enumerate() {
        let next: Vec<bool> = before
            .iter()
            .enumerate()
            .map(|(old, rule)| {
                let follows = match old {
                    0 => at == 0,
                    _ => ends[old - 1],
                };
                (follows || ends[old]) && is_part(new, rule)
            })
            .collect();
        ends = next;
    }
    ends.last().copied().unwrap_or(after.is_empty())
}

/// Each rule is kept, in the same order, perhaps for more syscalls. A new rule differs from an old one only in its arch,
/// its syscalls and its `exit`.
fn wider(before: &[Rule], after: &[Rule]) -> Result<(), String> {
    let has_all = |new: &Rule, old: &Rule| {
        is_alike(new, old)
            && new.fields == old.fields
            && old.mask.iter().all(|number| new.mask.contains(number))
    };
    let mut rest = after.iter();
    for old in before {
        if !rest.any(|new| has_all(new, old)) {
            return Err(format!("{old:?} is gone"));
        }
    }
    let others = |rule: &Rule| {
        let is_other = |field: &&Field| !matches!(field.number(), field::ARCH | field::EXIT);
        rule.fields.iter().filter(is_other).cloned().collect::<Vec<_>>()
    };
    let is_like = |new: &Rule, old: &Rule| is_alike(new, old) && others(new) == others(old);
    match after.iter().find(|new| !before.iter().any(|old| is_like(new, old))) {
        None => Ok(()),
        Some(new) => Err(format!("{new:?} is like no old rule")),
    }
}

fn is_alike(a: &Rule, b: &Rule) -> bool {
    a.list == b.list && a.action == b.action
}
