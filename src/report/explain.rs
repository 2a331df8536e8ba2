//! `--explain-bitmap` as text: a summary, the armed syscalls, and notes on what surprises.

use std::fmt::{self, Write};
use std::sync::Arc;

use super::explain_notes::write_notes;
use super::explain_reason::{bitmap_reason, stock_reason};
use crate::analysis::{ArmedSyscall, Arming, RuleGroup};

/// As many places of rules are written in a row; for the others their count.
const PLACES_SHOWN: usize = 3;
/// From so many consecutive numbers on, those armed by the same rules share a row.
const SHORTEST_RUN: usize = 16;

/// Writes what `arming` found, for a person to read.
///
/// # Errors
/// Only those of `out`.
pub fn write_explanation(out: &mut dyn Write, arming: &Arming) -> fmt::Result {
    write_summary(out, arming)?;
    if !arming.bitmap.syscalls.is_empty() {
        writeln!(out)?;
        write_table(out, arming)?;
    }
    write_notes(out, arming)
}

fn write_summary(out: &mut dyn Write, arming: &Arming) -> fmt::Result {
    let Arming { counters, nr_syscalls, .. } = arming;
    writeln!(out, "kernel:  {}, {nr_syscalls} syscalls (NR_syscalls)", arming.arch.common_name())?;
    let held = match arming.rules_held {
        1 => "1 rule".to_owned(),
        more => format!("{more} rules"),
    };
    writeln!(
        out,
        "rules:   {held}; counted {} (audit_n_rules), on the exit list {} (audit_n_syscall_rules)",
        counters.n_rules(),
        counters.n_syscall_rules(),
    )?;
    let stock = if arming.stock.armed { "all armed" } else { "not armed" };
    writeln!(out, "stock:   {stock}: {}", stock_summary(arming))?;
    writeln!(
        out,
        "bitmap:  {} of {nr_syscalls} syscalls armed: {}",
        arming.bitmap.armed_count,
        bitmap_reason(arming)
    )
}

/// The reason of the stock kernel alone; the bitmap's stands in a line of its own.
fn stock_summary(arming: &Arming) -> String {
    let reason = stock_reason(arming);
    match reason.split_once("; ") {
        Some((stock, _)) if !arming.bitmap.equal => stock.to_owned(),
        _ => reason,
    }
}

/// A row of the table, as text.
struct Row {
    number: String,
    name: String,
    compat_name: String,
    rules: String,
    places: String,
}

fn write_table(out: &mut dyn Write, arming: &Arming) -> fmt::Result {
    let compat = arming.arch.compat();
    let head = Row {
        number: "nr".to_owned(),
        name: arming.arch.common_name().to_owned(),
        compat_name: compat.map_or_else(String::new, |arch| arch.common_name().to_owned()),
        rules: "rules".to_owned(),
        places: "where".to_owned(),
    };
    let rows: Vec<Row> = std::iter::once(head).chain(rows(arming)).collect();
    let width = |text: fn(&Row) -> &str| rows.iter().map(|row| text(row).len()).max().unwrap_or(0);
    let number = width(|row| &row.number);
    let name = width(|row| &row.name);
    let compat_name = width(|row| &row.compat_name);
    let rules = width(|row| &row.rules);
    for row in &rows {
        write!(out, "{:>number$}  {:<name$}  ", row.number, row.name)?;
        if compat.is_some() {
            write!(out, "{:<compat_name$}  ", row.compat_name)?;
        }
        writeln!(out, "{:>rules$}  {}", row.rules, row.places)?;
    }
    Ok(())
}

fn rows(arming: &Arming) -> impl Iterator<Item = Row> + '_ {
    let runs =
        arming.bitmap.syscalls.chunk_by(|a, b| a.nr + 1 == b.nr && Arc::ptr_eq(&a.rules, &b.rules));
    runs.flat_map(move |run| match run {
        [first, .., last] if run.len() >= SHORTEST_RUN => vec![run_row(arming, first, last)],
        _ => run.iter().map(|syscall| syscall_row(arming, syscall)).collect(),
    })
}

fn syscall_row(arming: &Arming, syscall: &ArmedSyscall) -> Row {
    Row {
        number: syscall.nr.to_string(),
        name: syscall.name.unwrap_or("-").to_owned(),
        compat_name: syscall.compat_name.unwrap_or("-").to_owned(),
        rules: syscall.rules.members().len().to_string(),
        places: places(arming, &syscall.rules),
    }
}

fn run_row(arming: &Arming, first: &ArmedSyscall, last: &ArmedSyscall) -> Row {
    let is_all = first.nr == 0 && last.nr + 1 == arming.nr_syscalls;
    let name = match is_all {
        true => "every syscall".to_owned(),
        false => format!("{} syscalls", last.nr - first.nr + 1),
    };
    Row {
        number: format!("{}-{}", first.nr, last.nr),
        compat_name: name.clone(),
        name,
        rules: first.rules.members().len().to_string(),
        places: places(arming, &first.rules),
    }
}

/// `a.rules:1, a.rules:2, a.rules:3, +7 more`
fn places(arming: &Arming, group: &RuleGroup) -> String {
    shortened(arming.origins(group), group.members().len(), PLACES_SHOWN)
}

/// The first `shown` of `count` things, and how many more there are.
pub(super) fn shortened<T: fmt::Display>(
    things: impl Iterator<Item = T>,
    count: usize,
    shown: usize,
) -> String {
    let mut text = String::new();
    for (index, thing) in things.take(shown).enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        // Writing to a String does not fail.
        let _ = write!(text, "{separator}{thing}");
    }
    if count > shown {
        let _ = write!(text, ", +{} more", count - shown);
    }
    text
}
