//! A comparison for a terminal.

use std::fmt::{self, Write};

use super::{Cause, Pair};
use crate::diag::escaped;
use crate::eval::{Decision, Verdict};
use crate::relate::sets::{Change, Comparison, Evidence, Relation};

/// Writes a comparison: one sentence, then what is lost, gained and under another key, by cause.
///
/// # Errors
/// Those of `out`.
pub fn write_comparison(out: &mut impl Write, pair: &Pair<'_>) -> fmt::Result {
    let [old, new] = pair.names.each_ref().map(|name| escaped(name));
    let comparison = pair.comparison;
    let sentence = match comparison.relation() {
        Relation::Undecided => format!("It is not known whether {new} records the same as {old}."),
        _ => format!("{new} {}.", relation(pair.comparison, &old)),
    };
    writeln!(out, "{sentence}")?;
    for (change, title, sign) in [
        (Change::Lost, "lost", '-'),
        (Change::Gained, "gained", '+'),
        (Change::Rekeyed, "under another key", '~'),
    ] {
        write_change(out, pair, change, title, sign)?;
    }
    for open in &comparison.undecided {
        let rule = pair.origin(0, open.old).or_else(|| pair.origin(1, open.new));
        let rule = rule.map_or_else(|| "some rules".to_owned(), ToString::to_string);
        let attributes = open.attributes.short_names();
        match attributes.as_slice() {
            [] => writeln!(out, "undecided: {rule}")?,
            _ => writeln!(out, "undecided: {rule} asks for {}", attributes.join(", "))?,
        }
    }
    if comparison.is_cut_short {
        writeln!(out, "undecided: the search stopped early; there may be more differences")?;
    }
    Ok(())
}

/// Returns what the new set records, compared with the old one.
fn relation(comparison: &Comparison, old: &str) -> String {
    let has = |change| comparison.of(change).next().is_some();
    let (is_rekeyed, is_open) = (has(Change::Rekeyed), comparison.is_open());
    let events = match (has(Change::Lost), has(Change::Gained)) {
        (true, true) => {
            format!("records some events that {old} does not record, and misses others")
        }
        (true, false) => format!("records less than {old}"),
        (false, true) => format!("records more than {old}"),
        (false, false) if is_rekeyed && is_open => {
            format!("records some events under another key than {old}")
        }
        (false, false) if is_rekeyed => {
            format!("records the same events as {old}, some under another key")
        }
        (false, false) => format!("records the same as {old}"),
    };
    let keys = match (has(Change::Lost), has(Change::Gained)) {
        (true, true) if is_rekeyed => "; some have another key",
        (true, _) | (_, true) if is_rekeyed => ", and some events under another key",
        _ => "",
    };
    let more = if is_open { "; there may be more differences" } else { "" };
    format!("{events}{keys}{more}")
}

fn write_change(
    out: &mut impl Write,
    pair: &Pair<'_>,
    change: Change,
    title: &str,
    sign: char,
) -> fmt::Result {
    let causes = pair.by_cause(change);
    if causes.is_empty() {
        return Ok(());
    }
    let count = causes.len();
    writeln!(out, "\n{title}: {count} {}", if count == 1 { "cause" } else { "causes" })?;
    for (cause, all) in &causes {
        writeln!(out, "  {sign} {}", named(pair, *cause))?;
        let shown = if pair.is_whole { all.len() } else { 1 };
        for evidence in all.iter().take(shown) {
            writeln!(out, "    for example {}", escaped(&pair.witness(evidence)))?;
            writeln!(out, "    {}", answers(pair, evidence))?;
        }
        let more = all.len() - shown.min(all.len());
        if more > 0 {
            writeln!(out, "    and {more} more with other rules (--all shows them)")?;
        }
    }
    Ok(())
}

/// Returns the rule that is the cause.
fn named(pair: &Pair<'_>, cause: Cause) -> String {
    let origin = |set, serial| {
        let origin = pair.origin(set, Some(serial));
        origin.map_or_else(|| "a rule".to_owned(), ToString::to_string)
    };
    match cause {
        Cause::Went(serial) => format!("{} is not in the new set", origin(0, serial)),
        Cause::Came(serial) => format!("{} is new", origin(1, serial)),
        Cause::Moved(serial) => {
            format!("{} has another place or other rules before it", origin(1, serial))
        }
        Cause::Other => "other rules decide".to_owned(),
    }
}

/// Returns what both sets do with an event.
fn answers(pair: &Pair<'_>, evidence: &Evidence) -> String {
    let answer = |set, decision: &Decision| {
        let rule = pair.origin(set, decision.rule).map(ToString::to_string);
        let by = rule.map_or_else(String::new, |rule| format!(" by {rule}"));
        match decision.verdict {
            Verdict::Recorded => match decision.keys.as_slice() {
                [] => format!("recorded without a key{by}"),
                keys => {
                    let keys: Vec<String> = keys
                        .iter()
                        .map(|key| escaped(&String::from_utf8_lossy(key)).to_string())
                        .collect();
                    format!("recorded with key {}{by}", keys.join(" and "))
                }
            },
            Verdict::Unmatched => "no rule matches".to_owned(),
            _ => format!("not recorded{by}"),
        }
    };
    format!("old: {}; new: {}", answer(0, &evidence.old), answer(1, &evidence.new))
}
