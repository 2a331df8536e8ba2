//! Rules that could be one rule.
//!
//! A rule moves to the place of an earlier one. No rule between them may depend on the order.

use std::hash::Hash;

use foldhash::{HashMap, HashSet};

use super::draft::{Draft, Edit};
use super::worker::may_match_in_worker;
use crate::analysis::Sides;
use crate::catalog::{Arch, field};
use crate::relate::sorted_without;
use crate::rewrite::mergeable::is_independent;
use crate::rewrite::rule_line;
use crate::rule::{
    Action, Field, FilterList, KEY_SEPARATOR, MAX_KEY_LEN, Mask, NumberId, Op, Rule, TextId,
};

/// Maximum number of rules between two rules that are merged: limits the time for each comparison.
const FAR: usize = 200;

/// What rules have in common that could be one rule.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Shape<'r> {
    list: FilterList,
    action: Action,
    /// The syscalls; `None` if they may differ.
    mask: Option<&'r Mask>,
    conditions: Vec<&'r Field>,
    keys: Vec<&'r [u8]>,
}

impl<'r> Shape<'r> {
    pub(super) fn without(rule: &'r Rule, number: u32, mask: Option<&'r Mask>) -> Self {
        Shape {
            list: rule.list,
            action: rule.action,
            mask,
            conditions: sorted_without(rule, &[number]),
            keys: rule.keys().collect(),
        }
    }
}

/// Merges rules that differ only in `perm`.
pub(super) fn by_perm<'d>(draft: &'d Draft, machine: Arch, sides: &Sides) -> Vec<Edit> {
    let shape = |rule: &'d Rule| {
        value(rule, NumberId::PERM)?;
        // A rule with every syscall that its `perm` can match has no other syscalls in effect.
        let all = sides.matched(&Rule { mask: Mask::ALL, ..rule.clone() });
        let mask = (!rule.mask.contains_all(&all)).then_some(&rule.mask);
        Some(Shape::without(rule, field::PERM, mask))
    };
    let join = |rule: &Rule, other: &Rule| {
        let bits = value(rule, NumberId::PERM)? | value(other, NumberId::PERM)?;
        let mut joined = with_syscalls_of(rule, other);
        for field in joined.fields.iter_mut() {
            if let Field::Number { id: NumberId::PERM, value, .. } = field {
                *value = bits;
            }
        }
        Some(joined)
    };
    merged(draft, machine, shape, join)
}

/// Merges rules that differ only in their syscalls.
pub(super) fn by_syscalls<'d>(draft: &'d Draft, machine: Arch) -> Vec<Edit> {
    let shape = |rule: &'d Rule| {
        let has_mask = matches!(rule.list, FilterList::Exit | FilterList::IoUring);
        has_mask.then(|| Shape::without(rule, NO_FIELD, None))
    };
    merged(draft, machine, shape, |rule, other| Some(with_syscalls_of(rule, other)))
}

/// Merges rules for both word sizes if a rule without `arch` matches the same calls.
pub(super) fn by_arch<'d>(draft: &'d Draft, machine: Arch, sides: &Sides) -> Vec<Edit> {
    let shape = |rule: &'d Rule| {
        value(rule, NumberId::ARCH)?;
        (rule.list == FilterList::Exit).then(|| Shape::without(rule, field::ARCH, None))
    };
    let join = |rule: &Rule, other: &Rule| {
        let mut joined = with_syscalls_of(rule, other);
        joined.fields.retain(|field| field.number() != field::ARCH);
        if may_match_in_worker(&joined) {
            return None;
        }
        let both = sides.possible(rule).into_iter().zip(sides.possible(other));
        let both = both.map(|(mut mask, more)| {
            mask.extend_with(&more);
            mask
        });
        both.eq(sides.possible(&joined)).then_some(joined)
    };
    merged(draft, machine, shape, join)
}

