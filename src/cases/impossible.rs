//! Expectations that no event can meet.

use super::{Case, Expectation, RulePlace};
use crate::analysis::{Load, LoadStep};
use crate::eval::Problem;
use crate::rule::{Action, FilterList, Rule};
use crate::span::Span;

/// What a case expects of a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    Records,
    Silences,
}

/// Returns the cases of which the rule is not among those that are loaded, or never does what they expect, each with the
/// mistake. Rows of one table are one mistake.
pub fn impossible<'c>(cases: &'c [Case], loads: &[Load]) -> Vec<(&'c Case, Problem)> {
    let mut seen: Vec<(&str, Span)> = Vec::new();
    let mut found = Vec::new();
    for case in cases {
        let Some((message, help)) = mistake(&case.expected, loads) else { continue };
        let place = (&*case.origin.file, case.expectation_at);
        if !seen.contains(&place) {
            seen.push(place);
            let at = case.expectation_at.range();
            found.push((case, Problem { at, message, help: Some(help.to_owned()) }));
        }
    }
    found
}

fn mistake(expected: &Expectation, loads: &[Load]) -> Option<(String, &'static str)> {
    let (place, effect) = match expected {
        Expectation::Rule(place) => (place, Effect::Records),
        Expectation::SilencedBy(place) => (place, Effect::Silences),
        _ => return None,
    };
    let rules: Vec<&Rule> = rules_at(place, loads).collect();
    let Some(first) = rules.first() else {
        return Some((format!("`{place}` is not a rule"), "write the file and the line of a rule"));
    };
    if rules.iter().any(|rule| effects(rule).contains(&effect)) {
        return None;
    }
    let rule = match first.list {
        FilterList::Exclude => "a rule of the list exclude".to_owned(),
        FilterList::Filesystem => "a rule of the list filesystem".to_owned(),
        _ => format!("a rule of action `{}`", first.action.name()),
    };
    Some(match effect {
        Effect::Records => (
            format!("`{place}` is {rule}, which records nothing"),
            "write `silenced_by`, or name a rule of action `always`",
        ),
        Effect::Silences => (
            format!("`{place}` is {rule}, which silences nothing"),
            "write `rule`, or name a rule of action `never`",
        ),
    })
}

fn rules_at<'l>(place: &RulePlace, loads: &'l [Load]) -> impl Iterator<Item = &'l Rule> {
    loads.iter().filter(|load| place.is(&load.origin)).filter_map(|load| match &load.step {
        LoadStep::Add(rule) => Some(rule),
        _ => None,
    })
}

/// Returns what a rule can do with an event. The list exclude drops records with any action (`audit_filter`,
/// kernel/auditfilter.c).
fn effects(rule: &Rule) -> &'static [Effect] {
    match (rule.list, &rule.action) {
        (FilterList::Exclude | FilterList::Filesystem, _) => &[Effect::Silences],
        (_, Action::Always) => &[Effect::Records],
        (_, Action::Never) => &[Effect::Silences],
        _ => &[],
    }
}
