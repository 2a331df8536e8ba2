//! C103 `duplicate-rule`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rewrite::{Change, Edit};
use crate::ruleset::CompiledLine;
use crate::span::Span;
use crate::syntax::{Directive, Text};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C103",
    name: "duplicate-rule",
    level: Level::Error,
    fix: Some(Change::Nothing),
    check: Check::Rules(check),
    page: include_str!("c103_duplicate_rule.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    for (again, first) in compiled.repeated() {
        let message = "the kernel already has an equal rule and refuses this one";
        let finding = Finding::new(&LINT, again.line.whole(), message)
            .label(again.line.checked.consequence_of_refusal())
            .help("delete this line: the earlier one already does what it does")
            .related(first.line.whole(), "the equal rule");
        let deletion = Edit { place: again.line.with_newline(compiled.set), text: Vec::new() };
        findings.push(match (watched(again.line), watched(first.line)) {
            (Some(path), Some(kept)) if ends_in_slash(path) && !ends_in_slash(kept) => {
                let end = kept.span().end;
                let place = first.line.place(Span::new(end, end));
                let slash = Edit { place, text: b"/".to_vec() };
                finding.fix(
                    "add the slash to the equal rule, and delete this line",
                    vec![slash, deletion],
                )
            }
            _ => finding.fix("delete the line", vec![deletion]),
        });
    }
}

/// Returns the path of a watch.
fn watched<'l>(line: &'l CompiledLine<'_, '_>) -> Option<&'l Text<'l>> {
    line.command().options.iter().find_map(|item| match &item.directive {
        Directive::Watch(path) => Some(path),
        _ => None,
    })
}

/// Returns whether a path ends in a slash. In a run that does not look at the machine, only the slash shows that the path
/// is a directory.
fn ends_in_slash(path: &Text<'_>) -> bool {
    path.bytes().ends_with(b"/")
}
