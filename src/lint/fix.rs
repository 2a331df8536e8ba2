//! Applies fixes to texts.

use super::definition::Finding;
use super::engine::lint;
use super::settings::LintSettings;
use crate::rewrite::{Edit, Fix, edited};
use crate::ruleset::{Input, RuleSet};
use crate::source::Source;

/// The fixes to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Allowed {
    /// The fixes that do not change the kernel's rules.
    Safe,
    /// All fixes.
    Unsafe,
}

impl Allowed {
    /// Returns whether this fix may be made.
    pub fn allows(self, fix: &Fix) -> bool {
        self == Allowed::Unsafe || fix.change.is_safe()
    }
}

/// Texts with fixes made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The texts, in the order of the input.
    pub texts: Vec<Vec<u8>>,
    /// The number of fixes made.
    pub made: usize,
}

/// Makes the fixes of findings, in order. A fix that touches a line already changed is left for the next round: it
/// was computed for the old line.
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

/// Returns whether two edits touch the same line.
fn overlap(texts: &[&[u8]], a: &Edit, b: &Edit) -> bool {
    if a.place.file != b.place.file {
        return false;
    }
    let Some(text) = texts.get(a.place.file) else { return true };
    let (first, second) = if a.place.span <= b.place.span { (a, b) } else { (b, a) };
    let between = text.get(first.place.span.end..second.place.span.start);
    // An edit that ends with a newline does not touch the next line.
    let takes_newline = text.get(first.place.span.range()).is_some_and(|old| old.ends_with(b"\n"));
    !takes_newline && between.is_none_or(|between| !between.contains(&b'\n'))
        || first.place.span.end > second.place.span.start
}

/// Iteration limit: stops fixes that undo each other.
const ROUNDS: usize = 16;

/// Lints and fixes `files` until no allowed fix is left. Each file comes with the number of its directory, as in
/// [`Input`]. Returns the number of fixes made.
pub fn fix_all(
    files: &mut [(Source, Option<usize>)],
    settings: &LintSettings<'_>,
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
