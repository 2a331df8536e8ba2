//! S103 `comment-lost-in-merge`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rewrite::{Merger, Merging};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "S103",
    name: "comment-lost-in-merge",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("s103_comment_lost_in_merge.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    let merger = Merger::new(compiled, &scope.arches);
    for rules in facts.mergeable() {
        let Merging::Commented(place) = merger.merging(rules) else { continue };
        let message = "this comment prevents merging the rule below into another rule";
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
