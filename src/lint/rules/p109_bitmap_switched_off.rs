//! P109 bitmap-switched-off
//!
//! A rule on the list `task` or `io_uring` beside rules on the exit list.
//!
//! ## Why it matters
//! A kernel with the syscall bitmap uses it only while every rule that it counts is on the exit list. One rule
//! on another list, and every syscall of every audited process is armed, as on a kernel without the bitmap.
//! Rules on `user`, `exclude` and `filesystem` are not counted and do no harm. On a kernel without the bitmap
//! there is nothing to lose.
//!
//! ## Instead of
//! ```text
//! -a never,task -F uid=33
//! -a always,exit -F arch=b64 -S execve -F key=exec
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -S execve -F uid!=33 -F key=exec
//! ```
//! ## Source
//! `__audit_syscall_entry` of the bitmap patch compares `audit_n_syscall_rules` with `audit_n_rules`;
//! docs/how-arming-works.md.

use crate::diag::Level;
use crate::lint::compiled::Compiled;
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};
use crate::lint::sweeping::{Sweep, sweeping};
use crate::rule::FilterList;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P109",
    name: "bitmap-switched-off",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("p109_bitmap_switched_off.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    let arming = compiled.arming();
    // Without a rule on the exit list the bitmap has nothing to say.
    if arming.counters.n_syscall_rules() == 0 {
        return;
    }
    for (line, _, sweep) in sweeping(compiled) {
        let Sweep::List(list) = sweep else { continue };
        let message = format!(
            "while this {} rule is loaded, a kernel with the bitmap does not use it",
            list.name()
        );
        let finding = Finding::new(&LINT, line.whole(), message).label("not on the exit list");
        findings.push(finding.help(help(compiled, list)));
    }
}

fn help(compiled: &Compiled<'_, '_>, list: FilterList) -> String {
    let arch = compiled.arch.common_name();
    let all = compiled.profile.nr_syscalls();
    let armed = compiled.arming().counters.armed().count();
    if armed == all as usize {
        return format!(
            "on {arch} the rules of the exit list arm all {all} syscalls as well: begin with these"
        );
    }
    let instead = match list {
        FilterList::Task => "; say what is not wanted in these rules instead",
        _ => "",
    };
    format!(
        "on {arch} the rules of the exit list alone would arm {armed} of {all} syscalls{instead}"
    )
}
