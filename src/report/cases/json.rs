//! Results for programs, as `docs/schema/test.schema.json` describes them.

use std::borrow::Cow;

use serde::Serialize;

use super::{Suite, Totals};
use crate::cases::Outcome;
use crate::report::place::Place;

/// The results of all cases.
#[derive(Serialize)]
pub struct Report<'a> {
    version: u32,
    summary: Summary,
    cases: Vec<Case<'a>>,
    /// The rules that decided no case; missing if the coverage was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    uncovered: Option<Vec<Rule<'a>>>,
}

#[derive(Serialize)]
struct Summary {
    cases: usize,
    hold: usize,
    fail: usize,
    undecided: usize,
    known_gaps: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    covered: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<usize>,
}

#[derive(Serialize)]
struct Case<'a> {
    name: &'a str,
    row: &'a str,
    file: &'a str,
    line: usize,
    event: String,
    outcome: &'static str,
    expected: String,
    decision: &'static str,
    keys: Vec<Cow<'a, str>>,
    rule: Option<Place<'a>>,
    nearest: Option<Nearest>,
    known_gap: Option<&'a str>,
}

#[derive(Serialize)]
struct Nearest {
    rule: String,
    why: String,
}

#[derive(Serialize)]
struct Rule<'a> {
    rule: Place<'a>,
    why: String,
}

impl<'a> Report<'a> {
    /// Returns the report of suites.
    pub fn new(suites: &'a [Suite<'a>]) -> Self {
        let totals = Totals::of(suites);
        let has_coverage = suites.iter().any(|suite| suite.coverage.is_some());
        let uncovered = suites.iter().flat_map(|suite| {
            let rules = suite.coverage.iter().flat_map(|coverage| &coverage.uncovered);
            rules.map(|rule| Rule { rule: (&rule.origin).into(), why: suite.why_uncovered(rule) })
        });
        Report {
            version: 1,
            summary: Summary {
                cases: totals.cases,
                hold: totals.hold,
                fail: totals.fail,
                undecided: totals.undecided,
                known_gaps: totals.known_gaps,
                covered: has_coverage.then_some(totals.covered),
                rules: has_coverage.then_some(totals.rules),
            },
            uncovered: has_coverage.then(|| uncovered.collect()),
            cases: suites.iter().flat_map(cases).collect(),
        }
    }
}

fn cases<'a>(suite: &'a Suite<'a>) -> impl Iterator<Item = Case<'a>> {
    suite.tested.iter().map(|tested| {
        let (case, decision) = (tested.case, &tested.found.decision);
        let near = tested.found.nearest.as_ref().and_then(|near| suite.near(near, tested));
        Case {
            name: &case.name,
            row: &case.row,
            file: &case.origin.file,
            line: case.origin.line,
            event: suite.event(tested),
            outcome: outcome(tested.outcome),
            expected: case.expected.to_string(),
            decision: decision.verdict.name(),
            keys: decision.keys.iter().map(|key| String::from_utf8_lossy(key)).collect(),
            rule: tested.found.rule.as_ref().map(Place::from),
            nearest: near.map(|(rule, why)| Nearest { rule, why }),
            known_gap: case.known_gap.as_deref(),
        }
    })
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Holds => "holds",
        Outcome::Fails => "fails",
        Outcome::Undecided => "undecided",
        Outcome::KnownGap => "known-gap",
        Outcome::GapHolds => "gap-closed",
    }
}
