//! R111 `stops-at-first-error`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::ruleset::CompiledLine;
use crate::syntax::Directive;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R111",
    name: "stops-at-first-error",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r111_stops_at_first_error.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = &facts.compiled;
    if !compiled.set.is_complete() {
        return;
    }
    let mut rules = compiled.lines.iter().filter(|line| adds_rule(line));
    // A lone rule has none behind it.
    if let (Some(first), Some(_)) = (rules.next(), rules.next())
        && !first.checked.forgiven
    {
        let message = "the first line that is refused ends the loading of these rules";
        findings.push(Finding::new(&LINT, first.whole(), message).label("the first rule").help(
            "put a line `-c` in front of the rules: the others are loaded, and it exits with 1",
        ));
    }
}

/// Whether it is written to add a rule.
fn adds_rule(line: &CompiledLine<'_, '_>) -> bool {
    line.command.options.iter().any(|item| {
        matches!(item.directive, Directive::Append(_) | Directive::Prepend(_) | Directive::Watch(_))
    })
}
