//! R115 `nul-byte`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::scope::Scope;
use crate::rewrite::{Change, Edit};
use crate::ruleset::{FileSpan, RuleSet};
use crate::span::Span;
use crate::syntax::LineKind;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R115",
    name: "nul-byte",
    level: Level::Warning,
    fix: Some(Change::Meaning),
    check: Check::Text(check),
    page: include_str!("r115_nul_byte.md"),
};

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (file, rules_file) in set.files().iter().enumerate() {
        let text = rules_file.source.text();
        for line in set.lines_of(file) {
            // A line ends at its first NUL.
            let at = line.span.end;
            if text.get(at) != Some(&0) || line.kind == LineKind::Comment {
                continue;
            }
            let hidden = text.get(at..).unwrap_or_default().split(|byte| *byte == b'\n').next();
            let place = |at| FileSpan { file, span: Span::new(at, at + 1) };
            let nuls = memchr::memchr_iter(0, hidden.unwrap_or_default());
            let edits = nuls.map(|nul| Edit { place: place(at + nul), text: Vec::new() });
            findings.push(
                Finding::new(&LINT, place(at), "auditctl ignores the line from this NUL byte on")
                    .label("a NUL byte")
                    .help("delete the byte, or save the file as UTF-8")
                    .fix("delete the NUL bytes of the line", edits.collect()),
            );
        }
    }
}
