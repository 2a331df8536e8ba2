//! The end of `cargo xtask test`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::stage::Outcome;
use super::{Scope, seconds};

/// A table of the stages, the tests that failed or were skipped, and a last line with the sums.
pub(super) fn text(stages: &[(&str, Outcome, Duration)], scope: Scope) -> String {
    let mut lines = vec!["summary".to_owned()];
    for (name, outcome, time) in stages {
        lines.push(format!("  {name:<16} {outcome} in {}", seconds(*time)));
    }
    let failed: Vec<String> = stages
        .iter()
        .flat_map(|(name, outcome, _)| outcome.failed.iter().map(move |test| (name, test)))
        .map(|(name, test)| format!("  {name}: {test}"))
        .collect();
    if !failed.is_empty() {
        lines.push("failed".to_owned());
        lines.extend(failed);
    }
    let mut skipped = skipped(stages);
    if scope == Scope::Fast {
        skipped.push("  left out by --fast: tests/guest".to_owned());
    }
    if !skipped.is_empty() {
        lines.push("skipped, and why".to_owned());
        lines.extend(skipped);
    }
    lines.push(String::new());
    lines.push(sum(stages.iter().map(|(_, outcome, _)| outcome)));
    lines.join("\n")
}

/// The reasons, each with its tests.
fn skipped(stages: &[(&str, Outcome, Duration)]) -> Vec<String> {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, outcome, _) in stages {
        for (test, why) in &outcome.skipped {
            reasons.entry(why).or_default().push(format!("{name}: {test}"));
        }
    }
    let reason = |(why, tests): (&str, Vec<String>)| format!("  {why}: {}", tests.join(", "));
    reasons.into_iter().map(reason).collect()
}

/// `N passed, N failed, N skipped`.
fn sum<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> String {
    let (passed, failed, skipped) = outcomes.fold((0, 0, 0), |(passed, failed, skipped), one| {
        (passed + one.passed, failed + one.failed.len(), skipped + one.skipped.len())
    });
    format!("{passed} passed, {failed} failed, {skipped} skipped")
}
