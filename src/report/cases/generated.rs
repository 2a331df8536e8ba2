//! Generated cases as a TOML file.

use std::fmt::{self, Write};

use crate::analysis::Origin;
use crate::catalog::Arch;
use crate::eval::{Decision, Event, Notation, Verdict};

/// A generated event with its decision.
pub struct GeneratedCase {
    /// The rule that the event was made for.
    pub rule: Origin,
    /// The event.
    pub event: Event,
    /// The decision.
    pub decision: Decision,
    /// The rule that decides.
    pub by: Option<Origin>,
}

/// Writes cases with the decisions of today. `rules` are the patterns of the rules files, relative to the new file.
///
/// # Errors
/// Those of `out`.
pub fn write_generated(
    out: &mut impl Write,
    rules: &[String],
    machine: Arch,
    cases: &[GeneratedCase],
) -> fmt::Result {
    let rules: Vec<String> = rules.iter().map(|rule| quoted(rule)).collect();
    writeln!(out, "rules = [{}]", rules.join(", "))?;
    writeln!(out, "arch = {}", quoted(machine.common_name()))?;
    for case in cases {
        let notation = Notation::new(&case.event, machine).to_string();
        writeln!(out, "\n[[case]]")?;
        writeln!(out, "name = {}", quoted(&format!("for {}", case.rule)))?;
        writeln!(out, "event = {}", quoted(&notation))?;
        writeln!(out, "expect = {}", expectation(case))?;
    }
    Ok(())
}

/// Returns the expectation that holds today.
pub(crate) fn expectation_of(decision: &Decision, by: Option<&Origin>) -> String {
    let place = by.map(|by| quoted(&by.to_string()));
    let key = decision.keys.first().map(|key| quoted(&String::from_utf8_lossy(key)));
    match (decision.verdict, key, place) {
        (Verdict::Recorded, Some(key), _) => format!("{{ key = {key} }}"),
        (Verdict::Recorded, None, Some(place)) => format!("{{ rule = {place} }}"),
        (Verdict::Recorded, None, None) => "\"recorded\"".to_owned(),
        (_, _, Some(place)) => format!("{{ silenced_by = {place} }}"),
        (_, _, None) => "\"silent\"".to_owned(),
    }
}

fn expectation(case: &GeneratedCase) -> String {
    expectation_of(&case.decision, case.by.as_ref())
}

/// Returns a basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
