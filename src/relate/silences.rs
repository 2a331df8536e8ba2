//! What each rule that silences really silences: rules of action `never`, and the rules of the list exclude.
//!
//! A rule takes from others what they record without it. It comes too late for what it would silence if it were the
//! first of its list. Each answer has an event that [`eval`](crate::eval) decides so.

use std::collections::BTreeSet;

use super::sets::{Change, Comparison, Evidence, Keys, compare};
use crate::catalog::KernelVersion;
use crate::model::{Entry, KernelModel};
use crate::rule::{Action, FilterList, Placement, Rule};

/// What a rule silences.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Silence {
    /// The rule, by its [serial](Entry::serial).
    pub rule: usize,
    /// The events that it takes from other rules, one for each of these rules.
    pub takes: Vec<Taken>,
    /// The events that it would silence if it came first, one for each rule that decides first.
    pub too_late: Vec<Taken>,
    /// Whether there may be more: the comparison was undecided, or stopped early.
    pub is_open: bool,
}

/// An event that one rule records, and another silences or would silence.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Taken {
    /// The rule that records it, by its serial; `None` for records that need no rule.
    pub from: Option<usize>,
    /// The event and both decisions. The old decision records it.
    pub evidence: Evidence,
}

impl Silence {
    /// Returns whether the rule is proved to have no effect: without it, the same is recorded.
    pub fn is_idle(&self) -> bool {
        self.takes.is_empty() && !self.is_open
    }
}

/// Returns what each rule that silences does, in the order of the lists, on a kernel of this version.
pub fn silences(kernel: &KernelModel, version: KernelVersion) -> Vec<Silence> {
    let entries = kernel.entries().filter(|entry| is_silencing(entry.rule()));
    entries.map(|entry| silence(kernel, entry, version)).collect()
}

fn is_silencing(rule: &Rule) -> bool {
    rule.action == Action::Never || rule.list == FilterList::Exclude
}

fn silence(kernel: &KernelModel, entry: &Entry, version: KernelVersion) -> Silence {
    let (mut without, mut first) = (kernel.clone(), kernel.clone());
    let prepended = Rule { placement: Placement::Prepend, ..entry.rule().clone() };
    let is_changed = without.delete(entry.rule()).is_ok()
        && first.delete(entry.rule()).is_ok()
        && first.add(&prepended).is_ok();
    let now = compare(&without, kernel, version, Keys::Ignore);
    let then = compare(kernel, &first, version, Keys::Ignore);
    Silence {
        rule: entry.serial(),
        is_open: !is_changed || now.is_open(),
        takes: taken(now),
        too_late: taken(then),
    }
}

/// Returns the lost events, the first for each rule that recorded it.
fn taken(comparison: Comparison) -> Vec<Taken> {
    let lost = comparison.differences.into_iter().filter(|one| one.change == Change::Lost);
    let all = lost.map(|evidence| Taken { from: evidence.old.rule, evidence });
    let mut seen = BTreeSet::new();
    let mut taken: Vec<Taken> = all.filter(|one| seen.insert(one.from)).collect();
    taken.sort_by_key(|one| one.from);
    taken
}
