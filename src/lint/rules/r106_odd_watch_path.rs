//! R106 odd-watch-path
//!
//! `..`, `*` or `?` in a path: of a watch, or of `path=`, `dir=` or `exe=`.
//!
//! ## Why it matters
//! The kernel takes a path as it stands. A wildcard is a letter like any other, so that the rule is for
//! a file of that very name, and never for those that a shell would find. `..` is resolved once, when the
//! rule is loaded; what is told of the rule in listings and records is the way, not where it leads.
//!
//! ## Instead of
//! ```text
//! -w /etc/*.conf -p wa -k config
//! -a always,exit -F arch=b64 -S execve -F exe=/opt/*/bin/tool -F key=tool
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -F dir=/etc -F perm=wa -F key=config
//! -a always,exit -F arch=b32 -F dir=/etc -F perm=wa -F key=config
//! -a always,exit -F arch=b64 -S execve -F exe=/opt/one/bin/tool -F key=tool
//! ```
//! ## Source
//! auditctl 4.2.2 warns of it in watches (`check_path`, auditctl.c); `audit_to_watch` (kernel/audit_watch.c),
//! `audit_make_tree` (kernel/audit_tree.c) and `audit_alloc_mark` (kernel/audit_fsnotify.c) keep the path as
//! it is.

use crate::diag::Level;
use crate::lint::compiled::Compiled;
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::paths::paths;
use crate::lint::registry::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R106",
    name: "odd-watch-path",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r106_odd_watch_path.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    for one in paths(compiled) {
        if one.path.iter().any(|byte| matches!(byte, b'*' | b'?')) {
            let message =
                "no path is matched by a wildcard: the kernel looks for a file of this name";
            findings.push(
                Finding::new(&LINT, one.place, message)
                    .label("taken as it stands")
                    .help("name each file in a rule of its own, or the directory with `dir=`"),
            );
        } else if one.path.split(|byte| *byte == b'/').any(|name| name == b"..") {
            let message = "`..` is resolved once, when the rule is loaded";
            findings.push(
                Finding::new(&LINT, one.place, message).help("write the path that it leads to"),
            );
        }
    }
}
