//! `--accept`: rewrites the expectations of the cases that fail.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::analysis::Origin;
use crate::cases::{Expectation, Outcome, Tested};
use crate::cli::commands::replace::replace;
use crate::cli::exit::Stop;
use crate::cli::report;
use crate::eval::Verdict;
use crate::report::cases::{Suite, expectation_of};
use crate::source::Source;
use crate::span::Span;

/// The new texts of expectations, by their place. A case with several rows has one expectation.
type Edits = BTreeMap<Span, Vec<String>>;

/// Rewrites the files.
pub(super) fn accept(
    suites: &[Suite<'_>],
    texts: &BTreeMap<String, (PathBuf, Source)>,
) -> Result<(), Stop> {
    let mut by_file: BTreeMap<&str, Edits> = BTreeMap::new();
    for tested in suites.iter().flat_map(|suite| &suite.tested) {
        if tested.outcome != Outcome::Undecided {
            let edits = by_file.entry(&tested.case.origin.file).or_default();
            edits.entry(tested.case.expectation_at).or_default().push(new_text(tested));
        }
    }
    let failing: Vec<&Tested<'_>> = suites
        .iter()
        .flat_map(|suite| &suite.tested)
        .filter(|tested| tested.outcome == Outcome::Fails)
        .collect();
    for (name, mut edits) in by_file {
        let Some((path, source)) = texts.get(name) else { continue };
        edits.retain(|at, _| {
            failing.iter().any(|tested| {
                &*tested.case.origin.file == name && tested.case.expectation_at == *at
            })
        });
        let new = edited(source, &edits);
        if new != source.text() {
            replace(path, source.text(), &new).map_err(|error| {
                Stop::unanswered(format_args!("cannot write `{}`: {error}", report::name_of(path)))
            })?;
        }
    }
    Ok(())
}

/// Returns the text with the new expectations. Rows that need different expectations stay as they are.
fn edited(source: &Source, edits: &Edits) -> Vec<u8> {
    let mut text = source.text().to_vec();
    for (at, new) in edits.iter().rev() {
        match new.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other == first) => {
                text.splice(at.start..at.end, first.bytes());
            }
            _ => {
                let line = source.location(at.start).line;
                report::note(format_args!(
                    "{}:{line}: the rows of this case differ, so its expectation stays as it is",
                    source.name()
                ));
            }
        }
    }
    text
}

/// Returns the expectation that holds.
fn new_text(tested: &Tested<'_>) -> String {
    let (decision, by) = (&tested.found.decision, tested.found.rule.as_ref());
    match &tested.case.expected {
        Expectation::RecordedByOne(rules)
        | Expectation::SilencedByOne(rules)
        | Expectation::NotRecordedBy(rules) => {
            let is_own = by.is_some_and(|by: &Origin| rules.contains(by));
            match decision.verdict {
                Verdict::Recorded if is_own => "records",
                Verdict::Silenced | Verdict::Excluded if is_own => "silences",
                _ => "ignores",
            }
            .to_owned()
        }
        _ => expectation_of(decision, by),
    }
}
