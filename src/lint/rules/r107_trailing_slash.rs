//! R107 trailing-slash
//!
//! A tree that is named with a slash at its end, `dir=/etc/`, where another rule names it without.
//!
//! ## Why it matters
//! The kernel compares the names of trees letter by letter. Two rules that are the same but for the slash
//! are two rules to it: it does not refuse the second one, tests both at the end of a syscall, and deletes
//! neither when it is asked to delete the other. auditctl cuts the slash in `-w` and `-W`, but not in
//! `-F dir=`, so that `-W /etc/` does not find `dir=/etc/`. (`path=` and `exe=` with a slash at their end
//! are refused.)
//!
//! ## Instead of
//! ```text
//! -a always,exit -F arch=b64 -F dir=/etc/audit/ -F perm=wa -F key=config
//! -a always,exit -F arch=b32 -F dir=/etc/audit -F perm=wa -F key=config
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -F dir=/etc/audit -F perm=wa -F key=config
//! -a always,exit -F arch=b32 -F dir=/etc/audit -F perm=wa -F key=config
//! ```
//! ## Source
//! `audit_compare_rule` (kernel/auditfilter.c) and `audit_add_tree_rule` (kernel/audit_tree.c) compare with
//! `strcmp`; auditctl 3.0.9 and 4.2.2 as run.

use std::collections::HashMap;

use crate::diag::Level;
use crate::lint::compiled::Compiled;
use crate::lint::engine::Settings;
use crate::lint::finding::{Finding, Place};
use crate::lint::paths::{Use, paths, trimmed};
use crate::lint::registry::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R107",
    name: "trailing-slash",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r107_trailing_slash.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    let trees = || paths(compiled).filter(|one| one.is == Use::Tree);
    let mut without: HashMap<&[u8], Place> = HashMap::new();
    for tree in trees().filter(|tree| tree.path == trimmed(tree.path)) {
        without.entry(tree.path).or_insert(tree.place);
    }
    for tree in trees().filter(|tree| tree.path != trimmed(tree.path)) {
        if let Some(other) = without.get(trimmed(tree.path)) {
            let message =
                "to the kernel this is another tree than the one without a slash at its end";
            findings.push(
                Finding::new(&LINT, tree.place, message)
                    .help("write it one way in all rules")
                    .related(*other, "without a slash"),
            );
        }
    }
}
