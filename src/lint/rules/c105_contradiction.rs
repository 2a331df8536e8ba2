//! C105 contradiction
//!
//! Conditions of one rule that cannot all hold, so that it never matches.
//!
//! ## Why it matters
//! All conditions of a rule must hold at once. A rule with `auid=0` and `auid>=1000`, or with two message types,
//! is loaded without a word and never records or excludes anything. Numbers are compared as 32 bits without
//! a sign, whatever the field: nothing is less than 0, and `exit=-EPERM` is greater than any success.
//!
//! ## Instead of
//! ```text
//! -a always,exclude -F msgtype=CWD -F msgtype=EOE
//! ```
//! ## Write
//! ```text
//! -a always,exclude -F msgtype=CWD
//! -a always,exclude -F msgtype=EOE
//! ```
//! ## Source
//! `audit_filter_rules` (kernel/auditsc.c), `audit_filter` and `audit_comparator` (kernel/auditfilter.c),
//! Linux 6.1. <https://github.com/Neo23x0/auditd/issues/125> <https://github.com/izysec/linux-audit/issues/1>

use crate::catalog::{field, field_name};
use crate::diag::Level;
use crate::lint::compiled::{Compiled, LoadedRule};
use crate::lint::conditions::Conditions;
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C105",
    name: "contradiction",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c105_contradiction.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    for rule in compiled.rules() {
        if let Some(number) = Conditions::of(rule.held).contradiction() {
            findings.push(finding(&rule, number));
        }
    }
}

fn finding(rule: &LoadedRule<'_, '_>, number: u32) -> Finding {
    let name = field_name(number).unwrap_or("the field");
    let spans = rule.rule.fields.iter().zip(&rule.line.checked.program.field_spans);
    let spans = spans.filter(|(field, _)| field.number() == number).map(|(_, span)| *span);
    let mut places: Vec<_> = spans.map(|span| rule.line.place(span)).collect();
    let place = places.pop().unwrap_or_else(|| rule.line.whole());
    if places.is_empty() {
        return Finding::new(&LINT, place, format!("this condition on `{name}` never holds"))
            .label("the rule never matches")
            .help("numbers are compared without a sign: nothing is less than 0, or more than 4294967295");
    }
    let message = format!("these conditions on `{name}` cannot all hold");
    let mut finding = Finding::new(&LINT, place, message).label("the rule never matches");
    if number == field::MSGTYPE {
        finding = finding.help("a record has one type: write one rule for each");
    }
    for other in places {
        finding = finding.related(other, "the other condition");
    }
    finding
}
