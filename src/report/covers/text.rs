//! Answers for a terminal.

use std::fmt::{self, Write};

use super::{Answer, Answers, name};
use crate::diag::escaped;
use crate::relate::requirement::State;

/// Maximum number of rules that are named for a requirement.
const MOST_RULES: usize = 4;
/// The width of the states.
const WIDTH: usize = "not applicable".len();

/// Writes the answers: one line for each requirement, with what is missed and what covers it, and the numbers.
///
/// # Errors
/// Those of `out`.
pub fn write_covers_text(out: &mut impl Write, answers: &Answers<'_>) -> fmt::Result {
    let id = |answer: &Answer| escaped(&answer.requirement.id).into_owned();
    let width = answers.all.iter().map(|answer| id(answer).chars().count()).max().unwrap_or(0);
    for answer in &answers.all {
        let (state, details) = match &answer.accepted {
            Some((accepted, file)) => {
                let reason = escaped(&accepted.reason);
                let line = format!("{reason}, until {} ({file}:{})", accepted.until, accepted.line);
                ("accepted", vec![line])
            }
            None => (name(answer.state), details(answers, answer)),
        };
        let mut details = details.iter();
        let first = details.next().map_or("", String::as_str);
        let line = format!("{:width$}  {state:WIDTH$}  {first}", id(answer));
        writeln!(out, "{}", line.trim_end())?;
        for detail in details {
            writeln!(out, "{:width$}  {:WIDTH$}  {detail}", "", "")?;
        }
    }
    let totals = answers.totals();
    let mut parts = vec![
        format!("{} covered", totals.covered),
        format!("{} partly", totals.partly),
        format!("{} missing", totals.missing),
    ];
    for (number, text) in [
        (totals.not_applicable, "not applicable"),
        (totals.accepted, "accepted"),
        (totals.undecided, "undecided"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {text}"));
        }
    }
    let noun = if totals.requirements == 1 { "requirement" } else { "requirements" };
    writeln!(out, "{} {noun}: {}", totals.requirements, parts.join(", "))
}

fn details(answers: &Answers<'_>, answer: &Answer) -> Vec<String> {
    if answer.state != State::Covered {
        return answers.sentences(answer);
    }
    let by = answer.judgment.iter().flat_map(|judgment| &judgment.coverage.by);
    let mut places: Vec<String> = by.map(|serial| answers.place(*serial)).collect();
    let settings = answer.settings.iter().filter_map(|setting| setting.found.as_ref());
    places.extend(settings.map(ToString::to_string));
    let more = places.len().saturating_sub(MOST_RULES);
    places.truncate(MOST_RULES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    vec![places.join(", ") + &more]
}
