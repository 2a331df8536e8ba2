//! C127 `panic-when-full`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::effective::Effective;
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C127",
    name: "panic-when-full",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c127_panic_when_full.md"),
};

/// The failure mode that halts the machine.
const PANIC: u32 = 2;
/// A smaller backlog is full within a fraction of a second under load.
const SMALL: u32 = 1024;

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let set = facts.compiled;
    let effective = Effective::of(set);
    let Some(failure) = effective.failure.filter(|failure| failure.value == PANIC) else { return };
    let (reason, help, related) = match (effective.rate_limit, effective.backlog_limit) {
        (Some(rate), _) if rate.value > 0 => (
            "the rate limit is exceeded",
            "delete `-r`, or write `-f 1`",
            Some((rate, "the rate limit")),
        ),
        (_, Some(limit)) if limit.value == 0 => (
            "the backlog, which has no limit, has used up the memory",
            "write `-b 8192` or more, or `-f 1`",
            Some((limit, "no limit")),
        ),
        (_, Some(limit)) if limit.value < SMALL => (
            "the backlog is full, and it is small",
            "write `-b 8192` or more, or `-f 1`",
            Some((limit, "the limit")),
        ),
        (_, None) if set.set.is_complete() => (
            "the backlog is full, and without `-b` it holds only 64 records",
            "add `-b 8192` or more, or write `-f 1`",
            None,
        ),
        _ => match effective.wait_time.filter(|wait| wait.value == 0) {
            Some(wait) => (
                "the backlog is full, and no process waits for it",
                "write `--backlog_wait_time 60000`, or `-f 1`",
                Some((wait, "no waiting")),
            ),
            None => return,
        },
    };
    let message = format!("`-f 2` halts the machine when {reason}");
    let finding = Finding::new(&LINT, failure.place, message).label("kernel panic").help(help);
    findings.push(match related {
        Some((setting, label)) => finding.related(setting.place, label),
        None => finding,
    });
}
