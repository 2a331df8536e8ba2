//! C110 `task-list-rule`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::relate::has_only;
use crate::rule::{Action, FilterList};
use crate::ruleset::LoadedRule;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C110",
    name: "task-list-rule",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c110_task_list_rule.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let is_exception = |rule: &&LoadedRule<'_, '_>| {
        matches!(rule.kernel_rule.list, FilterList::Exit | FilterList::IoUring)
            && rule.kernel_rule.action == Action::Never
    };
    let exception = facts.rules().iter().find(is_exception);
    for rule in facts.rules().iter().filter(|rule| rule.kernel_rule.list == FilterList::Task) {
        let is_for_all = has_only(rule.kernel_rule, &[]);
        let message = match (rule.kernel_rule.action, is_for_all) {
            (Action::Never, true) => {
                "this rule stops auditing for every process that starts after it is loaded"
            }
            (Action::Never, false) => {
                "this rule stops auditing for every process that matches when it starts"
            }
            (_, true) => {
                "this rule records every syscall of every process that starts after it is loaded"
            }
            (_, false) => {
                "this rule records every syscall of every process that matches when it starts"
            }
        };
        let finding = Finding::new(&LINT, rule.line.whole(), message)
            .label("decided once, when the process starts")
            .help("write the rule for the exit list, with syscalls");
        findings.push(match exception {
            Some(exception) if rule.kernel_rule.action == Action::Always => {
                finding.related(exception.line.whole(), "has no effect on these processes")
            }
            _ => finding,
        });
    }
}
