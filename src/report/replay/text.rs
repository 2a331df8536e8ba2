//! The report for people.

use std::borrow::Cow;
use std::fmt::{self, Write};

use super::against::write_against;
use super::budget::write_budget;
use super::notes::write_notes;
use super::retention::write_retention;
use super::rows::{Counted, DecidedBy, RowOf, RowView, RuleView};
use super::suggest::write_suggestions;
use super::times::moment;
use super::{DAY, ReplayReport, least_day};
use crate::catalog::record;
use crate::diag::escaped;
use crate::replay::By;
use crate::report::share::percent;

/// The number of rows and of unused rules that are shown.
pub(super) const MOST: usize = 40;

/// Maximum number of rules that are named for events which several may have made.
const MOST_RULES: usize = 4;

/// Writes the table. `has_unused` adds the rules that made no event.
///
/// # Errors
/// Those of `out`.
pub fn write_replay(
    out: &mut impl Write,
    report: &ReplayReport<'_>,
    has_unused: bool,
) -> fmt::Result {
    writeln!(out, "{}", head_line(report))?;
    if let Some(period) = period(report) {
        writeln!(out, "{period}")?;
    }
    if let Some(against) = &report.against {
        write_against(out, report, against)?;
    } else if let Some(suggest) = &report.suggest {
        write_suggestions(out, report, suggest)?;
    } else if !report.rows.is_empty() {
        write_rows(out, report)?;
    }
    write_notes(out, report, has_unused)?;
    if let Some(retention) = &report.retention {
        write_retention(out, report, retention)?;
    }
    match &report.budget {
        Some(budget) => write_budget(out, budget),
        None => Ok(()),
    }
}

/// Returns what the log holds, in a sentence or two.
pub(super) fn head_line(report: &ReplayReport<'_>) -> String {
    let log = &report.log;
    let mut line = format!(
        "{}, {}, {}. {}",
        counted(log.files, "file"),
        size(log.bytes as f64),
        lasting(log.seconds),
        counted(log.events, "event")
    );
    let notes = [
        (log.incomplete, ["without the record of the call"; 2]),
        (log.lost, ["record lost by the kernel", "records lost by the kernel"]),
        (log.other_lines, ["line that is no record", "lines that are no records"]),
        (log.too_long, ["line that is too long", "lines that are too long"]),
        (log.cut_off, ["cut off at the end"; 2]),
        (log.left_out.events, ["before --since or after --until"; 2]),
    ];
    for (number, [one, more]) in notes.iter().filter(|(number, _)| *number > 0) {
        let what = if *number == 1 { one } else { more };
        line.push_str(&format!(", {} {what}", grouped(*number)));
    }
    line.push('.');
    line
}

/// Returns when the log begins and ends.
pub(super) fn period(report: &ReplayReport<'_>) -> Option<String> {
    let [first, last] = [report.log.first?, report.log.last?].map(|time| moment(whole(time)));
    Some(format!("From {first} to {last} UTC."))
}

/// Returns the second that a time is in.
#[expect(clippy::cast_possible_truncation, reason = "the cast stops at the limits")]
fn whole(seconds: f64) -> i64 {
    seconds.floor() as i64
}

