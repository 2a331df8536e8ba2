//! P105 `mergeable-rules`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rewrite::{Change, Merger, Merging};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P105",
    name: "mergeable-rules",
    level: Level::Info,
    fix: Some(Change::Regrouped),
    check: Check::Rules(check),
    page: include_str!("p105_mergeable_rules.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    let merger = Merger::new(compiled, &scope.arches);
    for rules in facts.mergeable() {
        let mut lines = rules.lines.iter().filter_map(|at| compiled.lines.get(*at));
        let Some(first) = lines.next() else { continue };
        let message = "this rule and others differ only in their syscalls";
        let mut finding = Finding::new(&LINT, first.whole(), message)
            .label(format!("{} rules that could be one rule", rules.lines.len()))
            .help("list their syscalls in one `-S`, separated by commas");
        for other in lines {
            finding = finding.related(other.whole(), "could be part of it");
        }
        if let Merging::Edits(edits) = merger.merging(rules) {
            finding = finding.fix("merge the rules", edits);
        }
        findings.push(finding);
    }
}
