//! Notes about a log, below its table.

use std::fmt::{self, Write};

use super::text::{MOST, counted, grouped, of_rule, size};
use super::times::moment;
use super::unused::{no_event, silencing_sum, unused_sum};
use super::volume::ApartView;
use super::{OtherArch, ReplayReport};
use crate::diag::escaped;

/// Maximum number of events of which repetitions are counted; of more, they are estimated.
const EXACT: u64 = 16_384;

/// Writes the notes. `has_unused` adds the rules that made no event.
pub(super) fn write_notes(
    out: &mut impl Write,
    report: &ReplayReport<'_>,
    has_unused: bool,
) -> fmt::Result {
    writeln!(out)?;
    if let Some(note) = repeated(report) {
        writeln!(out, "{note}")?;
    }
    for ApartView { first, last, bytes } in &report.log.apart {
        writeln!(
            out,
            "{} from {} to {} are far from the rest of the log, as if a clock was wrong. Rates are without this time.",
            size(*bytes as f64),
            moment(*first),
            moment(*last)
        )?;
    }
    if let Some(sum) = unused_sum(report) {
        let how = if has_unused || report.unused.is_empty() { "" } else { " (--unused)" };
        writeln!(out, "{sum}{how}.")?;
    }
    if let Some(note) = no_event(report) {
        writeln!(out, "{note}")?;
    } else if has_unused {
        for rule in &report.unused {
            writeln!(out, "  {}", escaped(&of_rule(rule)))?;
        }
    }
    if let Some(sum) = silencing_sum(report) {
        writeln!(out, "{sum}")?;
    }
    for other in other_keys(report) {
        writeln!(out, "{}", escaped(&other))?;
    }
    for note in other_archs(report) {
        writeln!(out, "{note}")?;
    }
    Ok(())
}

/// Returns a note about events that are in the log twice, if there are many.
pub(super) fn repeated(report: &ReplayReport<'_>) -> Option<String> {
    // A few records come after the end of their event.
    (report.log.repeated.saturating_mul(100) > report.log.events).then(|| {
        let repeated = grouped(report.log.repeated);
        let about = if report.log.events > EXACT { "About " } else { "" };
        format!(
            "{about}{repeated} of the events are in the log twice, and are counted twice: it has copies of its files."
        )
    })
}

/// Returns a sentence about each key that no rule has, if there are rules.
pub(super) fn other_keys(report: &ReplayReport<'_>) -> impl Iterator<Item = String> {
    let others = report.other_keys.iter().take(MOST).filter(|_| report.rule_count > 0);
    others.map(|other| {
        let events = counted(other.events, "event");
        format!(
            "Key {} ({events}) is in no rule: the log is older than the rules, or other rules made it.",
            other.key
        )
    })
}

/// Returns a sentence about each machine that rules are not for, if there are rules.
pub(super) fn other_archs(report: &ReplayReport<'_>) -> impl Iterator<Item = String> {
    let has_rules = report.rule_count > 0 || report.against.is_some();
    let others = report.other_archs.iter().filter(move |_| has_rules);
    let own = report.arch.common_name();
    others.map(move |other| {
        let OtherArch { arch, elf, events } = other;
        let calls = counted(*events, "call");
        let verb = if *events == 1 { "is" } else { "are" };
        match arch {
            Some(arch) => format!(
                "{calls} {verb} of {arch}, and the rules are compiled for {own}: --arch {arch} compiles them for the machine of the log."
            ),
            None => format!("{calls} {verb} of an unknown arch ({elf}), and the rules are compiled for {own}."),
        }
    })
}
