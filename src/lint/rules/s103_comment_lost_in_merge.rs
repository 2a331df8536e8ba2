//! S103 comment-lost-in-merge
//!
//! A comment above a rule that could be merged into another (P105): it would be lost or stand above the wrong
//! rule.
//!
//! ## Why it matters
//! A comment says why a rule is there. When rules are merged by a program, what was said about one of them has
//! no place any more. So these are not merged for you: write one comment for the merged rule and merge by hand,
//! or leave the rules as they are for the sake of the comments.
//!
//! ## Instead of
//! ```text
//! # the mode of a file
//! -a always,exit -F arch=b64 -S chmod -F key=perm_mod
//! # the same by descriptor
//! -a always,exit -F arch=b64 -S fchmod -F key=perm_mod
//! ```
//! ## Write
//! ```text
//! # the mode of a file, by name or descriptor
//! -a always,exit -F arch=b64 -S chmod,fchmod -F key=perm_mod
//! ```
//! ## Source
//! `rauditctl lint` itself: it keeps comments where they are.

use crate::diag::Level;
use crate::lint::compiled::Compiled;
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::merging::{Merger, Merging};
use crate::lint::registry::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "S103",
    name: "comment-lost-in-merge",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("s103_comment_lost_in_merge.rs"),
};

fn check(compiled: &Compiled<'_, '_>, settings: &Settings<'_>, findings: &mut Vec<Finding>) {
    let merger = Merger::new(compiled, settings);
    for rules in compiled.mergeable() {
        let Merging::Commented(place) = merger.merging(rules) else { continue };
        let message = "this comment keeps the rule below from being merged into another";
        let mut finding = Finding::new(&LINT, place, message)
            .label("would be lost")
            .help("write one comment for the merged rule, and merge by hand");
        let first = rules.lines.first().and_then(|at| compiled.lines.get(*at));
        if let Some(first) = first {
            finding = finding.related(first.whole(), "the rule to merge into");
        }
        findings.push(finding);
    }
}
