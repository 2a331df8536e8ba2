//! Results for a terminal.

use std::fmt::{self, Write};

use super::{Suite, Totals, failure};
use crate::cases::{Outcome, Tested};
use crate::diag::escaped;

/// The column at which the place of a case begins.
const PLACE_COLUMN: usize = 72;

/// Writes the cases that fail, the rules that decide no case, and the numbers.
///
/// # Errors
/// Those of `out`.
pub fn write_text(out: &mut impl Write, suites: &[Suite<'_>]) -> fmt::Result {
    for suite in suites {
        for tested in suite.tested.iter().filter(|tested| tested.outcome.is_failure()) {
            write_failure(out, suite, tested)?;
        }
    }
    suites.iter().try_for_each(|suite| write_uncovered(out, suite))?;
    writeln!(out, "{}", numbers(suites))
}

fn write_failure(out: &mut impl Write, suite: &Suite<'_>, tested: &Tested<'_>) -> fmt::Result {
    let title = format!("{}  {}", failure(tested.outcome), escaped(&tested.case.title()));
    writeln!(out, "{title:PLACE_COLUMN$}  {}", tested.case.origin)?;
    let mut line = |name: &str, text: &str| writeln!(out, "      {name:9} {}", escaped(text));
    line("event", &suite.event(tested))?;
    line("expected", &tested.case.expected.to_string())?;
    line("found", &Suite::found(tested))?;
    if let (Outcome::GapHolds, Some(gap)) = (tested.outcome, &tested.case.known_gap) {
        line("gap", &format!("{gap} is closed: delete `known_gap`"))?;
    }
    let near = tested.found.nearest.as_ref().and_then(|near| suite.near(near, tested));
    if let Some((rule, why)) = near {
        line("nearest", &format!("{rule} {why}"))?;
    }
    if let Some(command) = suite.again(tested) {
        line("again", &command)?;
    }
    writeln!(out)
}

fn write_uncovered(out: &mut impl Write, suite: &Suite<'_>) -> fmt::Result {
    let Some(coverage) = suite.coverage.as_ref().filter(|coverage| !coverage.uncovered.is_empty())
    else {
        return Ok(());
    };
    writeln!(
        out,
        "Rules that decided no case: {} of {}",
        coverage.uncovered.len(),
        coverage.total
    )?;
    let places: Vec<String> =
        coverage.uncovered.iter().map(|rule| rule.origin.to_string()).collect();
    let width = places.iter().map(String::len).max().unwrap_or(0);
    for (rule, place) in coverage.uncovered.iter().zip(&places) {
        writeln!(out, "      {place:width$}  {}", escaped(&suite.why_uncovered(rule)))?;
    }
    writeln!(out)
}

/// Returns the numbers in one line.
fn numbers(suites: &[Suite<'_>]) -> String {
    let totals = Totals::of(suites);
    let mut parts = vec![match totals.hold {
        1 => "1 holds".to_owned(),
        hold => format!("{hold} hold"),
    }];
    match totals.fail {
        0 => {}
        1 => parts.push("1 fails".to_owned()),
        fail => parts.push(format!("{fail} fail")),
    }
    if totals.undecided > 0 {
        parts.push(format!("{} undecided", totals.undecided));
    }
    match totals.known_gaps {
        0 => {}
        1 => parts.push("1 known gap".to_owned()),
        gaps => parts.push(format!("{gaps} known gaps")),
    }
    let cases = if totals.cases == 1 { "1 case" } else { &format!("{} cases", totals.cases) };
    let coverage = match suites.iter().any(|suite| suite.coverage.is_some()) {
        true => format!(" Coverage {} of {} rules.", totals.covered, totals.rules),
        false => String::new(),
    };
    format!("{cases}: {}.{coverage}", parts.join(", "))
}
