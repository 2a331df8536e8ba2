//! Pairs of rules, and whether their order matters.
//!
//! A fleet has many kernels and one set of wanted rules. What is found out about a pair of these rules holds for every
//! kernel, also if other rules have another order there.

use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;

use super::order::kernel;
use super::silence;
use crate::catalog::{Arch, KernelVersion};
use crate::model::Home;
use crate::relate::sets::{Evidence, Judge, Keys, compare};
use crate::rule::{FilterList, Rule};

/// Maximum number of earlier rules that an example is to avoid.
const MOST_AVOIDED: usize = 100;

/// Maximum number of orders that are remembered: kernels of a fleet often lack the same rules.
const MOST_ORDERS: usize = 1_000;

/// What is known about the order of wanted rules: of pairs, and of all.
#[derive(Debug, Default)]
pub struct KnownSwaps {
    pairs: Mutex<HashMap<[usize; 2], Arc<Swap>>>,
    /// Whether another order of all rules may matter, by the places of the rules in it.
    orders: Mutex<HashMap<Vec<usize>, bool>>,
}

/// What is known about the order of two rules.
#[derive(Debug, Default)]
pub(super) struct Swap {
    /// Whether some event matches these two of all rules only, so that the first of them decides it.
    pub(super) matters: bool,
    /// Events that the two rules alone decide by their order.
    pub(super) examples: Vec<Evidence>,
}

impl KnownSwaps {
    /// Returns what is known about the rules at two places. All calls are about the same rules in the same order, or about
    /// rules with the same meaning.
    pub(super) fn get(
        &self,
        places: [usize; 2],
        rules: &[Rule],
        arch: Arch,
        version: KernelVersion,
    ) -> Arc<Swap> {
        let known = || self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(swap) = known().get(&places) {
            return Arc::clone(swap);
        }
        // The lock is free meanwhile. Two threads may do this twice, with the same result.
        let swap = Arc::new(Pair { places, rules, arch, version }.swap());
        known().insert(places, Arc::clone(&swap));
        swap
    }

    /// Returns whether an order of all rules may matter, and finds it out if that is not known.
    pub(super) fn may_matter(&self, places: &[usize], find_out: impl FnOnce() -> bool) -> bool {
        let known = || self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(may_matter) = known().get(places) {
            return *may_matter;
        }
        let may_matter = find_out();
        let mut known = known();
        if known.len() < MOST_ORDERS {
            known.insert(places.to_vec(), may_matter);
        }
        may_matter
    }
}

/// Two of some rules.
#[derive(Clone, Copy)]
struct Pair<'r> {
    places: [usize; 2],
    rules: &'r [Rule],
    arch: Arch,
    version: KernelVersion,
}

impl<'r> Pair<'r> {
    fn swap(self) -> Swap {
        let [first, second] = self.places.map(|place| self.rules.get(place));
        let (Some(first), Some(second)) = (first, second) else { return Swap::default() };
        let examples = self.examples([first, second], &[]);
        if first.list != FilterList::Exit {
            return Swap { matters: false, examples };
        }
        let others = kernel(self.others().map(|(_, rule)| rule), self.arch);
        let others = Judge::new(&others, self.version);
        let is_free = |example: &Evidence| others.matches_nothing(&example.event);
        let matters = examples.iter().any(is_free)
            // Earlier rules take these events. Others are found beside them.
            || self.examples([first, second], &self.avoided([first, second])).iter().any(is_free);
        Swap { matters, examples }
    }

    /// Returns the other rules.
    fn others(self) -> impl Iterator<Item = (usize, &'r Rule)> {
        let all = self.rules.iter().enumerate();
        all.filter(move |(place, _)| !self.places.contains(place))
    }

    /// Returns other rules that may match what both match. Those by inode are many, and each is about another file.
    fn avoided(self, pair: [&Rule; 2]) -> Vec<&'r Rule> {
        let may_meet = |rule: &&Rule| {
            Home::of(rule) != Home::InodeHash
                && pair.iter().all(|one| one.list == rule.list && silence::may_meet(one, rule))
        };
        self.others().map(|(_, rule)| rule).filter(may_meet).take(MOST_AVOIDED).collect()
    }

    /// Returns events that two rules decide by their order if other rules come first. The rules of other lists are
    /// there, too: they can drop the records of both.
    fn examples(self, [first, second]: [&Rule; 2], others: &[&Rule]) -> Vec<Evidence> {
        let [one, other] = [[first, second], [second, first]].map(|pair| {
            let elsewhere = self.rules.iter().filter(|rule| rule.list != first.list);
            kernel(elsewhere.chain(others.iter().copied()).chain(pair), self.arch)
        });
        compare(&one, &other, self.version, Keys::Count).differences
    }
}
