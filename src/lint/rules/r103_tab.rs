//! R103 tab
//!
//! A TAB in a line that is not a comment.
//!
//! ## Why it matters
//! auditctl splits lines at spaces and at nothing else. A TAB becomes part of the word in front of it and
//! of the one behind it, which are one word then: a line is refused for an option that nobody wrote, or
//! loaded with a key or a path that nobody finds. A line with nothing but a TAB is refused too.
//!
//! ## Instead of
//! A TAB between words, or in front of the first.
//! ## Write
//! Spaces.
//! ## Fix
//! Puts a space for each TAB of the line, where that makes a line of the right form.
//! ## Source
//! auditctl 3.0.9 and 4.2.2 (auditctl.c): the delimiter is the space alone.

use crate::diag::Level;
use crate::lint::engine::Settings;
use crate::lint::finding::{Change, Edit, Finding, Place};
use crate::lint::registry::{Check, Lint};
use crate::lint::set::RuleSet;
use crate::span::Span;
use crate::syntax::{Content, lines, parse_line};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R103",
    name: "tab",
    level: Level::Warning,
    fix: Some(Change::Meaning),
    check: Check::Text(check),
    page: include_str!("r103_tab.rs"),
};

fn check(set: &RuleSet<'_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    for (_, line, _) in set.written() {
        let text = set.text(line.file, line.span);
        let tabs = memchr::memchr_iter(b'\t', text).map(|at| line.span.start + at);
        let tabs = tabs.map(|at| Place { file: line.file, span: Span::new(at, at + 1) });
        let tabs: Vec<Place> = tabs.collect();
        let Some(first) = tabs.first() else { continue };
        let message = "a TAB does not separate words: it is part of one";
        let finding = Finding::new(&LINT, *first, message).help("write a space");
        findings.push(if becomes_sound(text) {
            let edit = |place: &Place| Edit { place: *place, text: b" ".to_vec() };
            finding.fix("write spaces", tabs.iter().map(edit).collect())
        } else {
            finding
        });
    }
}

/// Whether a line has the right form with spaces for its TABs.
fn becomes_sound(text: &[u8]) -> bool {
    // A space behind a backslash would not separate either.
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
