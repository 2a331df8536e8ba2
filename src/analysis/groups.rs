//! The rules that arm each syscall. Syscalls armed by the same rules share one group.

use std::sync::Arc;

use foldhash::HashMap;

use crate::catalog::{Arch, Operator};
use crate::rule::{Field, Mask, NumberId, Op, Rule};

/// The rules that arm a syscall. Syscalls armed by the same rules share one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleGroup {
    members: Vec<usize>,
    reaches_native: bool,
    reaches_compat: bool,
}

impl RuleGroup {
    /// Returns the rules, as indexes into the loads, in load order; never empty.
    pub fn members(&self) -> &[usize] {
        &self.members
    }

    /// Returns whether at least one rule's arch fields admit the kernel's own arch.
    pub fn reaches_native(&self) -> bool {
        self.reaches_native
    }

    /// Returns whether at least one rule's arch fields admit 32-bit programs; `false` if the kernel runs none.
    pub fn reaches_compat(&self) -> bool {
        self.reaches_compat
    }
}

/// Rules with the same mask: groups are joined from these.
struct SameMask<'a> {
    mask: &'a Mask,
    group: RuleGroup,
}

/// Returns the group of each syscall number below `nr_syscalls`; `None` if no rule arms it.
///
/// `rules` are the rules of the exit list, each with its load. Ten thousand rules have few different
/// masks. So every number gets a row with one bit per mask, and equal rows share one group.
pub(super) fn group(
    rules: &[(usize, &Rule)],
    arch: Arch,
    nr_syscalls: u32,
) -> Vec<Option<Arc<RuleGroup>>> {
    let masks = by_mask(rules, arch);
    let mut rows = vec![vec![0u64; masks.len().div_ceil(64)]; nr_syscalls as usize];
    for (index, same) in masks.iter().enumerate() {
        for number in same.mask.iter().take_while(|number| *number < nr_syscalls) {
            if let Some(bits) =
                rows.get_mut(number as usize).and_then(|row| row.get_mut(index / 64))
            {
                *bits |= 1 << (index % 64);
            }
        }
    }
    let mut groups: HashMap<&[u64], Option<Arc<RuleGroup>>> = HashMap::default();
    rows.iter().map(|row| groups.entry(row).or_insert_with(|| join(row, &masks)).clone()).collect()
}

fn by_mask<'a>(rules: &[(usize, &'a Rule)], arch: Arch) -> Vec<SameMask<'a>> {
    let mut masks: Vec<SameMask<'a>> = Vec::new();
    let mut positions: HashMap<&Mask, usize> = HashMap::default();
    for &(load, rule) in rules {
        let position = *positions.entry(&rule.mask).or_insert(masks.len());
        if position == masks.len() {
            masks.push(SameMask { mask: &rule.mask, group: RuleGroup::default() });
        }
        if let Some(SameMask { group, .. }) = masks.get_mut(position) {
            group.members.push(load);
            group.reaches_native |= admits(rule, arch);
            group.reaches_compat |= arch.compat().is_some_and(|compat| admits(rule, compat));
        }
    }
    masks
}

/// Joins the rules of all masks whose bit is set in `row`.
fn join(row: &[u64], masks: &[SameMask<'_>]) -> Option<Arc<RuleGroup>> {
    let is_set =
        |index: usize| row.get(index / 64).is_some_and(|bits| bits & (1 << (index % 64)) != 0);
    let mut joined = RuleGroup::default();
    for (_, SameMask { group, .. }) in masks.iter().enumerate().filter(|(index, _)| is_set(*index))
    {
        joined.members.extend_from_slice(&group.members);
        joined.reaches_native |= group.reaches_native;
        joined.reaches_compat |= group.reaches_compat;
    }
    joined.members.sort_unstable();
    (!joined.members.is_empty()).then(|| Arc::new(joined))
}

/// Returns whether the arch fields of `rule` admit `arch`.
fn admits(rule: &Rule, arch: Arch) -> bool {
    rule.fields.iter().all(|field| match field {
        Field::Number { id: NumberId::ARCH, op, value } => match op {
            Op::Known(Operator::Equal) => *value == arch.elf(),
            Op::Known(Operator::NotEqual) => *value != arch.elf(),
            _ => true,
        },
        _ => true,
    })
}
