//! C106 skipped-rule
//!
//! A rule with the action `possible` behind its list, which auditctl passes over.
//!
//! ## Why it matters
//! auditctl says that the action is deprecated, sends nothing for the line and goes on: it ends with 0, all
//! other rules are loaded, and this one is simply not there. Written the other way round, `possible,exit`,
//! the same word is an error, and the load stops at it.
//!
//! ## Instead of
//! ```text
//! -a exit,possible -F arch=b64 -S execve -F key=exec
//! ```
//! ## Write
//! ```text
//! -a exit,always -F arch=b64 -S execve -F key=exec
//! ```
//! ## Source
//! `audit_rule_setup` of auditctl 4.2.2 (auditctl.c) tells a deprecated action from an unknown one only in
//! the word behind the list; the kernel refuses the action (`audit_to_entry_common`, kernel/auditfilter.c).

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
