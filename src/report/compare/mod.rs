//! What one set of rules records and another does not: `rauditctl compare`.

mod json;
mod text;

pub use json::ComparisonReport;
pub use text::write_comparison;

use std::collections::BTreeMap;

use crate::analysis::{Arming, Origin};
use crate::eval::Notation;
use crate::relate::sets::{Change, Comparison, Evidence};
use crate::rule::Rule;

/// Two sets of rules, the old one first, and their comparison.
pub struct Pair<'p> {
    /// The names of the sets.
    pub names: [String; 2],
    /// The sets.
    pub sets: [&'p Arming; 2],
    /// The comparison.
    pub comparison: &'p Comparison,
    /// Whether every pair of rules has its example, and not only every cause.
    pub is_whole: bool,
}

/// The rule that went, came or moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// A rule that only the old set has, by its serial.
    Went(usize),
    /// A rule that only the new set has.
    Came(usize),
    /// A rule that both have, by its serial in the new set.
    Moved(usize),
    /// Something else, as an accident of several rules.
    Other,
}

impl Pair<'_> {
    fn rule(&self, set: usize, serial: Option<usize>) -> Option<&Rule> {
        let entry = self.sets.get(set)?.kernel().entries();
        let mut of_serial = entry.filter(|entry| Some(entry.serial()) == serial);
        of_serial.next().map(|entry| entry.rule())
    }

    fn origin(&self, set: usize, serial: Option<usize>) -> Option<&Origin> {
        self.sets.get(set)?.origin_of(serial?)
    }

    fn cause(&self, evidence: &Evidence) -> Cause {
        let (old, new) = (evidence.old.rule, evidence.new.rule);
        let has = |set: usize, rule: Option<&Rule>| {
            rule.is_some_and(|rule| {
                self.sets.get(set).is_some_and(|arming| arming.kernel().find(rule).is_some())
            })
        };
        match (old, new) {
            (Some(serial), _) if !has(1, self.rule(0, old)) => Cause::Went(serial),
            (_, Some(serial)) if !has(0, self.rule(1, new)) => Cause::Came(serial),
            (_, Some(serial)) => Cause::Moved(serial),
            _ => Cause::Other,
        }
    }

    /// Returns the evidence of a change, by cause.
    fn by_cause(&self, change: Change) -> BTreeMap<Cause, Vec<&Evidence>> {
        let mut causes: BTreeMap<Cause, Vec<&Evidence>> = BTreeMap::new();
        for evidence in self.comparison.of(change) {
            causes.entry(self.cause(evidence)).or_default().push(evidence);
        }
        causes
    }

    fn witness(&self, evidence: &Evidence) -> String {
        let [old, _] = self.sets;
        Notation::new(&evidence.event, old.arch).to_string()
    }
}

/// Returns the name of a change in JSON.
fn name(change: Change) -> &'static str {
    match change {
        Change::Lost => "lost",
        Change::Gained => "gained",
        Change::Rekeyed => "rekeyed",
    }
}
