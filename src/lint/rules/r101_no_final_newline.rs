//! R101 `no-final-newline`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::scope::Scope;
use crate::rewrite::{Change, Edit};
use crate::ruleset::{FileSpan, RuleSet};
use crate::span::Span;

/// Maximum number of bytes shown of each of two joined lines.
const SHOWN: usize = 40;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R101",
    name: "no-final-newline",
    level: Level::Warning,
    fix: Some(Change::Nothing),
    check: Check::Text(check),
    page: include_str!("r101_no_final_newline.md"),
};

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (file, rules_file) in set.files().iter().enumerate() {
        let text = rules_file.source.text();
        let Some(last) = text.split(|byte| *byte == b'\n').next_back() else { continue };
        if last.is_empty() {
            continue;
        }
        let end = FileSpan { file, span: Span::new(text.len(), text.len()) };
        let finding = match joined(set, file).filter(|_| !is_blank(last)) {
            Some((next, first)) if !(is_comment(last) && is_comment(first)) => {
                let name = set.source(next.file).map_or("", |source| source.name());
                let message = "augenrules joins this line with the first line of the next file: it does \
                               not end in a newline";
                Finding::new(&LINT, end, message)
                    .label("no newline")
                    .help(consequence(last, first, name))
                    .related(next, "joined with it")
            }
            _ => Finding::new(&LINT, end, "the last line does not end in a newline")
                .label("no newline")
                .help("add a newline: a file joined after this one would continue its last line"),
        };
        let mut finding =
            finding.fix("add a newline", vec![Edit { place: end, text: b"\n".to_vec() }]);
        if let Some(fix) = finding.fix.as_mut().filter(|_| !finding.related.is_empty()) {
            fix.change = Change::Meaning;
        }
        findings.push(finding);
    }
}

/// Returns the line that augenrules appends to the last line of a file, unless it is empty.
fn joined<'s>(set: &RuleSet<'s>, file: usize) -> Option<(FileSpan, &'s [u8])> {
    let mut next = file;
    while set.files().get(next)?.has_next {
        next += 1;
        let text = set.source(next)?.text();
        if text.is_empty() {
            continue;
        }
        let line = text.split(|byte| *byte == b'\n').next()?;
        let place = FileSpan { file: next, span: Span::new(0, line.len()) };
        return (!is_blank(line)).then_some((place, line));
    }
    None
}

/// Returns what happens to two joined lines.
fn consequence(last: &[u8], first: &[u8], next: &str) -> String {
    if is_comment(last) {
        return format!(
            "add a newline: the first line of `{next}` becomes part of the comment and is not loaded"
        );
    }
    let start = last.get(last.len().saturating_sub(SHOWN)..).unwrap_or(last);
    let end = first.get(..SHOWN).unwrap_or(first);
    let dots = |is_cut| if is_cut { "..." } else { "" };
    format!(
        "add a newline: auditctl reads `{}{}{}{}`",
        dots(start.len() < last.len()),
        String::from_utf8_lossy(start),
        String::from_utf8_lossy(end),
        dots(end.len() < first.len()),
    )
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| *byte == b' ')
}

fn is_comment(line: &[u8]) -> bool {
    line.trim_ascii_start().starts_with(b"#")
}
