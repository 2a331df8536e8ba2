//! The rules that decide no case.

use std::collections::BTreeSet;

use super::Tested;
use crate::analysis::{Arming, Origin};
use crate::eval::{Evaluator, Near};

/// How many rules the cases test.
#[derive(Debug)]
pub struct Coverage {
    /// The number of rules that decide a case.
    pub covered: usize,
    /// The number of rules.
    pub total: usize,
    /// The rules that decide no case, in load order.
    pub uncovered: Vec<Uncovered>,
}

/// A rule that decides no case.
#[derive(Debug)]
pub struct Uncovered {
    /// The rule.
    pub origin: Origin,
    /// The case that comes nearest, by its index, and where the rule stops; `None` if no case has its syscalls.
    pub nearest: Option<(usize, Near)>,
}

impl Coverage {
    /// Returns the coverage of the rules that a kernel holds.
    pub fn of(tested: &[Tested<'_>], evaluator: &Evaluator, arming: &Arming) -> Self {
        let deciding: BTreeSet<usize> =
            tested.iter().filter_map(|tested| tested.found.decision.rule).collect();
        let serials: BTreeSet<usize> =
            arming.kernel().entries().map(crate::model::Entry::serial).collect();
        let uncovered = serials.difference(&deciding).filter_map(|serial| {
            let near = tested.iter().enumerate().filter_map(|(index, tested)| {
                let (distance, near) = evaluator.near_rule(&tested.case.event, *serial)?;
                Some((distance, index, near.of(tested.found.decision.verdict)))
            });
            let nearest = near.min_by_key(|(distance, index, _)| (*distance, *index));
            let origin = arming.origin_of(*serial)?.clone();
            Some(Uncovered { origin, nearest: nearest.map(|(_, index, near)| (index, near)) })
        });
        let uncovered: Vec<Uncovered> = uncovered.collect();
        Coverage { covered: serials.len() - uncovered.len(), total: serials.len(), uncovered }
    }

    /// Returns whether at least this share of the rules, in percent, decides a case.
    pub const fn reaches(&self, percent: usize) -> bool {
        self.covered * 100 >= percent * self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_not_rounded() {
        let coverage = |covered, total| Coverage { covered, total, uncovered: Vec::new() };
        assert!(!coverage(9999, 10_000).reaches(100) && coverage(10_000, 10_000).reaches(100));
        assert!(coverage(19, 20).reaches(95) && !coverage(18, 20).reaches(95));
        assert!(coverage(0, 0).reaches(100));
    }
}
