//! R111 `stops-at-first-error`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rewrite::written::adds_rule;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R111",
    name: "stops-at-first-error",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r111_stops_at_first_error.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    if !compiled.set.is_complete() {
        return;
    }
    let mut rules = compiled.lines.iter().filter(|line| adds_rule(line.command()));
    // After a single rule there is nothing left to load.
    if let (Some(first), Some(_)) = (rules.next(), rules.next())
        && !first.checked.forgiven
    {
        let message = "auditctl stops at the first refused line of these rules";
        findings.push(Finding::new(&LINT, first.whole(), message).label("the first rule").help(
            "add a line `-c` before the rules if auditctl loads them: it then loads the others and exits with 1; if \
             `rauditctl -R` loads them, all or none, add no `-c`, and ignore R111",
        ));
    }
}
