//! R104 `byte-order-mark`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::scope::Scope;
use crate::rewrite::{Change, Edit};
use crate::ruleset::{FileSpan, RuleSet};
use crate::span::Span;

const MARK: &[u8] = "\u{feff}".as_bytes();

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R104",
    name: "byte-order-mark",
    level: Level::Warning,
    fix: Some(Change::Meaning),
    check: Check::Text(check),
    page: include_str!("r104_byte_order_mark.md"),
};

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (file, rules_file) in set.files().iter().enumerate() {
        if rules_file.source.text().starts_with(MARK) {
            let place = FileSpan { file, span: Span::new(0, MARK.len()) };
            let message = "the file begins with a byte order mark, which is part of the first word";
            findings.push(
                Finding::new(&LINT, place, message)
                    .help("save the file as UTF-8 without a byte order mark")
                    .fix("remove the byte order mark", vec![Edit { place, text: Vec::new() }]),
            );
        }
    }
}
