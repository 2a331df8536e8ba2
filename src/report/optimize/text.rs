//! The report for people.

use std::fmt::{self, Write};

use super::Optimization;
use super::price::{write_losses, write_offers};
use crate::diag::escaped;
use crate::rewrite::optimize::{Done, Loss, Whole};

/// Maximum number of places that a line shows.
const MOST: usize = 3;

/// Writes what each step did, and what a call costs before and after.
///
/// # Errors
/// Those of `out`.
pub fn write_report(out: &mut impl Write, optimization: &Optimization<'_>) -> fmt::Result {
    for done in &optimization.optimized.steps {
        write_step(out, optimization, done)?;
    }
    for done in optimization.optimized.steps.iter().filter(|done| !done.undecided.is_empty()) {
        let serials: Vec<usize> = done.undecided.iter().flatten().copied().collect();
        writeln!(
            out,
            "{} is undecided for {}, which {} as written",
            done.step.name(),
            places(optimization, &serials),
            stay(&serials)
        )?;
    }
    for (rules, why) in [
        (optimization.unknown_paths, "what the path is, is unknown here"),
        (optimization.unknown_accounts, "the number of an account is unknown here"),
    ] {
        if !rules.is_empty() {
            let places = places(optimization, rules);
            writeln!(out, "{places} {} as written: {why}", stay(rules))?;
        }
    }
    write_costs(out, optimization)?;
    write_losses(out, optimization)?;
    let (before, after) = (optimization.before.rules_held, optimization.after.rules_held);
    let proof = match optimization.optimized.whole {
        Whole::Same => "Proved: the same events under the same keys",
        Whole::Undecided => {
            "Proved for each change: the same events under the same keys; undecided for all of them together"
        }
        _ => {
            "Proved for each change: the same events under the same keys; too many rules to compare all of them"
        }
    };
    let apart = match optimization.optimized.steps.iter().any(|done| has_price(done)) {
        true => ", apart from the price",
        false => "",
    };
    writeln!(out, "{proof}{apart} ({before} -> {after} rules).")?;
    write_offers(out, optimization)
}

/// Returns whether a step took something away.
fn has_price(done: &Done) -> bool {
    matches!(done.loss, Some(Loss::Companions(_) | Loss::Keys(_) | Loss::Logins(_)))
}

fn write_step(out: &mut impl Write, optimization: &Optimization<'_>, done: &Done) -> fmt::Result {
    if done.added > 0 {
        let count = format!("{} added", done.added);
        writeln!(out, "{:<15} {count:>11}   {}", done.step.name(), done.step.lemma())?;
    }
    if done.edits.is_empty() {
        return Ok(());
    }
    let rules: usize = done.edits.iter().map(Vec::len).sum();
    let count = match rules == done.edits.len() {
        true => format!("{rules} rule{}", if rules == 1 { "" } else { "s" }),
        false => format!("{rules} -> {}", done.edits.len()),
    };
    let example = done.edits.first().map(|edit| places(optimization, edit)).unwrap_or_default();
    writeln!(
        out,
        "{:<15} {count:>11}   {}; for example {example}",
        done.step.name(),
        done.step.lemma()
    )
}

fn write_costs(out: &mut impl Write, optimization: &Optimization<'_>) -> fmt::Result {
    let costs = optimization.costs();
    if costs.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n{:<12} {:>8} {:>8}   instructions that audit adds to a call which no rule matches, estimated for {} {}",
        "",
        "before",
        "after",
        optimization.kind.name(),
        optimization.calibration.kernel
    )?;
    for cost in costs {
        writeln!(out, "{:<12} {:>8.0} {:>8.0}", cost.syscall, cost.before, cost.after)?;
    }
    Ok(())
}

fn stay(rules: &[usize]) -> &'static str {
    if rules.len() == 1 { "stays" } else { "stay" }
}

/// Returns the places of rules, the first few by name.
fn places(optimization: &Optimization<'_>, serials: &[usize]) -> String {
    let shown: Vec<String> =
        optimization.places(serials).take(MOST).map(ToString::to_string).collect();
    let shown = escaped(&shown.join(", ")).into_owned();
    match serials.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
