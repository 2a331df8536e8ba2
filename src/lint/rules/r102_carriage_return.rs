//! R102 `carriage-return`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::scope::Scope;
use crate::rewrite::{Change, Edit};
use crate::ruleset::{FileSpan, RuleSet};
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
        let commands = set.lines_of(file).iter().filter(|line| line.is_command());
        let mut ends = commands
            .map(|line| returns_before(rules_file.source.text(), line.span.end))
            .filter(|span| span.start < span.end);
        // In a comment, a carriage return is harmless.
        let Some(first) = ends.next() else { continue };
        let count = 1 + ends.count();
        let lines =
            if count == 1 { "1 line ends".to_owned() } else { format!("{count} lines end") };
        let message = "a carriage return at the end of a line is part of the last word";
        findings.push(
            Finding::new(&LINT, FileSpan { file, span: first }, message)
                .label("an ordinary character to auditctl")
                .help(format!("end lines with a newline only: {lines} in a carriage return"))
                .fix("remove the carriage returns", edits(file, rules_file.source.text())),
        );
    }
}

/// Returns the edits that remove the carriage returns at the ends of all lines.
fn edits(file: usize, text: &[u8]) -> Vec<Edit> {
    let newlines = memchr::memchr_iter(b'\n', text).chain([text.len()]);
    newlines
        .map(|end| returns_before(text, end))
        .filter(|span| span.start < span.end)
        .map(|span| Edit { place: FileSpan { file, span }, text: Vec::new() })
        .collect()
}

/// Returns the carriage returns directly before an offset.
fn returns_before(text: &[u8], end: usize) -> Span {
    let before = text.get(..end).unwrap_or(text);
    let start = before.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
    Span::new(start, before.len())
}
