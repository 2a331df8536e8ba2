//! Shows a fix as changes within lines. Of a long line, only the part around the change is shown.

use std::ops::Range;

use annotate_snippets::{Patch, Snippet};

use crate::report::excerpt::{shown_range, shown_text};
use crate::rewrite::{Edit, Fix};
use crate::source::Source;
use crate::span::Span;

/// Maximum number of bytes in a patch, old or new. For a longer patch, only the title of the fix is shown.
const LONGEST: usize = 1000;
/// Maximum number of bytes in a line that is shown whole.
const SHORT_LINE: usize = 200;
/// Number of bytes shown before and after an edit in a longer line.
const AROUND: usize = 40;
/// Maximum number of lines between edits that are shown together.
const NEAR: usize = 1;

/// Consecutive lines, with edits.
#[derive(Debug)]
pub(super) struct Patched {
    /// The file.
    pub(super) file: usize,
    line: usize,
    text: String,
    edits: Vec<(Range<usize>, String)>,
}

impl Patched {
    /// Returns the snippet to draw, with the name of the file or without.
    pub(super) fn snippet<'a>(&'a self, name: Option<String>) -> Snippet<'a, Patch<'a>> {
        let patches = self.edits.iter().map(|(span, text)| Patch::new(span.clone(), text.as_str()));
        Snippet::source(&*self.text).line_start(self.line).path(name).patches(patches)
    }
}

/// Returns the edits of a fix, grouped by nearby lines; `None` if they are too long to show.
pub(super) fn patched(sources: &[&Source], fix: &Fix) -> Option<Vec<Patched>> {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort();
    let lines = |edit: &Edit| {
        let source = sources.get(edit.place.file)?;
        let Span { start, end } = edit.place.span;
        Some((source.location(start).line, source.location(end).line))
    };
    let is_near = |a: &&Edit, b: &&Edit| {
        let (Some((_, end)), Some((start, _))) = (lines(a), lines(b)) else { return false };
        a.place.file == b.place.file && start <= end + 1 + NEAR
    };
    let patches = edits.chunk_by(is_near).map(|edits| {
        let (first, last) = (edits.first()?, edits.last()?);
        let source = sources.get(first.place.file)?;
        let window = window(source, first.place.span.join(last.place.span))?;
        patch(source, window, edits)
    });
    patches.collect()
}

/// Returns the range shown around a change: whole lines, or a part of a long line.
fn window(source: &Source, changed: Span) -> Option<Span> {
    let first = source.line(source.location(changed.start).line);
    let last = source.line(source.location(changed.end).line);
    let mut window = first.join(last);
    let is_long = window.end - window.start > SHORT_LINE;
    if is_long && first == last {
        let text = source.text();
        let start = changed.start.saturating_sub(AROUND).max(first.start);
        let end = (changed.end + AROUND).min(last.end);
        let is_inside = |at: &usize| text.get(*at).is_some_and(|byte| byte & 0xc0 == 0x80);
        window.start = (start..changed.start).find(|at| !is_inside(at)).unwrap_or(changed.start);
        window.end = (changed.end..=end).rev().find(|at| !is_inside(at)).unwrap_or(changed.end);
    }
    (window.end - window.start <= LONGEST).then_some(window)
}

fn patch(source: &Source, window: Span, edits: &[&Edit]) -> Option<Patched> {
    let bytes = source.text().get(window.range())?;
    let line = source.location(window.start).line;
    let whole = source.line(line);
    let mark = |is_cut: bool| if is_cut { "…" } else { "" };
    let (before, after) = (mark(window.start > whole.start), mark(window.end < whole.end));
    let shown = |edit: &&Edit| {
        let Span { start, end } = edit.place.span;
        let inside = start.checked_sub(window.start)?..end.checked_sub(window.start)?;
        let Range { start, end } = shown_range(bytes, inside);
        let text = shown_text(&edit.text).into_owned();
        let shift = before.len();
        (text.len() <= LONGEST).then_some((start + shift..end + shift, text))
    };
    let file = edits.first()?.place.file;
    let edits = edits.iter().map(shown).collect::<Option<_>>()?;
    let text = format!("{before}{}{after}", shown_text(bytes));
    Some(Patched { file, line, text, edits })
}
