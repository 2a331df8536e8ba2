//! P105 mergeable-rules
//!
//! Rules that differ in nothing but their syscalls, and so could be one.
//!
//! ## Why it matters
//! A rule has room for every syscall, and testing one rule for twenty syscalls takes as long as testing it for
//! one. Each further rule is tested at the end of every armed syscall, whether it names it or not: some 20
//! instructions each time. The records are the same.
//!
//! ## Instead of
//! ```text
//! -a always,exit -F arch=b64 -S chmod -F auid>=1000 -F key=perm_mod
//! -a always,exit -F arch=b64 -S fchmod -F auid>=1000 -F key=perm_mod
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000 -F key=perm_mod
//! ```
//! ## Fix
//! Puts the syscalls into the first of the rules and takes the other lines out. The same syscalls are tested for
//! the same conditions. It is made within one file, for rules written alike, where no comment stands above a
//! line that would go and no rule is deleted one by one. Rules are not found to be mergeable where one in
//! between could match the same call with another action or key, for the first rule that matches wins.
//! ## Source
//! auditctl(8), under PERFORMANCE TIPS; `audit_filter_syscall`, kernel/auditsc.c; the figure is measured, see
//! docs/cost.md. osquery does it for its own rules: <https://github.com/osquery/osquery/pull/7063>.

use crate::diag::Level;
use crate::lint::compiled::Compiled;
use crate::lint::engine::Settings;
use crate::lint::finding::{Change, Finding};
use crate::lint::merging::{Merger, Merging};
use crate::lint::registry::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P105",
    name: "mergeable-rules",
    level: Level::Info,
    fix: Some(Change::Regrouped),
    check: Check::Rules(check),
    page: include_str!("p105_mergeable_rules.rs"),
};

fn check(compiled: &Compiled<'_, '_>, settings: &Settings<'_>, findings: &mut Vec<Finding>) {
    let merger = Merger::new(compiled, settings);
    for rules in compiled.mergeable() {
        let mut lines = rules.lines.iter().filter_map(|at| compiled.lines.get(*at));
        let Some(first) = lines.next() else { continue };
        let message = "this rule and others differ in nothing but their syscalls";
        let mut finding = Finding::new(&LINT, first.whole(), message)
            .label(format!("{} rules that could be one", rules.lines.len()))
            .help("put their syscalls into one `-S`, separated by commas");
        for other in lines {
            finding = finding.related(other.whole(), "could be part of it");
        }
        if let Merging::Edits(edits) = merger.merging(rules) {
            finding = finding.fix("merge the rules", edits);
        }
        findings.push(finding);
    }
}
