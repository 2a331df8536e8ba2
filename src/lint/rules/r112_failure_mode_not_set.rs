//! R112 failure-mode-not-set
//!
//! A complete set of rules without `-f`.
//!
//! ## Why it matters
//! `-f` says what the kernel does when it cannot deliver a record: nothing (0), a line in the kernel log
//! (1), or a panic (2). Without it that is whatever was set before: 1 after boot, another value where
//! something has set it. Loading rules, and `-D`, do not put it back.
//!
//! ## Instead of
//! ```text
//! -D
//! -b 8192
//! -a always,exit -F arch=b64 -S execve -F key=exec
//! ```
//! ## Write
//! ```text
//! -D
//! -b 8192
//! -f 1
//! -a always,exit -F arch=b64 -S execve -F key=exec
//! ```
//! ## Source
//! auditctl(8) on `-f`; `audit_failure` (kernel/audit.c) is AUDIT_FAIL_PRINTK at boot.

use crate::diag::Level;
use crate::lint::compiled::Compiled;
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};
use crate::rule::Action;
use crate::syntax::{Directive, SettingName};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R112",
    name: "failure-mode-not-set",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r112_failure_mode_not_set.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    let mut options = compiled.lines.iter().flat_map(|line| &line.command.options);
    let is_set =
        options.any(|item| matches!(item.directive, Directive::Set(SettingName::Failure, _)));
    // Rules that switch auditing off make no records.
    let records = compiled.rules().any(|loaded| loaded.rule.action == Action::Always);
    if let Some(first) = compiled.lines.first()
        && compiled.set.is_complete()
        && records
        && !is_set
    {
        let message = "nothing says what the kernel does with records that it cannot deliver";
        findings.push(
            Finding::new(&LINT, first.whole(), message)
                .label("the first line of the set")
                .help("add `-f 1` to have it logged, or `-f 2` to stop the machine"),
        );
    }
}