fn write_rows(out: &mut impl Write, report: &ReplayReport<'_>) -> fmt::Result {
    let (days, of) = per_day(report);
    let shown = || report.rows.iter().take(MOST);
    let names: Vec<String> = shown().map(|row| name(row, report)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).clamp(10, 80);
    let [bytes, events] = ["bytes", "events"].map(|unit| format!("{unit}{of}"));
    writeln!(out, "\n{bytes:>11}  share  {events:>12}  {:<width$}  mostly", head(report.rows_by))?;
    for (row, name) in shown().zip(&names) {
        let line = format!(
            "{:>11}  {:>5}  {:>12}  {name:<width$}  {}",
            size(row.bytes as f64 / days),
            percent(row.share, 0),
            rate(row.events as f64 / days),
            mostly(row, report)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    if report.rare.events > 0 {
        writeln!(
            out,
            "{:>11}         {:>12}  rare values, which have no rows",
            size(report.rare.bytes as f64 / days),
            rate(report.rare.events as f64 / days)
        )?;
    }
    match report.rows.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(out, "and {}; --format json has all of them", counted(more, "more row")),
    }
}

/// Returns the days that sums are divided by, and the unit. A rate of a few minutes is none for a day.
pub(super) fn per_day(report: &ReplayReport<'_>) -> (f64, &'static str) {
    let log = &report.log;
    if log.has_a_day() { (log.days(), "/day") } else { (1.0, "") }
}

/// Returns the head of the column that names the rows.
pub(super) fn head(by: By) -> &'static str {
    match by {
        By::Rule => "decided by",
        By::Exe => "program",
        By::User => "login user",
        By::Path => "path",
        By::Key => "keys",
        By::Syscall => "syscall",
        By::Node => "node",
    }
}

/// Returns what a row is of.
pub(super) fn name(row: &RowView<'_>, report: &ReplayReport<'_>) -> String {
    match &row.of {
        RowOf::Maker { decided_by } => decider(decided_by, report),
        RowOf::Value { value: Some(text), .. } => value(text).into_owned(),
        RowOf::Value { value: None, .. } => format!("no {}", head(report.rows_by)),
    }
}

