//! The armed syscalls, with the rules that arm them.

use std::cmp::Reverse;
use std::fmt::{self, Write};
use std::sync::Arc;

use super::Layout;
use crate::analysis::{ArmedSyscall, Arming, RuleGroup};
use crate::report::explain::sentences::{OriginNames, shortened};

/// The maximum number of rules named in a row. The others are counted.
const RULES_NAMED: usize = 4;
/// The minimum length of a run: consecutive numbers that the same rules arm and that share a row.
const SHORTEST_RUN: usize = 16;
/// The maximum number of rows in a short explanation.
const MOST_ROWS: usize = 60;
/// The number of rows of a table that is cut.
const ROWS_WHEN_CUT: usize = 30;

/// A row of the table, as text.
struct Row {
    number: String,
    name: String,
    compat_name: String,
    rules: String,
    origins: String,
    count: usize,
}

/// Writes the table; nothing if no syscall is armed.
pub(super) fn write_table(out: &mut dyn Write, arming: &Arming, layout: Layout) -> fmt::Result {
    if arming.bitmap.syscalls.is_empty() {
        return Ok(());
    }
    let compat = arming.arch.compat();
    let mut body: Vec<Row> = rows(arming).collect();
    let count = body.len();
    if !layout.is_whole && count > MOST_ROWS {
        body.sort_by_key(|row| Reverse(row.count));
        body.truncate(ROWS_WHEN_CUT);
    }
    let is_cut = body.len() < count;
    let head = Row {
        number: "nr".to_owned(),
        name: arming.arch.common_name().to_owned(),
        compat_name: compat.map_or_else(String::new, |arch| arch.common_name().to_owned()),
        rules: "rules".to_owned(),
        origins: "where".to_owned(),
        count: 0,
    };
    let rows: Vec<Row> = std::iter::once(head).chain(body).collect();
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
        writeln!(out, "{:>rules$}  {}", row.rules, row.origins)?;
    }
    if is_cut {
        writeln!(
            out,
            "the {ROWS_WHEN_CUT} of {count} rows with the most rules; --view table shows all"
        )?;
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
        origins: origins(arming, &syscall.rules),
        count: syscall.rules.members().len(),
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
        origins: origins(arming, &first.rules),
        count: first.rules.members().len(),
    }
}

/// Returns `a.rules:1, :2, b.rules:3, +7 more`.
fn origins(arming: &Arming, group: &RuleGroup) -> String {
    let mut names = OriginNames::default();
    let names = arming.origins(group).map(|origin| names.next(origin));
    shortened(names, group.members().len(), RULES_NAMED)
}
