//! C105 `contradiction`. Its page is the Markdown file of the same name.

use crate::catalog::{field, field_name};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::ruleset::LoadedRule;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C105",
    name: "contradiction",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c105_contradiction.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for rule in facts.rules() {
        if let Some(number) =
            facts.conditions(rule).and_then(|conditions| conditions.contradiction())
        {
            findings.push(finding(rule, number));
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
            .help("check the value: numbers are unsigned, from 0 to 4294967295");
    }
    let message = format!("these conditions on `{name}` cannot all hold");
    let mut finding = Finding::new(&LINT, place, message).label("the rule never matches");
    if number == field::MSGTYPE {
        finding = finding.help("write one rule for each type: a record has exactly one");
    }
    for other in places {
        finding = finding.related(other, "the other condition");
    }
    finding
}
