//! C114 key-missing
//!
//! A rule that records and has no key.
//!
//! ## Why it matters
//! The key is written into every record of the rule, and is what `ausearch -k` and reports find it by. Without one
//! the record says `key=(null)`, and nobody knows which rule it is from.
//!
//! ## Instead of
//! ```text
//! -w /etc/passwd -p wa
//! ```
//! ## Write
//! ```text
//! -w /etc/passwd -p wa -k identity
//! ```
//! ## Source
//! `audit_log_key`, kernel/audit.c; auditctl(8) and ausearch(8), `-k`.

use crate::diag::Level;
use crate::lint::compiled::Compiled;
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};
use crate::rule::{Action, FilterList};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C114",
    name: "key-missing",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c114_key_missing.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    for rule in compiled.rules() {
        let writes_key = matches!(rule.held.list, FilterList::Exit | FilterList::IoUring);
        if writes_key && rule.held.action == Action::Always && rule.held.keys().next().is_none() {
            findings.push(
                Finding::new(&LINT, rule.line.whole(), "this rule records without a key")
                    .label("`ausearch -k` cannot find what it records")
                    .help("add `-k` and a word of your own"),
            );
        }
    }
}
