//! C108 backlog-not-set
//!
//! A whole set of rules that record, without `-b`: records wait for the daemon in a queue of 64.
//!
//! ## Why it matters
//! When the queue is full, a process that makes a record has to wait, and then the record is lost. 64 is filled by
//! one start of a larger program. It is looked for in whole sets only: a directory of rules files, or a file
//! with `-D`. Where the kernel is started with `audit_backlog_limit=`, allow this finding.
//!
//! ## Instead of
//! ```text
//! -D
//! -w /etc/passwd -p wa -k identity
//! ```
//! ## Write
//! ```text
//! -D
//! -b 8192
//! -w /etc/passwd -p wa -k identity
//! ```
//! ## Source
//! `audit_backlog_limit` and `audit_log_start`, kernel/audit.c, Linux 6.1; auditctl(8), `-b`. Debian's
//! 10-base-config.rules sets 8192.

use crate::diag::Level;
use crate::lint::compiled::Compiled;
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};
use crate::rule::Action;
use crate::syntax::{Command, Directive, SettingName};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C108",
    name: "backlog-not-set",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c108_backlog_not_set.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    let set = compiled.set;
    let sets_backlog = |command: &Command<'_>| {
        let sets = |directive: &Directive<'_>| {
            matches!(directive, Directive::Set(SettingName::BacklogLimit, _))
        };
        command.options.iter().any(|item| sets(&item.directive))
    };
    if !set.is_complete()
        || set.written().any(|(_, _, command)| sets_backlog(command))
        || !compiled.rules().any(|rule| rule.held.action == Action::Always)
    {
        return;
    }
    // Where the set begins: its `-D`, which is loaded first.
    let Some(line) = compiled.lines.first() else { return };
    findings.push(
        Finding::new(&LINT, line.whole(), "the backlog limit is not set, and is 64 by default")
            .label("no `-b` in the set")
            .help("add `-b 8192` or more, so that records are not lost under load"),
    );
}
