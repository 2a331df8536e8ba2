//! R112 `failure-mode-not-set`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rule::Action;
use crate::syntax::{Directive, SettingName};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R112",
    name: "failure-mode-not-set",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r112_failure_mode_not_set.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    let mut options = compiled.lines.iter().flat_map(|line| &line.command().options);
    let is_set =
        options.any(|item| matches!(item.directive, Directive::Set(SettingName::Failure, _)));
    // `never` rules make no records.
    let records = facts.rules().iter().any(|loaded| loaded.rule.action == Action::Always);
    if let Some(first) = compiled.lines.first()
        && compiled.set.is_complete()
        && records
        && !is_set
    {
        let message = "the failure mode for records that the kernel cannot deliver is not set";
        findings.push(
            Finding::new(&LINT, first.whole(), message)
                .label("the first line of the set")
                .help("add `-f 1` to log the failure, or `-f 2` to stop the machine"),
        );
    }
}
