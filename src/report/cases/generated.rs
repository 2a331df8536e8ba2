//! Generated cases as a TOML file.

use std::fmt::{self, Write};

use crate::analysis::{Arming, Origin};
use crate::cases::NoCase;
use crate::catalog::Arch;
use crate::diag::{escaped, is_unprintable};
use crate::eval::{Decision, Event, Notation, Verdict};
use crate::report::argument::NoNames;
use crate::report::listing::{Listing, Style};
use crate::rule::{FilterList, Rule};

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

/// A rule that no generated event is for.
pub struct Uncased {
    /// The rule.
    pub rule: Origin,
    /// Why.
    pub why: String,
}

impl Uncased {
    /// Returns the rule with the reason.
    pub fn new(arming: &Arming, rule: &Rule, origin: &Origin, why: NoCase) -> Self {
        let why = match why {
            NoCase::Syscalls if rule.list == FilterList::IoUring => {
                "its mask has no known operation".to_owned()
            }
            NoCase::Syscalls => format!("its mask has no syscall of {}", arming.arch.common_name()),
            NoCase::Files => "none of its syscalls names a file".to_owned(),
            NoCase::Condition(index) => {
                let machine = Some(arming.arch);
                let style = Style { interpret: false, machine, keep_arch: false, names: &NoNames };
                let condition = rule.fields.get(index).map(|one| Listing::condition(style, one));
                let condition = condition.unwrap_or_default();
                format!("no event is made for {}", String::from_utf8_lossy(&condition))
            }
            NoCase::Unmatched => "no event that was tried matches it".to_owned(),
            NoCase::Open => "which rule decides the events that were tried is not known".to_owned(),
            NoCase::Rule(serial) => match arming.origin_of(serial) {
                Some(other) => format!("{other} decides the events that were tried"),
                None => "another rule decides the events that were tried".to_owned(),
            },
        };
        Uncased { rule: origin.clone(), why }
    }
}

impl fmt::Display for Uncased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("no case for {}: {}", self.rule, self.why);
        f.write_str(&escaped(&text))
    }
}

/// Writes cases with the decisions of today, and the rules without a case in comments. `rules` are the patterns of the
/// rules files, relative to the new file.
///
/// # Errors
/// Those of `out`.
pub fn write_generated(
    out: &mut impl Write,
    rules: &[String],
    machine: Arch,
    cases: &[GeneratedCase],
    uncased: &[Uncased],
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
    if !uncased.is_empty() {
        writeln!(out)?;
    }
    uncased.iter().try_for_each(|rule| writeln!(out, "# {rule}"))
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
            c if is_unprintable(c) => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
