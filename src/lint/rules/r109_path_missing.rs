//! R109 path-missing
//!
//! A path that does not exist on this host. It is looked for with `--host` only.
//!
//! ## Why it matters
//! The kernel refuses a tree that does not exist, and a file or a program whose directory does not: "No such
//! file or directory". auditctl stops there, and all the rules behind are missing. Where only the file
//! itself does not exist the rule is taken, and costs what it always costs, but matches nothing until such
//! a file appears.
//!
//! ## Instead of
//! ```text
//! -a always,exit -F arch=b64 -F dir=/opt/no-such-product -F perm=wa -F key=product
//! ```
//! ## Write
//! The rule in a file that is installed where the product is, or a `-c` in front of all rules, so that the
//! others are loaded all the same.
//! ## Source
//! `audit_add_watch` (kernel/audit_watch.c) and `audit_alloc_mark` (kernel/audit_fsnotify.c) look up the
//! directory, `audit_add_tree_rule` (kernel/audit_tree.c) the whole path. Hosts with parts of a set only:
//! <https://github.com/gardenlinux/gardenlinux/issues/1798>.

use crate::diag::Level;
use crate::host::Host;
use crate::lint::compiled::Compiled;
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::paths::{RulePath, Use, parent, paths, trimmed};
use crate::lint::registry::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R109",
    name: "path-missing",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r109_path_missing.rs"),
};

fn check(compiled: &Compiled<'_, '_>, settings: &Settings<'_>, findings: &mut Vec<Finding>) {
    let Some(system) = settings.system else { return };
    findings.extend(paths(compiled).filter_map(|one| finding(system, &one)));
}

fn finding(system: &dyn Host, one: &RulePath<'_, '_>) -> Option<Finding> {
    let path = trimmed(one.path);
    let directory = match one.is {
        Use::Tree => path,
        Use::File | Use::Program => parent(path),
    };
    if system.is_missing(directory) {
        let directory = String::from_utf8_lossy(directory);
        let message = format!("the kernel refuses this rule here, for there is no `{directory}`");
        let help = match one.line.checked.forgiven {
            true => "the rule is not loaded; the others are, for errors are passed over",
            false => "auditctl stops at this line, and loads none of the rules behind it",
        };
        return Some(Finding::new(&LINT, one.place, message).label("ENOENT").help(help));
    }
    system.is_missing(path).then(|| {
        let message = format!("there is no `{}` here", String::from_utf8_lossy(path));
        Finding::new(&LINT, one.place, message)
            .help("the rule is loaded, and matches nothing until there is one")
    })
}
