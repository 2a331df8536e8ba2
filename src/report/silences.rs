//! What the rules that silence really silence: `rauditctl explain --never`.

use std::fmt::{self, Write};

use serde::Serialize;

use super::argument::NoNames;
use super::listing::{Listing, Style};
use super::place::Place;
use crate::analysis::Arming;
use crate::diag::escaped;
use crate::eval::Notation;
use crate::relate::silences::{Silence, Taken};

/// Maximum number of rules that the text names for one rule.
const MOST: usize = 5;

/// Writes what each rule silences, with an example for each rule that it takes events from.
///
/// # Errors
/// Those of `out`.
pub fn write_silences(out: &mut impl Write, arming: &Arming, silences: &[Silence]) -> fmt::Result {
    if silences.is_empty() {
        return writeln!(out, "No rule silences anything.");
    }
    for silence in silences {
        writeln!(out, "{}  {}", place(arming, silence.rule), escaped(&text(arming, silence.rule)))?;
        write_taken(out, arming, &silence.takes, "takes from")?;
        write_taken(out, arming, &silence.too_late, "too late for")?;
        if silence.is_idle() {
            writeln!(out, "    has no effect: without it, the same is recorded")?;
        } else if silence.takes.is_empty() {
            writeln!(out, "    undecided: it is not known whether it has an effect")?;
        }
    }
    Ok(())
}

fn write_taken(out: &mut impl Write, arming: &Arming, all: &[Taken], verb: &str) -> fmt::Result {
    for taken in all.iter().take(MOST) {
        let event = witness(arming, taken);
        let event = escaped(&event);
        match taken.from {
            Some(rule) => writeln!(out, "    {verb} {}: {event}", place(arming, rule))?,
            None => writeln!(out, "    drops what no rule has to ask for: {event}")?,
        }
    }
    match all.len().checked_sub(MOST) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(out, "    {verb} {more} more rules (--format json lists them)"),
    }
}

fn place(arming: &Arming, serial: usize) -> String {
    arming.origin_of(serial).map_or_else(|| "a rule".to_owned(), ToString::to_string)
}

fn witness(arming: &Arming, taken: &Taken) -> String {
    Notation::new(&taken.evidence.event, arming.arch).to_string()
}

/// Returns the rule as auditctl lists it.
fn text(arming: &Arming, serial: usize) -> String {
    let machine = Some(arming.arch);
    let style = Style { interpret: false, machine, keep_arch: false, names: &NoNames };
    let mut entries = arming.kernel().entries();
    let rule = entries.find(|entry| entry.serial() == serial).map(|entry| entry.rule());
    let listed = Listing::of(style, rule);
    String::from_utf8_lossy(listed.trim_ascii_end()).into_owned()
}

/// The same for programs, as `docs/schema/never.schema.json` describes it.
#[derive(Serialize)]
pub struct SilencesReport<'a> {
    version: u32,
    rules: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    rule: Option<Place<'a>>,
    text: String,
    effect: &'static str,
    takes: Vec<TakenView<'a>>,
    too_late: Vec<TakenView<'a>>,
    is_complete: bool,
}

#[derive(Serialize)]
struct TakenView<'a> {
    from: Option<Place<'a>>,
    witness: String,
}

impl<'a> SilencesReport<'a> {
    /// Returns the report.
    pub fn new(arming: &'a Arming, silences: &'a [Silence]) -> Self {
        let view = |taken: &Taken| TakenView {
            from: taken.from.and_then(|rule| arming.origin_of(rule)).map(Place::from),
            witness: witness(arming, taken),
        };
        let row = |silence: &Silence| Row {
            rule: arming.origin_of(silence.rule).map(Place::from),
            text: text(arming, silence.rule),
            effect: match silence.takes.is_empty() {
                false => "silences",
                true if silence.is_open => "undecided",
                true => "none",
            },
            takes: silence.takes.iter().map(view).collect(),
            too_late: silence.too_late.iter().map(view).collect(),
            is_complete: !silence.is_open,
        };
        SilencesReport { version: 1, rules: silences.iter().map(row).collect() }
    }
}
