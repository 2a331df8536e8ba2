//! Applies fixes to texts.

use std::collections::BTreeMap;

use memchr::memchr_iter;

use super::definition::Finding;
use super::engine::lint;
use super::settings::LintSettings;
use crate::diag::Level;
use crate::rewrite::{Edit, Fix, edited};
use crate::ruleset::{Input, RuleSet};
use crate::source::Source;
use crate::span::Span;

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
    let mut touched: Vec<Touched> = texts.iter().map(|text| Touched::of(text)).collect();
    let mut edits: Vec<&Edit> = Vec::new();
    let mut made = 0;
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        let touches = |edit: &Edit| touched.get(edit.place.file).is_none_or(|file| file.has(edit));
        if !allowed.allows(fix) || fix.edits.is_empty() || fix.edits.iter().any(touches) {
            continue;
        }
        for edit in &fix.edits {
            if let Some(file) = touched.get_mut(edit.place.file) {
                file.add(edit);
            }
        }
        edits.extend(&fix.edits);
        made += 1;
    }
    edits.sort();
    let of_file = |file| {
        let start = edits.partition_point(|edit| edit.place.file < file);
        let rest = edits.get(start..).unwrap_or_default().iter().copied();
        rest.take_while(move |edit| edit.place.file == file)
    };
    let texts = texts.iter().enumerate().map(|(file, text)| edited(text, of_file(file)));
    Fixed { texts: texts.collect(), made }
}

/// The lines of a text that edits touch.
struct Touched<'t> {
    text: &'t [u8],
    newlines: Vec<usize>,
    /// The last line of each range of touched lines, by the first. No two ranges have a line in common.
    ranges: BTreeMap<usize, usize>,
}

impl<'t> Touched<'t> {
    fn of(text: &'t [u8]) -> Self {
        Touched { text, newlines: memchr_iter(b'\n', text).collect(), ranges: BTreeMap::new() }
    }

    /// Returns the first and the last line that an edit touches. An edit that ends with a newline does not touch the
    /// next line.
    fn lines(&self, edit: &Edit) -> (usize, usize) {
        let Span { start, end } = edit.place.span;
        let takes_newline = self.text.get(start..end).is_some_and(|old| old.ends_with(b"\n"));
        let line = |offset: usize| self.newlines.partition_point(|newline| *newline < offset);
        (line(start), line(end - usize::from(takes_newline)))
    }

    fn has(&self, edit: &Edit) -> bool {
        let (first, last) = self.lines(edit);
        self.ranges.range(..=last).next_back().is_some_and(|(_, end)| *end >= first)
    }

    fn add(&mut self, edit: &Edit) {
        let (mut first, mut last) = self.lines(edit);
        // Other edits of the same fix may touch these lines.
        while let Some((start, end)) = self.ranges.range(..=last).next_back() {
            let (start, end) = (*start, *end);
            if end < first {
                break;
            }
            self.ranges.remove(&start);
            (first, last) = (first.min(start), last.max(end));
        }
        self.ranges.insert(first, last);
    }
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
    fix_from(files, settings, allowed, Level::Info).made
}

/// The number of fixes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FixCount {
    /// Fixes made.
    pub made: usize,
    /// Allowed fixes that were not made, because their finding has a lower severity.
    pub left: usize,
}

/// The same as [`fix_all`], for the findings of a severity and higher ones only.
pub fn fix_from(
    files: &mut [(Source, Option<usize>)],
    settings: &LintSettings<'_>,
    allowed: Allowed,
    least: Level,
) -> FixCount {
    let mut count = FixCount::default();
    for _ in 0..ROUNDS {
        let inputs =
            files.iter().map(|(source, directory)| Input { source, directory: *directory });
        let mut findings = lint(&RuleSet::new(inputs), settings).findings;
        let is_allowed =
            |finding: &&Finding| finding.fix.as_ref().is_some_and(|fix| allowed.allows(fix));
        count.left =
            findings.iter().filter(is_allowed).filter(|finding| finding.level < least).count();
        findings.retain(|finding| finding.level >= least);
        let texts: Vec<&[u8]> = files.iter().map(|(source, _)| source.text()).collect();
        let fixed = apply(&texts, &findings, allowed);
        if fixed.made == 0 {
            break;
        }
        count.made += fixed.made;
        for ((source, _), text) in files.iter_mut().zip(fixed.texts) {
            if source.text() != text {
                *source = Source::new(source.name(), text);
            }
        }
    }
    count
}