/// Merges rules that differ only in their syscalls and keys. A rule without a key stays alone: it can leave the key of
/// another rule in a record.
pub(super) fn by_keys<'d>(draft: &'d Draft, machine: Arch) -> Vec<Edit> {
    let shape = |rule: &'d Rule| {
        let has_mask = matches!(rule.list, FilterList::Exit | FilterList::IoUring);
        let shape = Shape::without(rule, field::KEY, None);
        (has_mask && !shape.keys.is_empty()).then(|| Shape { keys: Vec::new(), ..shape })
    };
    merged(draft, machine, shape, |rule, other| with_keys_of(with_syscalls_of(rule, other), other))
}

/// The number of no field.
const NO_FIELD: u32 = u32::MAX;

/// Returns the value of the only condition on a field, if it asks for equality.
fn value(rule: &Rule, id: NumberId) -> Option<u32> {
    let mut conditions = rule.fields.iter().filter(|field| field.number() == id.number());
    match (conditions.next()?, conditions.next()) {
        (Field::Number { op: Op::EQUAL, value, .. }, None) => Some(*value),
        _ => None,
    }
}

fn with_syscalls_of(rule: &Rule, other: &Rule) -> Rule {
    let mut joined = rule.clone();
    joined.mask.extend_with(&other.mask);
    joined
}

/// Returns the rule with the keys of another one too; `None` if they are too long together.
fn with_keys_of(mut rule: Rule, other: &Rule) -> Option<Rule> {
    let mut keys: Vec<&[u8]> = rule.keys().collect();
    keys.extend(other.keys());
    let mut seen = HashSet::default();
    keys.retain(|key| seen.insert(*key));
    let keys = keys.join(&KEY_SEPARATOR);
    for field in rule.fields.iter_mut() {
        if let Field::Text { id: TextId::KEY, text, .. } = field {
            *text = keys.as_slice().into();
        }
    }
    (keys.len() <= MAX_KEY_LEN).then_some(rule)
}

/// The rules that become one.
struct Group {
    /// The place of the first rule among all rules.
    first: usize,
    into: Rule,
    edit: Edit,
}

/// Merges rules of one shape into the first of them.
pub(super) fn merged<'d>(
    draft: &'d Draft,
    machine: Arch,
    shape: impl Fn(&'d Rule) -> Option<Shape<'d>>,
    join: impl Fn(&Rule, &Rule) -> Option<Rule>,
) -> Vec<Edit> {
    let rules: Vec<(usize, &Rule)> = draft.rules().collect();
    let mut open: HashMap<Shape<'d>, Group> = HashMap::default();
    let mut done = Vec::new();
    for (place, (at, rule)) in rules.iter().enumerate() {
        let Some(shape) = shape(rule).filter(|_| draft.is_free(*at)) else { continue };
        if let Some(group) = open.get_mut(&shape) {
            let between = rules.get(group.first + 1..place).unwrap_or_default();
            if between.len() <= FAR
                && between.iter().all(|(other, between)| {
                    group.edit.merged.contains(other) || may_swap(rule, between)
                })
                && let Some(into) = join(&group.into, rule)
                && rule_line(&into, machine).is_some()
            {
                group.into = into;
                group.edit.merged.push(*at);
                continue;
            }
        }
        let edit = Edit::change(*at, (*rule).clone());
        let new = Group { first: place, into: (*rule).clone(), edit };
        done.extend(open.insert(shape, new));
    }
    done.extend(open.into_values());
    let mut edits: Vec<Edit> = done
        .into_iter()
        .filter(|group| !group.edit.merged.is_empty())
        .map(|group| Edit { into: Some(group.into), ..group.edit })
        .collect();
    edits.sort_by_key(|edit| edit.at);
    edits
}

/// Returns whether the order of two rules makes no difference.
fn may_swap(rule: &Rule, other: &Rule) -> bool {
    rule.list != other.list
        || is_independent(rule, other)
        || rule.list.has_mask() && !rule.mask.intersects(&other.mask)
}
