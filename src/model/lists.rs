//! The lists of rules, in the kernel's order.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use super::kernel_rule::{Home, is_counted};
use crate::rule::{Placement, Rule};

/// A rule that a kernel holds.
#[derive(Clone, Debug)]
pub struct Entry {
    rule: Rule,
    serial: usize,
}

impl Entry {
    /// The rule as it is listed.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// How many rules the kernel had taken before this one, counting those deleted since.
    pub fn serial(&self) -> usize {
        self.serial
    }

    /// Whether the rule is in `audit_n_rules`: rules of all lists but user, exclude and filesystem
    /// are.
    pub fn is_counted(&self) -> bool {
        is_counted(self.rule.list)
    }

    /// Where the kernel looks for the rule when it filters.
    pub fn home(&self) -> Home {
        Home::of(&self.rule)
    }
}

/// The place of an entry: the number of its list, and its rank there. Ranks only ever grow at the
/// back and shrink at the front, as the kernel's priorities do the other way round.
pub(super) type Position = (u32, i64);

/// All rules, ordered as they are listed (`audit_rules_list`).
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    entries: BTreeMap<Position, Entry>,
    /// The positions of the rules with a hash, in ascending order. The kernel walks the list
    /// instead; with thousands of rules that takes it longer than all the rest.
    by_hash: HashMap<u64, Vec<Position>>,
    hasher: RandomState,
    taken: usize,
}

impl Lists {
    /// The first rule that is equal to `rule`, which is in the form the kernel keeps
    /// (`audit_compare_rule`).
    pub(super) fn find(&self, rule: &Rule) -> Option<Position> {
        let positions = self.by_hash.get(&self.hasher.hash_one(rule))?;
        positions
            .iter()
            .copied()
            .find(|position| self.entries.get(position).is_some_and(|entry| entry.rule == *rule))
    }

    /// Returns the rule at `position`.
    pub(super) fn get(&self, position: Position) -> Option<&Entry> {
        self.entries.get(&position)
    }

    /// Puts a rule at the front or at the end of its list.
    pub(super) fn insert(&mut self, rule: Rule, placement: Placement) {
        let position = self.free_position(rule.list.number(), placement);
        let positions = self.by_hash.entry(self.hasher.hash_one(&rule)).or_default();
        let at = positions.partition_point(|other| *other < position);
        positions.insert(at, position);
        self.entries.insert(position, Entry { rule, serial: self.taken });
        self.taken += 1;
    }

    /// Takes out the rule at `position`.
    pub(super) fn remove(&mut self, position: Position) {
        let Some(entry) = self.entries.remove(&position) else { return };
        let hash = self.hasher.hash_one(&entry.rule);
        if let Some(positions) = self.by_hash.get_mut(&hash) {
            positions.retain(|other| *other != position);
            if positions.is_empty() {
                self.by_hash.remove(&hash);
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    fn free_position(&self, list: u32, placement: Placement) -> Position {
        let mut of_list = self.entries.range((list, i64::MIN)..=(list, i64::MAX));
        let rank = match placement {
            Placement::Append => of_list.next_back().map_or(0, |((_, last), _)| last + 1),
            Placement::Prepend => of_list.next().map_or(0, |((_, first), _)| first - 1),
        };
        (list, rank)
    }
}