/// Returns what a log does not hold, for people. A record has a name of a file, so that its path alone would say little.
pub(super) fn facts(depends_on: &[&'static str]) -> String {
    let words = depends_on.iter().map(|name| match *name {
        "path" => "the file's own path (a name in a log can be a link)",
        "files" => "which file a name leads to (it can be a link)",
        "names" => "all names of the call",
        "at_entry" => "who made the process",
        other => other,
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Returns what made events.
pub(super) fn decider(decided_by: &DecidedBy<'_>, report: &ReplayReport<'_>) -> String {
    let name = match decided_by {
        DecidedBy::Rule { rule } => of_rule(rule),
        DecidedBy::OneOf { rules, depends_on } => {
            let mut places: Vec<String> = rules.iter().take(MOST_RULES).map(place).collect();
            if let Some(more) = rules.len().checked_sub(MOST_RULES).filter(|more| *more > 0) {
                places.push(format!("{} more", grouped(more as u64)));
            }
            // An event has the keys of the rule that made it, or, if that has none, of a rule before it.
            let mut all_keys = rules.iter().map(|rule| rule.keys.join(", "));
            let keys = all_keys.find(|keys| !keys.is_empty()).unwrap_or_default();
            let why = match depends_on.is_empty() {
                true => "a value of the log is no number".to_owned(),
                false => format!("the log does not hold {}", facts(depends_on)),
            };
            format!("{}  {keys} ({why})", places.join(" or "))
        }
        // The kernel writes such records for rules only.
        DecidedBy::NoRule { record: Some(record::SYSCALL | record::URINGOP), .. } => {
            match report.rule_count {
                0 => "rules without a key".to_owned(),
                _ => "an unknown rule without a key".to_owned(),
            }
        }
        DecidedBy::NoRule { name: Some(name), .. } => format!("no rule: {name}"),
        DecidedBy::NoRule { record: Some(number), .. } => format!("no rule: record {number}"),
        DecidedBy::NoRule { .. } => "no rule: unknown record".to_owned(),
        DecidedBy::OtherRule { keys, .. } if keys.is_empty() => "other keys".to_owned(),
        DecidedBy::OtherRule { keys, first: Some(first) } => {
            let how = if first.keeps_out() { "silenced" } else { "decided before" };
            format!("key {}, {how} by {}", keys.join(", "), of_rule(first))
        }
        DecidedBy::OtherRule { keys, first: None } => {
            let is_unknown =
                |key: &Cow<'_, str>| report.other_keys.iter().any(|one| one.key == *key);
            let why = match keys.iter().any(is_unknown) {
                _ if report.rule_count == 0 => "",
                true => ", of no rule",
                false => ", whose rules do not match",
            };
            format!("key {}{why}", keys.join(", "))
        }
        DecidedBy::Incomplete => "unknown: no record of the call".to_owned(),
    };
    escaped(&name).into_owned()
}

pub(super) fn of_rule(rule: &RuleView<'_>) -> String {
    format!("{}  {}", place(rule), rule.keys.join(", ")).trim_end().to_owned()
}

pub(super) fn place(rule: &RuleView<'_>) -> String {
    format!("{}:{}", rule.place.file(), rule.place.line())
}

/// Returns what most of the events of a row have in common: what decided, if the row is not of that, the program, the login
/// user, and a path that half of them have.
fn mostly(row: &RowView<'_>, report: &ReplayReport<'_>) -> String {
    let by = report.rows_by;
    let share = |events: u64| events as f64 / row.events.max(1) as f64;
    let with_share = |what: &str, events| format!("{what} {}", percent(share(events), 0));
    let part = |what: &str, most: &[Counted<'_>]| {
        let first = most.first()?;
        Some(with_share(&format!("{what}{}", value(&first.value)), first.events))
    };
    let maker = match &row.of {
        RowOf::Maker { .. } => None,
        RowOf::Value { deciders, .. } => deciders.first(),
    };
    let maker = maker.map(|most| {
        let name = decider(&most.decided_by, report);
        with_share(&name.replace("  ", " "), most.events)
    });
    let program = row.exe.first().map(|exe| &exe.value);
    // The path of a program that is run is the program.
    let is_hint = |path: &Counted<'_>| share(path.events) >= 0.5 && Some(&path.value) != program;
    let parts = [
        maker,
        part("", &row.exe).filter(|_| by != By::Exe),
        part("auid ", &row.auid).filter(|_| by != By::User),
        part("path ", &row.path)
            .filter(|_| by != By::Path && row.path.first().is_some_and(is_hint)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Returns a value of the log as tables show it.
pub(super) fn value(text: &str) -> Cow<'_, str> {
    match delimited(text) {
        Cow::Borrowed(text) => escaped(text),
        Cow::Owned(quoted) => Cow::Owned(escaped(&quoted).into_owned()),
    }
}

/// Returns a value in quotes if it begins or ends with a space, which would not be seen.
pub(super) fn delimited(text: &str) -> Cow<'_, str> {
    match text.starts_with(' ') || text.ends_with(' ') {
        true => Cow::Owned(format!("\"{text}\"")),
        false => Cow::Borrowed(text),
    }
}

/// Returns a number of bytes.
pub(super) fn size(bytes: f64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    let mut left = bytes;
    if bytes > 0.0 && bytes < 0.5 {
        return "<1 B".to_owned();
    }
    let mut shown = format!("{left:.0} B");
    for unit in units {
        if left < 1_000.0 {
            break;
        }
        left /= 1_000.0;
        shown = format!("{left:.1} {unit}");
    }
    shown
}

/// Returns a number of events. Small rates have a digit after the point.
pub(super) fn rate(events: f64) -> String {
    if events > 0.0 && events < 0.05 {
        return "<0.1".to_owned();
    }
    if events < 10.0 && events.fract() > 0.0 {
        return format!("{events:.1}");
    }
    let digits = format!("{events:.0}");
    grouped(digits.parse().unwrap_or(u64::MAX))
}

/// Returns a time that can be many days.
pub(super) fn lasting(seconds: f64) -> String {
    match seconds / DAY {
        _ if seconds < least_day() => span(seconds),
        days if days < 100.0 => format!("{days:.1} days"),
        days => format!("{} days", rate(days)),
    }
}

fn span(seconds: f64) -> String {
    match seconds {
        0.0..1.5 if seconds >= 0.5 => "1 second".to_owned(),
        0.0..120.0 => format!("{seconds:.0} seconds"),
        120.0..7_200.0 => format!("{:.0} minutes", seconds / 60.0),
        _ => format!("{:.1} hours", seconds / 3_600.0),
    }
}

pub(super) fn counted<N: TryInto<u64>>(number: N, what: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{} {what}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Returns a number with a comma before each group of three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
