//! C128 `switched-off`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::effective::Effective;
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C128",
    name: "switched-off",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c128_switched_off.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some(enabled) = Effective::of(facts.compiled).enabled else { return };
    if enabled.value == 0
        && let Some(first) = facts.rules().first()
    {
        let message =
            "`-e 0` is the last word about auditing: no rule of this set records anything";
        findings.push(
            Finding::new(&LINT, enabled.place, message)
                .label("auditing is off")
                .help("end the set with `-e 1` or `-e 2`, or delete the line")
                .related(first.line.whole(), "the first rule"),
        );
    }
}
