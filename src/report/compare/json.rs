//! A comparison for programs.

use std::borrow::Cow;

use serde::Serialize;

use super::{Pair, name};
use crate::eval::Decision;
use crate::relate::sets::{Change, Evidence, Relation};
use crate::report::place::Place;

/// A comparison, as `docs/schema/compare.schema.json` describes it.
#[derive(Serialize)]
pub struct ComparisonReport<'a> {
    version: u32,
    result: &'static str,
    lost: Vec<Difference<'a>>,
    gained: Vec<Difference<'a>>,
    rekeyed: Vec<Difference<'a>>,
    undecided: Vec<Open<'a>>,
    is_cut_short: bool,
}

/// An event that both sets decide differently.
#[derive(Serialize)]
struct Difference<'a> {
    witness: String,
    old: Answer<'a>,
    new: Answer<'a>,
}

/// The decision of one set.
#[derive(Serialize)]
struct Answer<'a> {
    decision: &'static str,
    rule: Option<Place<'a>>,
    keys: Vec<Cow<'a, str>>,
}

/// Rules that may decide an event differently.
#[derive(Serialize)]
struct Open<'a> {
    old: Option<Place<'a>>,
    new: Option<Place<'a>>,
    change: &'static str,
    depends_on: Vec<&'static str>,
}

impl<'a> ComparisonReport<'a> {
    /// Returns the report of a comparison.
    pub fn new(pair: &'a Pair<'a>) -> Self {
        let of = |change| {
            let all = pair.comparison.of(change);
            all.map(|evidence| difference(pair, evidence)).collect()
        };
        let open = pair.comparison.undecided.iter().map(|open| Open {
            old: pair.origin(0, open.old).map(Place::from),
            new: pair.origin(1, open.new).map(Place::from),
            change: name(open.change),
            depends_on: open.attributes.iter().map(|attribute| attribute.name()).collect(),
        });
        ComparisonReport {
            version: 1,
            result: match pair.comparison.relation() {
                Relation::Same => "same",
                Relation::Less => "less",
                Relation::More => "more",
                Relation::Neither => "neither",
                Relation::Undecided => "undecided",
            },
            lost: of(Change::Lost),
            gained: of(Change::Gained),
            rekeyed: of(Change::Rekeyed),
            undecided: open.collect(),
            is_cut_short: pair.comparison.is_cut_short,
        }
    }
}

fn difference<'a>(pair: &'a Pair<'a>, evidence: &'a Evidence) -> Difference<'a> {
    let answer = |set, decision: &'a Decision| Answer {
        decision: decision.verdict.name(),
        rule: pair.origin(set, decision.rule).map(Place::from),
        keys: decision.keys.iter().map(|key| String::from_utf8_lossy(key)).collect(),
    };
    Difference {
        witness: pair.witness(evidence),
        old: answer(0, &evidence.old),
        new: answer(1, &evidence.new),
    }
}
