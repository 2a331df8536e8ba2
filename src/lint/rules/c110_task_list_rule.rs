//! C110 task-list-rule
//!
//! A rule on the list `task`, which decides about processes for good when they are started.
//!
//! ## Why it matters
//! `never,task` takes syscall auditing away from a process at its start, and nothing gives it back: no rule ever
//! sees one of its syscalls, nor do those rules that are loaded later. Without conditions that is every process
//! started from then on, so that the rest of the set is for nothing. `always,task` records every syscall of the
//! process, whatever the other rules say.
//!
//! A never rule on the exit list does what is mostly meant. Where auditing is to be off altogether, as in
//! 10-no-audit.rules of audit-userspace, allow this finding.
//!
//! ## Instead of
//! ```text
//! -a never,task -F uid=33
//! ```
//! ## Write
//! ```text
//! -a never,exit -F uid=33
//! ```
//! ## Source
//! `audit_alloc`, `audit_filter_task` and `audit_alloc_context` (kernel/auditsc.c, Linux 6.1).
//! <https://github.com/linux-audit/audit-documentation/issues/26> <https://github.com/dogtagpki/pki/issues/5117>

use crate::diag::Level;
use crate::lint::compiled::Compiled;
use crate::lint::conditions::sorted_without;
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};
use crate::rule::{Action, FilterList};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C110",
    name: "task-list-rule",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c110_task_list_rule.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    for rule in compiled.rules().filter(|rule| rule.held.list == FilterList::Task) {
        let is_for_all = sorted_without(rule.held, &[]).is_empty();
        let message = match (rule.held.action, is_for_all) {
            (Action::Never, true) => {
                "no syscall of any process that is started from now on is ever audited"
            }
            (Action::Never, false) => {
                "no syscall of a process that matches at its start is ever audited"
            }
            (_, true) => "every syscall of every process that is started from now on is recorded",
            (_, false) => "every syscall of a process that matches at its start is recorded",
        };
        findings.push(
            Finding::new(&LINT, rule.line.whole(), message)
                .label("decided for good, when the process is started")
                .help("write the rule for the exit list, with syscalls"),
        );
    }
}
