//! R102 carriage-return
//!
//! Lines that end as they do on Windows: in a carriage return and a newline.
//!
//! ## Why it matters
//! auditctl takes the carriage return for a letter. It becomes the end of the last word: of a key, which
//! nobody finds again, of a path that does not exist, or of an option that is none. An empty line has one
//! word then, and is refused.
//!
//! ## Instead of
//! Lines that end in `\r\n`. `file FILE` says "with CRLF line terminators" of such a file.
//! ## Write
//! Lines that end in a newline alone.
//! ## Fix
//! Takes the carriage returns at the ends of lines out. Keys and paths lose the letter with it.
//! ## Source
//! auditctl 3.0.9 and 4.2.2 (auditctl.c) split lines at spaces, and cut the newline only.

use crate::diag::Level;
use crate::lint::engine::Settings;
use crate::lint::finding::{Change, Edit, Finding, Place};
use crate::lint::registry::{Check, Lint};
use crate::lint::set::RuleSet;
use crate::span::Span;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R102",
    name: "carriage-return",
    level: Level::Warning,
    fix: Some(Change::Meaning),
    check: Check::Text(check),
    page: include_str!("r102_carriage_return.rs"),
};

fn check(set: &RuleSet<'_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
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
            Finding::new(&LINT, Place { file, span: first }, message)
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
        .map(|span| Edit { place: Place { file, span }, text: Vec::new() })
        .collect()
}

/// The carriage returns directly in front of a place.
fn returns_before(text: &[u8], end: usize) -> Span {
    let before = text.get(..end).unwrap_or(text);
    let start = before.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
    Span::new(start, before.len())
}
