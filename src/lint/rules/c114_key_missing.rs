//! C114 `key-missing`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rule::{Action, FilterList};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C114",
    name: "key-missing",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c114_key_missing.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for rule in facts.rules() {
        let writes_key = matches!(rule.kernel_rule.list, FilterList::Exit | FilterList::IoUring);
        if writes_key
            && rule.kernel_rule.action == Action::Always
            && rule.kernel_rule.keys().next().is_none()
        {
            findings.push(
                Finding::new(&LINT, rule.line.whole(), "this rule records without a key")
                    .label("`ausearch -k` cannot find its records")
                    .help("add `-k` and a key"),
            );
        }
    }
}
