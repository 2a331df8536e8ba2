//! E075 `deleted-rule-missing`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "E075",
    name: "deleted-rule-missing",
    level: Level::Error,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("e075_deleted_rule_missing.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for line in facts.compiled.deleting_nothing() {
        let message = "no line after `-D` adds the rule that this line deletes";
        findings.push(
            Finding::new(&LINT, line.whole(), message)
                .label(line.checked.consequence_of_refusal())
                .help("delete the line, or write the rule as an earlier line adds it, with its key and its conditions in their order"),
        );
    }
}
