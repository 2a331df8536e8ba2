//! The report for people.

use std::fmt::{self, Write};

use super::Optimization;
use super::costs::{Both, CallCost, Costs, WorkloadCost};
use super::price::{write_losses, write_offers};
use crate::diag::escaped;
use crate::rewrite::optimize::{Done, Loss, Whole};

/// Maximum number of places that a line shows.
const MOST: usize = 3;
/// Maximum number of syscalls of a workload that are shown.
const MOST_SYSCALLS: usize = 12;

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
    let apart = match optimization.optimized.steps.iter().any(has_price) {
        true => ", apart from the price",
        false => "",
    };
    let (each, all) = match optimization.optimized.whole {
        Whole::Same => ("", ""),
        Whole::Undecided => (" for each change", "; undecided for all of them together"),
        _ => (" for each change", "; too many rules to compare all of them"),
    };
    writeln!(
        out,
        "Proved{each}: the same events under the same keys{apart}{all} ({before} -> {after} rules)."
    )?;
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
    let costs = Costs::of(optimization);
    if !costs.syscalls.is_empty() {
        write_syscalls(out, optimization, &costs)?;
    }
    writeln!(out)?;
    for (name, Both { before, after }, unit) in [
        ("longest walk", &costs.walk, "rules that the kernel tests for a call"),
        ("armed stock", &costs.armed_stock, "syscalls that are armed on a stock kernel"),
        ("armed bitmap", &costs.armed_bitmap, "the same on a kernel with the bitmap"),
    ] {
        writeln!(out, "{name:<12} {before:>8} {after:>8}   {unit}")?;
    }
    costs.workload.iter().try_for_each(|workload| write_workload(out, workload))
}

fn write_syscalls(
    out: &mut impl Write,
    optimization: &Optimization<'_>,
    costs: &Costs,
) -> fmt::Result {
    let calls = if costs.workload.is_some() { "        calls" } else { "" };
    writeln!(
        out,
        "\n{:<12} {:>8} {:>8}{calls}   instructions that audit adds to a call which no rule matches, estimated for {} {}",
        "",
        "before",
        "after",
        optimization.kind.name(),
        optimization.calibration.kernel
    )?;
    for CallCost { syscall, calls, instructions: Both { before, after } } in
        costs.syscalls.iter().take(MOST_SYSCALLS)
    {
        let calls = calls.map_or_else(String::new, |calls| format!(" {calls:>12}"));
        writeln!(out, "{syscall:<12} {before:>8.0} {after:>8.0}{calls}")?;
    }
    let more = costs.syscalls.len().saturating_sub(MOST_SYSCALLS);
    match more {
        0 => Ok(()),
        more => writeln!(out, "and {more} more, which cost less; --format json has all"),
    }
}

fn write_workload(out: &mut impl Write, workload: &WorkloadCost) -> fmt::Result {
    let WorkloadCost { calls, stock, bitmap, unknown } = workload;
    writeln!(
        out,
        "\nAll {calls} calls of the workload: {:.0} -> {:.0} instructions on a stock kernel, {:.0} -> {:.0} on a kernel \
         with the bitmap.",
        stock.before, stock.after, bitmap.before, bitmap.after
    )?;
    if unknown.is_empty() {
        return Ok(());
    }
    let names = unknown.iter().map(|call| format!("{} ({})", escaped(&call.name), call.count));
    let names: Vec<String> = names.collect();
    writeln!(out, "Not counted, because this kernel has no such syscall: {}", names.join(", "))
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
