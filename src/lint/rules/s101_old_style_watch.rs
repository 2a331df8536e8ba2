//! S101 old-style-watch
//!
//! Watches, `-w`: the old way to write rules for files. Said once for a set.
//!
//! ## Why it matters
//! A watch takes permissions and a key and nothing else, decides by what it finds at the time of loading
//! whether it is for a file or a directory, and is for all syscalls. Written as a syscall rule the same thing
//! says what it is for, and can be narrowed. What a watch costs is told by P101, which can also rewrite it.
//!
//! ## Instead of
//! ```text
//! -w /etc/passwd -p wa -k identity
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -F key=identity
//! -a always,exit -F arch=b32 -F path=/etc/passwd -F perm=wa -F key=identity
//! ```
//! ## Source
//! auditctl(8) on `-w`: for backwards compatibility, the syscall form says more; auditctl 4.2.2 warns of every
//! watch (auditctl.c).

use crate::diag::Level;
use crate::lint::engine::Settings;
use crate::lint::finding::{Finding, Place};
use crate::lint::registry::{Check, Lint};
use crate::lint::rewrite::item_span;
use crate::lint::set::RuleSet;
use crate::syntax::{Command, Directive, Item};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "S101",
    name: "old-style-watch",
    level: Level::Info,
    fix: None,
    check: Check::Text(check),
    page: include_str!("s101_old_style_watch.rs"),
};

fn check(set: &RuleSet<'_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    let mut watches =
        set.loaded().filter_map(|(_, line, command)| Some((line.file, watch(command)?)));
    let Some((file, first)) = watches.next() else { return };
    let Some(span) = item_span(first) else { return };
    let count = 1 + watches.count();
    let message = match count {
        1 => "this rule is written as a watch, the old way".to_owned(),
        _ => format!("{count} rules are written as watches, the old way"),
    };
    let finding = Finding::new(&LINT, Place { file, span }, message);
    let finding = if count > 1 { finding.label("the first of them") } else { finding };
    findings.push(finding.help(
        "write them as syscall rules; the fix of P101 does where it is known what the path is",
    ));
}

fn watch<'c, 's>(command: &'c Command<'s>) -> Option<&'c Item<'s>> {
    command.options.iter().find(|item| matches!(item.directive, Directive::Watch(_)))
}
