//! C106 skipped-rule
//!
//! A rule with the action `possible`, which auditctl passes over.
//!
//! ## Why it matters
//! auditctl says that the action is deprecated, loads nothing for the line, and ends well: the rule is
//! simply not there.
//!
//! ## Instead of
//!     -a possible,exit -F arch=b64 -S execve -F key=exec
//! ## Write
//!     -a always,exit -F arch=b64 -S execve -F key=exec
//! ## Source
//! `audit_rule_setup` of auditctl 4.2.2 (auditctl.c); the kernel has no such action (`audit_to_entry_common`).

use crate::diag::{Code, Level};
use crate::lint::registry::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C106",
    name: "skipped-rule",
    level: Level::Warning,
    fix: None,
    check: Check::Compiler(Code::PossibleDeprecated),
    page: include_str!("c106_skipped_rule.rs"),
};
