//! R103 `tab`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::scope::Scope;
use crate::rewrite::{Change, Edit};
use crate::ruleset::{FileSpan, RuleSet};
use crate::span::Span;
use crate::syntax::{Content, lines, parse_line};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R103",
    name: "tab",
    level: Level::Warning,
    fix: Some(Change::Meaning),
    check: Check::Text(check),
    page: include_str!("r103_tab.md"),
};

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (_, line, _) in set.written() {
        let text = set.text(line.file, line.span);
        let tabs = memchr::memchr_iter(b'\t', text).map(|at| line.span.start + at);
        let tabs = tabs.map(|at| FileSpan { file: line.file, span: Span::new(at, at + 1) });
        let tabs: Vec<FileSpan> = tabs.collect();
        let Some(first) = tabs.first() else { continue };
        let message = "a TAB does not separate words: it is part of a word";
        let finding = Finding::new(&LINT, *first, message).help("write a space");
        findings.push(if is_well_formed_with_spaces(text) {
            let edit = |place: &FileSpan| Edit { place: *place, text: b" ".to_vec() };
            finding.fix("replace TABs with spaces", tabs.iter().map(edit).collect())
        } else {
            finding
        });
    }
}

/// Returns whether a line is well-formed with spaces in place of TABs.
fn is_well_formed_with_spaces(text: &[u8]) -> bool {
    // A space after a backslash does not separate words either.
    if text.windows(2).any(|pair| pair == br"\	") {
        return false;
    }
    let spaced: Vec<u8> =
        text.iter().map(|byte| if *byte == b'\t' { b' ' } else { *byte }).collect();
    lines(&spaced).all(|line| match parse_line(&line) {
        Content::Command(command) => command.is_well_formed(),
        Content::Blank | Content::Comment => true,
    })
}
