//! The lists of rules, in the kernel's order.

use std::collections::{BTreeMap, VecDeque};
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

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

/// All rules, ordered as they are listed (`audit_rules_list`).
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    lists: BTreeMap<u32, List>,
    /// The hash and the position of every rule. The kernel searches the list instead, which would dominate the time for
    /// thousands of rules.
    by_hash: HashTable<(u64, Position)>,
    hasher: RandomState,
    taken: usize,
    priorities: Priorities,
}

/// The rules of one list, with gaps for deleted rules.
#[derive(Clone, Debug, Default)]
struct List {
    entries: VecDeque<Option<Entry>>,
    /// The rank of the first entry.
    first: i64,
}

impl List {
    /// Adds an entry at one end. Returns its rank.
    fn insert(&mut self, entry: Entry, placement: Placement) -> i64 {
        match placement {
            Placement::Append => {
                self.entries.push_back(Some(entry));
                self.end() - 1
            }
            Placement::Prepend => {
                self.entries.push_front(Some(entry));
                self.first -= 1;
                self.first
            }
        }
    }

    /// Removes the entry of a rank, and the gaps at both ends.
    fn remove(&mut self, rank: i64) -> Option<Entry> {
        let index = self.index(rank)?;
        let entry = self.entries.get_mut(index)?.take();
        while let Some(None) = self.entries.back() {
            self.entries.pop_back();
        }
        while let Some(None) = self.entries.front() {
            self.entries.pop_front();
            self.first += 1;
        }
        entry
    }

    fn get(&self, rank: i64) -> Option<&Entry> {
        self.entries.get(self.index(rank)?)?.as_ref()
    }

    fn iter(&self) -> impl Iterator<Item = &Entry> + Clone {
        self.entries.iter().flatten()
    }

    fn index(&self, rank: i64) -> Option<usize> {
        usize::try_from(rank - self.first).ok()
    }

    /// Returns the rank after the last.
    fn end(&self) -> i64 {
        // A vector has fewer than i64::MAX entries.
        self.first + i64::try_from(self.entries.len()).unwrap_or(i64::MAX)
    }
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
    /// Makes lists for about `rules` rules, most of them on one list.
    pub(super) fn with_capacity(rules: usize) -> Self {
        let list = List { entries: VecDeque::with_capacity(rules), first: 0 };
        Lists {
            lists: BTreeMap::from([(FilterList::Exit.number(), list)]),
            by_hash: HashTable::with_capacity(rules),
            ..Lists::default()
        }
    }

    /// Returns the first rule that is equal to `rule`. `rule` is in the form that the kernel keeps
    /// (`audit_compare_rule`).
    pub(super) fn find(&self, rule: &Rule) -> Option<Position> {
        self.find_hashed(self.hasher.hash_one(rule), rule)
    }

    fn find_hashed(&self, hash: u64, rule: &Rule) -> Option<Position> {
        let is_equal = |position| self.get(position).is_some_and(|entry| entry.rule == *rule);
        let same_hash = self.by_hash.iter_hash(hash).filter(|(other, _)| *other == hash);
        same_hash.map(|(_, position)| *position).filter(|position| is_equal(*position)).min()
    }

    /// Returns the rule at `position`.
    pub(super) fn get(&self, (list, rank): Position) -> Option<&Entry> {
        self.lists.get(&list)?.get(rank)
    }

    /// Puts a rule at the end of its list, or at the front. Returns whether it did: not if an equal rule is there, which
    /// the kernel looks for only if the rule is for the end.
    pub(super) fn insert(&mut self, rule: Rule, placement: Placement) -> bool {
        let hash = self.hasher.hash_one(&rule);
        if placement == Placement::Append && self.find_hashed(hash, &rule).is_some() {
            return false;
        }
        let (serial, priority) = (self.taken, self.priorities.next(rule.list, placement));
        self.taken += 1;
        let number = rule.list.number();
        let list = self.lists.entry(number).or_default();
        let rank = list.insert(Entry { rule, serial, priority }, placement);
        self.by_hash.insert_unique(hash, (hash, (number, rank)), |(hash, _)| *hash);
        true
    }

    /// Removes the rule at `position`.
    pub(super) fn remove(&mut self, position: Position) {
        let (number, rank) = position;
        let removed = self.lists.get_mut(&number).and_then(|list| list.remove(rank));
        let Some(entry) = removed else { return };
        let hash = self.hasher.hash_one(&entry.rule);
        if let Ok(found) = self.by_hash.find_entry(hash, |(_, other)| *other == position) {
            found.remove();
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> + Clone {
        self.lists.values().flat_map(List::iter)
    }

    pub(super) fn len(&self) -> usize {
        self.by_hash.len()
    }
}
