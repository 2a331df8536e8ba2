//! R106 odd-watch-path
//!
//! `..`, `*` or `?` in the path of a watch.
//!
//! ## Why it matters
//! The kernel takes a path as it stands. A wildcard is a letter like any other, so that the watch is for
//! a file of that very name, and `..` is resolved once, when the rule is loaded.
//!
//! ## Instead of
//!     -w /etc/*.conf -p wa -k config
//! ## Write
//!     -a always,exit -F arch=b64 -F dir=/etc -F perm=wa -F key=config
//!     -a always,exit -F arch=b32 -F dir=/etc -F perm=wa -F key=config
//! ## Source
//! auditctl 4.2.2 warns of it (`check_path`, auditctl.c); `audit_to_watch`, kernel/audit_watch.c.

use crate::diag::{Code, Level};
use crate::lint::registry::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R106",
    name: "odd-watch-path",
    level: Level::Warning,
    fix: None,
    check: Check::Compiler(Code::OddWatchPath),
    page: include_str!("r106_odd_watch_path.rs"),
};
