//! Fixes applied to texts.

use super::engine::{Settings, lint};
use super::finding::Finding;
use crate::rewrite::{Edit, Fix, edited};
use crate::ruleset::{Input, RuleSet};
use crate::source::Source;

/// Which fixes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Allowed {
    /// Those that leave the kernel's rules as they are.
    Safe,
    /// All of them.
    Unsafe,
}

impl Allowed {
    /// Whether this fix may be made.
    pub fn allows(self, fix: &Fix) -> bool {
        self == Allowed::Unsafe || fix.change.is_safe()
    }
}

/// The texts with fixes made, and how many were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The texts, one for each given.
    pub texts: Vec<Vec<u8>>,
    /// How many fixes were made.
    pub made: usize,
}

/// Makes the fixes of findings, in their order. A fix that touches what another has changed already is
/// left for the next round; so is a second one on the same line, for it was made for the line as it was.
pub fn apply(texts: &[&[u8]], findings: &[Finding], allowed: Allowed) -> Fixed {
    let mut edits: Vec<Edit> = Vec::new();
    let mut made = 0;
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        let touches = |edit: &Edit| edits.iter().any(|other| overlap(texts, edit, other));
        if !allowed.allows(fix) || fix.edits.is_empty() || fix.edits.iter().any(touches) {
            continue;
        }
        edits.extend(fix.edits.iter().cloned());
        made += 1;
    }
    edits.sort();
    let texts = texts.iter().enumerate().map(|(file, text)| {
        let edits = edits.iter().filter(|edit| edit.place.file == file);
        edited(text, edits)
    });
    Fixed { texts: texts.collect(), made }
}

/// Whether two edits touch the same line.
fn overlap(texts: &[&[u8]], a: &Edit, b: &Edit) -> bool {
    if a.place.file != b.place.file {
        return false;
    }
    let Some(text) = texts.get(a.place.file) else { return true };
    let (first, second) = if a.place.span <= b.place.span { (a, b) } else { (b, a) };
    let between = text.get(first.place.span.end..second.place.span.start);
    // An edit that takes in a newline at its end touches that line only.
    let takes_newline = text.get(first.place.span.range()).is_some_and(|old| old.ends_with(b"\n"));
    !takes_newline && between.is_none_or(|between| !between.contains(&b'\n'))
        || first.place.span.end > second.place.span.start
}

/// Rounds of fixing before it is given up: a fix that brings about another has its turn, two that undo each
/// other do not go on for ever.
const ROUNDS: usize = 16;

/// Lints, mends and lints again, until nothing is left that may be mended. `files` are the texts of `set`s
/// as [`super::RuleSet::new`] takes them, and are left as they are mended; what is returned is how many
/// fixes were made.
pub fn mend(
    files: &mut [(Source, Option<usize>)],
    settings: &Settings<'_>,
    allowed: Allowed,
) -> usize {
    let mut made = 0;
    for _ in 0..ROUNDS {
        let inputs =
            files.iter().map(|(source, directory)| Input { source, directory: *directory });
        let findings = lint(&RuleSet::new(inputs), settings).findings;
        let texts: Vec<&[u8]> = files.iter().map(|(source, _)| source.text()).collect();
        let fixed = apply(&texts, &findings, allowed);
        if fixed.made == 0 {
            break;
        }
        made += fixed.made;
        for ((source, _), text) in files.iter_mut().zip(fixed.texts) {
            if source.text() != text {
                *source = Source::new(source.name(), text);
            }
        }
    }
    made
}
