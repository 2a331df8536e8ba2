//! How the decisions of `eval` compare with what a kernel did.

use std::collections::BTreeMap;

use rauditctl::eval::{Attribute, Decision, Verdict};

use super::recorded::Observed;

/// The decisions about calls, counted.
#[derive(Default)]
pub(super) struct Tally {
    same: usize,
    recorded: usize,
    /// By the attributes that decide.
    undecided: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

/// How a decision counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Same,
    Undecided,
    Wrong,
}

impl Tally {
    /// Counts a decision. Attributes for which `may_depend` holds may leave it open. `describe` describes the call.
    pub(super) fn count(
        &mut self,
        decision: &Decision,
        observed: &Observed,
        may_depend: impl Fn(&[Attribute]) -> bool,
        describe: impl FnOnce() -> String,
    ) -> Count {
        let attributes: Vec<Attribute> = decision.depends_on().iter().collect();
        let is_open = decision.verdict == Verdict::Undecided;
        if is_open && may_depend(&attributes) {
            *self.undecided.entry(format!("{attributes:?}")).or_default() += 1;
            return Count::Undecided;
        }
        let keys = (decision.verdict == Verdict::Recorded).then_some(&decision.keys);
        if !is_open && keys == observed.keys.as_ref() {
            self.same += 1;
            self.recorded += usize::from(keys.is_some());
            return Count::Same;
        }
        self.wrong.push(format!(
            "{observed:?}; decided {:?} {:?} by {:?}, {attributes:?}\n{}",
            decision.verdict,
            decision.keys,
            decision.rule,
            describe(),
        ));
        Count::Wrong
    }

    /// Prints the numbers.
    ///
    /// # Panics
    /// If a decision is wrong, too many are undecided, or nearly all calls are recorded, or none.
    pub(super) fn check(&self, what: &str) {
        let Tally { same, recorded, undecided, wrong } = self;
        println!("{same} {what} the same ({recorded} recorded), undecided: {undecided:?}");
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
        assert!(recorded * 10 > *same && recorded * 10 < same * 9, "{recorded} of {same}");
        assert!(undecided.values().sum::<usize>() * 50 <= *same, "{undecided:?}");
    }
}
