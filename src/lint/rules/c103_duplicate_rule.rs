//! C103 `duplicate-rule`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rewrite::{Change, Edit};
use crate::ruleset::CompiledLine;
use crate::syntax::Directive;

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
        let consequence = match again.line.checked.forgiven {
            true => "refused, but the load continues",
            false => "`auditctl -R` stops here",
        };
        let message = "the kernel already has an equal rule and refuses this one";
        let finding = Finding::new(&LINT, again.line.whole(), message)
            .label(consequence)
            .related(first.line.whole(), "the equal rule");
        findings.push(match ends_in_slash(again.line) && !ends_in_slash(first.line) {
            true => finding,
            false => {
                let place = again.line.with_newline(compiled.set);
                finding.fix("delete the line", vec![Edit { place, text: Vec::new() }])
            }
        });
    }
}

/// Returns whether a line is a watch whose path ends in a slash. In a run that does not look at the machine, only the
/// slash shows that the path is a directory.
fn ends_in_slash(line: &CompiledLine<'_, '_>) -> bool {
    line.command.options.iter().any(|item| match &item.directive {
        Directive::Watch(path) => path.bytes().ends_with(b"/"),
        _ => false,
    })
}
