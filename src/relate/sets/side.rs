//! One set of rules: its lists as functions, and its rules by their numbers.

use super::lists::{Decided, NameLists};
use super::outcomes::{Judgment, NO_RECORD, RECORD};
use super::test::Role;
use crate::model::Entry;
use crate::relate::diagram::Diagram;
use crate::rule::Action;

/// The lists of one set.
pub(super) struct Side<'r> {
    /// By the number of the rule.
    pub(super) entries: Vec<Option<&'r Entry>>,
    pub(super) ranks: Vec<Rank>,
    /// For events in which several names matter.
    pub(super) names: NameLists,
    /// Calls with one name that a rule that is kept by inode matches.
    pub(super) calls: Decided,
    /// Events that the lists task and exclude leave to the others.
    pub(super) is_open: Diagram,
    /// Records of every type, on the list exclude.
    pub(super) records: Decided,
    /// Messages of programs, on the lists user and exclude.
    pub(super) messages: Decided,
}

/// What a rule does among the rules of its set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rank {
    /// 0 for no rule.
    pub(super) priority: u64,
    pub(super) is_always: bool,
    /// The outcome of a record with its keys, if it has any.
    pub(super) keyed: Option<u32>,
}

impl<'r> Side<'r> {
    /// Returns the state after a rule matches: a rule that does not have a higher priority than the last is not tested.
    pub(super) fn step(&self, before: Judgment, rule: u32) -> Judgment {
        if self.priority(rule) <= self.priority(before.winner) {
            return before;
        }
        let keeper = if self.has_key(before.winner) { before.winner } else { before.keeper };
        Judgment { winner: rule, keeper }
    }

    fn rank(&self, number: u32) -> Rank {
        self.ranks.get(number as usize).copied().unwrap_or_default()
    }

    pub(super) fn has_key(&self, number: u32) -> bool {
        self.rank(number).keyed.is_some()
    }

    /// Returns whether a rule with this number records the events that it decides.
    pub(super) fn is_always(&self, number: u32) -> bool {
        self.rank(number).is_always
    }

    /// Returns the outcome of a judgment.
    pub(super) fn outcome(&self, judgment: Judgment) -> u32 {
        let winner = self.rank(judgment.winner);
        match winner.is_always {
            true => winner.keyed.or(self.rank(judgment.keeper).keyed).unwrap_or(RECORD),
            false => NO_RECORD,
        }
    }

    /// Returns whether a rule for calls silences them.
    pub(super) fn is_silencing(&self) -> bool {
        let is_tested =
            |entry: &Entry| matches!(Role::of(entry), Role::Exit | Role::ByInode | Role::IoUring);
        let mut entries = self.entries.iter().flatten();
        entries.any(|entry| is_tested(entry) && entry.rule().action == Action::Never)
    }

    /// Returns the rule of this set with a number.
    pub(super) fn entry(&self, number: u32) -> Option<&'r Entry> {
        self.entries.get(number as usize).copied().flatten()
    }

    /// Returns the priority of a rule; 0 for no rule.
    pub(super) fn priority(&self, number: u32) -> u64 {
        self.rank(number).priority
    }
}
