//! R102 `carriage-return`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Lint};
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::rewrite::{Change, Edit};
use crate::ruleset::FileSpan;
use crate::ruleset::RuleSet;
use crate::span::Span;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R102",
    name: "carriage-return",
    level: Level::Warning,
    fix: Some(Change::Meaning),
    check: Check::Text(check),
    page: include_str!("r102_carriage_return.md"),
};

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (file, rules_file) in set.files().iter().enumerate() {
        let commands = set.lines_of(file).iter().filter(|line| line.command().is_some());
        let mut ends = commands
            .map(|line| returns_before(rules_file.source.text(), line.span.end))
            .filter(|span| span.start < span.end);
        // Comments with such ends do no harm.
        let Some(first) = ends.next() else { continue };
        let count = 1 + ends.count();
        let lines =
            if count == 1 { "1 line ends".to_owned() } else { format!("{count} lines end") };
        let message = "a carriage return at the end of a line is part of its last word to auditctl";
        findings.push(
            Finding::new(&LINT, FileSpan { file, span: first }, message)
                .label("a letter like any other")
                .help(format!("{lines} so: write the file with newlines alone"))
                .fix("take out the carriage returns", edits(file, rules_file.source.text())),
        );
    }
}

/// The carriage returns at the end of every line.
fn edits(file: usize, text: &[u8]) -> Vec<Edit> {
    let newlines = memchr::memchr_iter(b'\n', text).chain([text.len()]);
    newlines
        .map(|end| returns_before(text, end))
        .filter(|span| span.start < span.end)
        .map(|span| Edit { place: FileSpan { file, span }, text: Vec::new() })
        .collect()
}

/// The carriage returns directly in front of a place.
fn returns_before(text: &[u8], end: usize) -> Span {
    let before = text.get(..end).unwrap_or(text);
    let start = before.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
    Span::new(start, before.len())
}
