//! The report of a plan for people.

use std::fmt::{self, Write};

use super::{Cover, End, Kind, PlanReport, RuleChange, State};
use crate::diag::escaped;

/// The number of changes that are shown. The others are counted.
const MOST: usize = 200;

/// The widest place that others line up with.
const WIDEST: usize = 28;

/// Writes the report. `name` is what is compared with the rules files.
pub fn write_plan(out: &mut impl Write, plan: &PlanReport, name: &str) -> fmt::Result {
    let width = plan.changes.iter().map(|change| place(change).len()).max().unwrap_or(0);
    let width = width.max(if plan.settings.is_empty() { 0 } else { 18 }).min(WIDEST);
    for change in plan.changes.iter().take(MOST) {
        let sign = match change.change {
            Kind::Add => '+',
            Kind::Delete => '-',
            Kind::Move => '^',
        };
        writeln!(out, "{sign} {:<width$}  {}", place(change), what(change))?;
    }
    if let Some(more @ 1..) = plan.changes.len().checked_sub(MOST) {
        writeln!(out, "  and {more} more; --format json has all of them")?;
    }
    for setting in &plan.settings {
        writeln!(out, "  {:<width$}  {} -> {}", escaped(&setting.name), setting.from, setting.to)?;
    }
    write_same(out, plan)?;
    if plan.state == State::Same {
        return writeln!(
            out,
            "{name} already has the rules and settings: {}. Nothing to do.",
            with_others(plan.count.stay, plan.count.others)
        );
    }
    write_total(out, plan)?;
    if plan.state == State::NextBoot {
        writeln!(out, "The kernel is locked (`-e 2`): this takes effect at the next boot.")?;
    }
    Ok(())
}

fn write_same(out: &mut impl Write, plan: &PlanReport) -> fmt::Result {
    match plan.count.written_differently {
        0 => {}
        1 => writeln!(out, "1 rule is written differently and means the same; --exact shows it")?,
        rules => writeln!(
            out,
            "{rules} rules are written differently and mean the same; --exact shows them"
        )?,
    }
    match plan.count.in_another_order {
        0 => Ok(()),
        1 => writeln!(out, "1 rule has another place, which cannot matter; --exact-order shows it"),
        rules => writeln!(
            out,
            "{rules} rules have other places, which cannot matter; --exact-order shows them"
        ),
    }
}

fn write_total(out: &mut impl Write, plan: &PlanReport) -> fmt::Result {
    let count_of = plan.count;
    write!(out, "{} to add, {} to delete", count_of.add, count_of.delete)?;
    if count_of.moved > 0 {
        write!(out, ", {} to move", count_of.moved)?;
    }
    let stay = |rules: usize| if rules == 1 { "stays" } else { "stay" };
    write!(out, ", {} {}", count_of.stay, stay(count_of.stay))?;
    if count_of.others > 0 {
        write!(out, ", and {} of others {}", count_of.others, stay(count_of.others))?;
    }
    write!(out, ". ")?;
    let requests = plan.requests.len() + plan.settings.len();
    write!(out, "{}, about {:.2} s. ", count(requests, "request"), plan.seconds)?;
    match plan.gap.as_slice() {
        [] => writeln!(out, "No gap.")?,
        [one] => {
            writeln!(out, "Gap: events of {} may be missed for a moment.", escaped(one))?;
        }
        [first, others @ ..] => writeln!(
            out,
            "Gap: events of {} and {} may be missed for a moment.",
            escaped(first),
            count(others.len(), "other rule")
        )?,
    }
    if !plan.cannot_undo.is_empty() {
        let what = plan.cannot_undo.join(" and ");
        let what = escaped(&what);
        writeln!(out, "Not to be undone before the next boot: {what}; it is sent last.")?;
    }
    Ok(())
}

fn place(change: &RuleChange) -> String {
    match (&change.source, change.loaded) {
        (Some(source), _) => escaped(source).into_owned(),
        (None, Some(number)) => format!("loaded rule {number}"),
        (None, None) => String::new(),
    }
}

fn what(change: &RuleChange) -> String {
    let rule = escaped(&change.rule);
    let Some(to) = change.to else { return rule.into_owned() };
    let to = match to {
        End::Front => "moves to the front",
        End::End => "moves to the end",
    };
    match change.meanwhile {
        Some(Cover::Bridge) => format!("{to}, over a bridge: {rule}"),
        Some(Cover::Gap) => format!("{to}, with a gap: {rule}"),
        _ => format!("{to}: {rule}"),
    }
}

/// Returns how many rules there are. Those of others are counted apart.
pub fn with_others(own: usize, others: usize) -> String {
    match others {
        0 => count(own, "rule"),
        others => format!("{}, and {} of others", count(own, "own rule"), count(others, "rule")),
    }
}

pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
