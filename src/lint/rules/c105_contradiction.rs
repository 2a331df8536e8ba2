//! C105 `contradiction`. Its page is the Markdown file of the same name.

use crate::catalog::{field, field_name};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::placed;
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
        let Some(conditions) = facts.conditions(rule) else { continue };
        if let Some(number) = conditions.contradiction() {
            findings.push(finding(rule, number));
        } else if conditions.contradicts_result() {
            findings.push(result_finding(rule));
        }
    }
}

fn finding(rule: &LoadedRule<'_, '_>, number: u32) -> Finding {
    let name = field_name(number).unwrap_or("the field");
    let fields = placed(rule.rule, rule.line).filter(|(field, _)| field.number() == number);
    let mut places: Vec<_> = fields.map(|(_, place)| place).collect();
    let place = places.pop().unwrap_or_else(|| rule.line.whole());
    if places.is_empty() {
        let help = match number {
            field::EXIT => {
                "write `success=0` for all errors: the kernel compares `exit` without a sign"
            }
            _ => "check the value: numbers are unsigned, from 0 to 4294967295",
        };
        return Finding::new(&LINT, place, format!("this condition on `{name}` never holds"))
            .label("the rule never matches")
            .help(help);
    }
    let message = format!("these conditions on `{name}` cannot all hold");
    let mut finding = Finding::new(&LINT, place, message).label("the rule never matches");
    finding = finding.help(match number {
        field::MSGTYPE => "write one rule for each type: a record has exactly one",
        _ => "remove one of them, or write a rule for each: a rule matches only if all of its conditions hold",
    });
    for other in places {
        finding = finding.related(other, "the other condition");
    }
    finding
}

/// Returns the finding for `success` against `exit`.
fn result_finding(rule: &LoadedRule<'_, '_>) -> Finding {
    let place = |number| {
        let mut fields = placed(rule.rule, rule.line);
        let found = fields.find(|(field, _)| field.number() == number).map(|(_, place)| place);
        found.unwrap_or_else(|| rule.line.whole())
    };
    let message = "these conditions on `exit` and `success` cannot both hold";
    Finding::new(&LINT, place(field::EXIT), message)
        .label("the rule never matches")
        .help("write one of the two: a syscall fails exactly if its result is an error")
        .related(place(field::SUCCESS), "the other condition")
}
