//! C119 `condition-missing`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::list_and_action;
use crate::lint::scope::Scope;
use crate::relate::has_only;
use crate::rule::FilterList;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C119",
    name: "condition-missing",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c119_condition_missing.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for loaded in facts.rules() {
        let rule = loaded.kernel_rule;
        let example = match rule.list {
            FilterList::User if rule.fields.is_empty() => "`-F uid=1000`",
            FilterList::Exclude if rule.fields.is_empty() => "`-F msgtype=CWD`",
            FilterList::Filesystem if has_only(rule, &[]) => "`-F fstype=tracefs`",
            _ => continue,
        };
        let list = rule.list.name();
        let message = format!("a rule without conditions never matches on the list {list}");
        findings.push(
            Finding::new(&LINT, list_and_action(loaded.line), message)
                .label("matches nothing")
                .help(format!("add a condition, such as {example}, or delete the rule")),
        );
    }
}
