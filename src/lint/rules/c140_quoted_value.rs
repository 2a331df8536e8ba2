//! C140 `quoted-value`. Its page is the Markdown file of the same name.

use crate::compile::notation;
use crate::diag::{Level, Notation};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rewrite::{Change, Edit};
use crate::ruleset::CompiledLine;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C140",
    name: "quoted-value",
    level: Level::Warning,
    fix: Some(Change::Meaning),
    check: Check::Rules(check),
    page: include_str!("c140_quoted_value.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    // In a faulty line, the quotes are part of the fault.
    let sound = facts.compiled.lines.iter().filter(|line| !line.checked.program.is_faulty());
    let has_quotes = |line: &&CompiledLine<'_, '_>| {
        line.command().words.iter().any(|word| notation::may_have_quotes(word.bytes()))
    };
    for line in sound.filter(has_quotes) {
        let parts = notation::parts(line.command());
        for part in parts.iter().filter(|part| part.notation == Notation::Quotes) {
            let (span, text) = part.edit(line.command());
            let instead = String::from_utf8_lossy(&text).into_owned();
            findings.push(
                Finding::new(&LINT, line.place(span), "the quotes are part of the value")
                    .label("auditctl removes no quotes")
                    .help(format!("write `{instead}`"))
                    .fix("remove the quotes", vec![Edit { place: line.place(span), text }]),
            );
        }
    }
}
