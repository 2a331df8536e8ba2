//! The lists of rules, in the kernel's order.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::kernel_rule::{Home, is_counted};
use crate::rule::{FilterList, Placement, Rule};

/// A rule that a kernel holds.
#[derive(Clone, Debug)]
pub struct Entry {
    rule: Rule,
    serial: usize,
    priority: u64,
}

impl Entry {
    /// Returns the rule as the kernel lists it.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Returns the number of rules that the kernel had accepted before this one, including deleted
    /// rules.
    pub fn serial(&self) -> usize {
        self.serial
    }

    /// Returns the priority. If two rules match one call, the rule with the higher priority wins, wherever the kernel
    /// keeps them. Only the lists exit and io_uring have priorities, from the same counters; all other rules have the
    /// highest (`audit_add_rule`).
    pub fn priority(&self) -> u64 {
        self.priority
    }

    /// Returns the end of the list at which the rule was added; `None` on a list without priorities.
    pub fn placement(&self) -> Option<Placement> {
        match self.priority {
            u64::MAX => None,
            Priorities::FIRST_PREPENDED.. => Some(Placement::Prepend),
            _ => Some(Placement::Append),
        }
    }

    /// Returns whether the rule is counted in `audit_n_rules`, as rules of all lists except user,
    /// exclude and filesystem are.
    pub fn is_counted(&self) -> bool {
        is_counted(self.rule.list)
    }

    /// Returns the place where the kernel keeps the rule for filtering.
    pub fn home(&self) -> Home {
        Home::of(&self.rule)
    }
}

/// The place of an entry: the number of its list, and its rank there. Ranks grow at the end of a
/// list and shrink at its front; the kernel's priorities do the opposite.
pub(super) type Position = (u32, i64);

const FIRST: Position = (u32::MIN, i64::MIN);
const LAST: Position = (u32::MAX, i64::MAX);

/// All rules, ordered as they are listed (`audit_rules_list`).
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    entries: BTreeMap<Position, Entry>,
    /// The hash and the position of every rule. The kernel searches the list instead, which would dominate the time for
    /// thousands of rules.
    by_hash: BTreeSet<(u64, Position)>,
    hasher: RandomState,
    taken: usize,
    priorities: Priorities,
}

/// The counters of the priorities: one below the last rule that was appended, one above the last that was prepended.
#[derive(Clone, Debug)]
struct Priorities {
    low: u64,
    high: u64,
}

impl Default for Priorities {
    fn default() -> Self {
        Priorities { low: Self::FIRST_PREPENDED - 1, high: Self::FIRST_PREPENDED }
    }
}

impl Priorities {
    /// The priority of the first rule that is prepended. Those of appended rules are below it.
    const FIRST_PREPENDED: u64 = u64::MAX / 2;

    fn next(&mut self, list: FilterList, placement: Placement) -> u64 {
        match (list, placement) {
            (FilterList::Exit | FilterList::IoUring, Placement::Append) => {
                self.low -= 1;
                self.low + 1
            }
            (FilterList::Exit | FilterList::IoUring, Placement::Prepend) => {
                self.high += 1;
                self.high - 1
            }
            _ => u64::MAX,
        }
    }
}

impl Lists {
    /// Returns the first rule that is equal to `rule`. `rule` is in the form that the kernel keeps
    /// (`audit_compare_rule`).
    pub(super) fn find(&self, rule: &Rule) -> Option<Position> {
        self.find_hashed(self.hasher.hash_one(rule), rule)
    }

    fn find_hashed(&self, hash: u64, rule: &Rule) -> Option<Position> {
        let is_equal = |position: &Position| {
            self.entries.get(position).is_some_and(|entry| entry.rule == *rule)
        };
        let same_hash = self.by_hash.range((hash, FIRST)..=(hash, LAST));
        same_hash.map(|(_, position)| *position).find(is_equal)
    }

    /// Returns the rule at `position`.
    pub(super) fn get(&self, position: Position) -> Option<&Entry> {
        self.entries.get(&position)
    }

    /// Puts a rule at the end of its list, or at the front, and returns it. Returns `None` if an equal rule is there: the
    /// kernel looks for one only if the rule is for the end.
    pub(super) fn insert(&mut self, rule: Rule, placement: Placement) -> Option<&Rule> {
        let hash = self.hasher.hash_one(&rule);
        if placement == Placement::Append && self.find_hashed(hash, &rule).is_some() {
            return None;
        }
        let position = self.free_position(rule.list.number(), placement);
        self.by_hash.insert((hash, position));
        let (serial, priority) = (self.taken, self.priorities.next(rule.list, placement));
        self.taken += 1;
        Some(&self.entries.entry(position).or_insert(Entry { rule, serial, priority }).rule)
    }

    /// Removes the rule at `position`.
    pub(super) fn remove(&mut self, position: Position) {
        let Some(entry) = self.entries.remove(&position) else { return };
        self.by_hash.remove(&(self.hasher.hash_one(&entry.rule), position));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> + Clone {
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
