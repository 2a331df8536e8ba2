//! A decision as one line of JSON.

use std::borrow::Cow;

use serde::Serialize;

use super::Judged;
use super::why::Why;
use crate::report::place::Place;

/// A decision, as `docs/schema/decision.schema.json` describes it.
#[derive(Serialize)]
pub struct DecisionLine<'a> {
    decision: &'static str,
    keys: Vec<Cow<'a, str>>,
    rule: Option<Place<'a>>,
    dropped: Vec<String>,
    depends_on: Vec<&'static str>,
    near: Vec<NearRule<'a>>,
}

/// A rule that does not decide.
#[derive(Serialize)]
struct NearRule<'a> {
    rule: Place<'a>,
    field: String,
    why: String,
}

impl<'a> DecisionLine<'a> {
    /// Returns the line of a decision.
    pub fn new(judged: &'a Judged<'a>) -> Self {
        let decision = judged.decision();
        let near = judged.near.iter().filter_map(|near| {
            let Why { field, text } = Why::of(near, judged.rules, judged.event)?;
            let rule = judged.rules.origin(near.rule)?.into();
            Some(NearRule { rule, field, why: text })
        });
        DecisionLine {
            decision: decision.verdict.name(),
            keys: decision.keys.iter().map(|key| String::from_utf8_lossy(key)).collect(),
            rule: decision.rule.and_then(|serial| judged.rules.origin(serial)).map(Place::from),
            dropped: judged.dropped(),
            depends_on: decision.depends_on().iter().map(|attribute| attribute.name()).collect(),
            near: near.collect(),
        }
    }
}
