//! The results of cases.

use super::{Case, Expectation};
use crate::analysis::{Arming, Origin};
use crate::eval::{Decision, Evaluator, History, Near, Verdict};

/// A case with its result.
#[derive(Debug)]
pub struct Tested<'c> {
    /// The case.
    pub case: &'c Case,
    /// What the rules do.
    pub found: Found,
    /// The result.
    pub outcome: Outcome,
}

/// What rules do with the event of a case.
#[derive(Debug)]
pub struct Found {
    /// The decision.
    pub decision: Decision,
    /// The rule that decides.
    pub rule: Option<Origin>,
    /// The nearest rule, for a case that does not hold.
    pub nearest: Option<Near>,
}

/// The result of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// The event leaves out attributes that decide.
    Undecided,
    /// It does not hold, as expected.
    KnownGap,
    /// It holds, though it is marked as a known gap.
    GapHolds,
}

impl Outcome {
    /// Returns whether the case makes the run fail.
    pub const fn is_failure(self) -> bool {
        matches!(self, Outcome::Fails | Outcome::Undecided | Outcome::GapHolds)
    }
}

/// Runs cases against rules.
pub fn run<'c>(cases: &'c [Case], evaluator: &Evaluator, arming: &Arming) -> Vec<Tested<'c>> {
    let history = History::default();
    cases
        .iter()
        .map(|case| {
            let decision = evaluator.decide(&case.event);
            let rule = decision.rule.and_then(|serial| arming.origin_of(serial)).cloned();
            let outcome = outcome(case, &decision, arming);
            let nearest = if outcome.is_failure() {
                evaluator.near(&history, &case.event, 1).into_iter().next()
            } else {
                None
            };
            Tested { case, found: Found { decision, rule, nearest }, outcome }
        })
        .collect()
}

fn outcome(case: &Case, decision: &Decision, arming: &Arming) -> Outcome {
    let holds = decision.always(|verdict, keys, serial| {
        let rule = serial.and_then(|serial| arming.origin_of(serial));
        holds(&case.expected, verdict, keys, rule)
    });
    match (holds, &case.known_gap) {
        (Some(true), None) => Outcome::Holds,
        (Some(true), Some(_)) => Outcome::GapHolds,
        (None, None) => Outcome::Undecided,
        (Some(false), None) => Outcome::Fails,
        (Some(false) | None, Some(_)) => Outcome::KnownGap,
    }
}

/// Returns whether the expectation holds if the kernel decides in this way.
fn holds(
    expected: &Expectation,
    verdict: Verdict,
    keys: &[Vec<u8>],
    rule: Option<&Origin>,
) -> bool {
    let recorded = verdict == Verdict::Recorded;
    let is_one_of = |rules: &[Origin]| rule.is_some_and(|rule| rules.contains(rule));
    match expected {
        Expectation::Key(key) => recorded && keys.iter().any(|own| own == key.as_bytes()),
        Expectation::Rule(place) => recorded && rule.is_some_and(|rule| place.is(rule)),
        Expectation::Recorded => recorded,
        Expectation::Silent => !recorded,
        Expectation::SilencedBy(place) => !recorded && rule.is_some_and(|rule| place.is(rule)),
        Expectation::RecordedByOne(rules) => recorded && is_one_of(rules),
        Expectation::SilencedByOne(rules) => !recorded && is_one_of(rules),
        Expectation::NotRecordedBy(rules) => !(recorded && is_one_of(rules)),
    }
}
