//! R104 byte-order-mark
//!
//! A file that begins with a byte order mark.
//!
//! ## Why it matters
//! Some editors put three bytes in front of a text that is UTF-8. They are not seen, but to auditctl they
//! are the beginning of the first word, so that not even a comment is one: it refuses the line, and reads
//! no further unless it is told to go on after errors.
//!
//! ## Instead of
//! A file that begins with the bytes EF BB BF. `file FILE` says "with BOM" of it.
//! ## Write
//! The file without them: "UTF-8 without BOM" in an editor.
//! ## Fix
//! Takes the three bytes out.
//! ## Source
//! auditctl 3.0.9 and 4.2.2 (auditctl.c): a comment begins with `#` as the first byte behind the spaces.

use crate::diag::Level;
use crate::lint::engine::Settings;
use crate::lint::finding::{Change, Edit, Finding, Place};
use crate::lint::registry::{Check, Lint};
use crate::lint::set::RuleSet;
use crate::span::Span;

const MARK: &[u8] = "\u{feff}".as_bytes();

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R104",
    name: "byte-order-mark",
    level: Level::Warning,
    fix: Some(Change::Meaning),
    check: Check::Text(check),
    page: include_str!("r104_byte_order_mark.rs"),
};

fn check(set: &RuleSet<'_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    for (file, rules_file) in set.files().iter().enumerate() {
        if rules_file.source.text().starts_with(MARK) {
            let place = Place { file, span: Span::new(0, MARK.len()) };
            let message = "the file begins with a byte order mark, which is part of the first word";
            findings.push(
                Finding::new(&LINT, place, message)
                    .help("save the file as UTF-8 without a byte order mark")
                    .fix("take out the mark", vec![Edit { place, text: Vec::new() }]),
            );
        }
    }
}
