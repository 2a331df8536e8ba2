//! Diagnostics with their line, a caret and help.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use crate::diag::{Diagnostic, Level};
use crate::source::Source;
use crate::span::Span;

/// Returns the diagnostic as text with colors. [`anstream`] removes the colors if needed.
pub fn render(source: &Source, diagnostic: &Diagnostic) -> String {
    let explanation = diagnostic.fault.explain();
    let excerpt = Excerpt::of(source, diagnostic.span);
    let annotation =
        AnnotationKind::Primary.span(excerpt.span.clone()).label(nonempty(&explanation.label));
    let snippet = Snippet::source(&*excerpt.text)
        .line_start(excerpt.line)
        .path(source.name())
        .annotation(annotation);
    let title = shown(diagnostic.level())
        .primary_title(explanation.title.as_str())
        .id(diagnostic.code().as_str());
    let help = explanation.help.as_deref().map(|help| Shown::HELP.message(help));
    let report: &[Group<'_>] = &[title.element(snippet).elements(help)];
    Renderer::styled().render(report).to_string() + "\n"
}

/// Returns the diagnostic on one line for logs and editors: `file:line:column: error[E020]: title`.
pub fn one_line(source: &Source, diagnostic: &Diagnostic) -> String {
    let location = source.location(diagnostic.span.start);
    let title = diagnostic.fault.explain().title;
    let level = match diagnostic.level() {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    };
    let (line, column, code) = (location.line, location.column, diagnostic.code().as_str());
    format!("{}:{line}:{column}: {level}[{code}]: {title}", source.name())
}

pub(super) fn shown(level: Level) -> Shown<'static> {
    match level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Info => Shown::INFO,
    }
}

pub(super) fn nonempty(label: &str) -> Option<&str> {
    (!label.is_empty()).then_some(label)
}

/// The line of a span as text, and the span in that text.
pub(super) struct Excerpt<'s> {
    pub(super) line: usize,
    pub(super) text: Cow<'s, str>,
    pub(super) span: Range<usize>,
}

impl<'s> Excerpt<'s> {
    /// Returns the line of `span`. Bytes that are not UTF-8 are replaced, and the span is adjusted.
    pub(super) fn of(source: &'s Source, span: Span) -> Self {
        let line = source.location(span.start).line;
        let whole = source.line(line);
        let bytes = source.text().get(whole.range()).unwrap_or_default();
        let inside = |offset: usize| offset.saturating_sub(whole.start).min(bytes.len());
        let span = shown_range(bytes, inside(span.start)..inside(span.end));
        Excerpt { line, text: String::from_utf8_lossy(bytes), span }
    }
}

/// Returns the range after bytes that are not UTF-8 are replaced. A range that begins or ends inside a
/// character includes all of it: an option is one byte, but a letter may have two.
pub(super) fn shown_range(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (0, 0);
    let (mut before, mut shown) = (0, 0);
    let mut step = |len: usize, shown_len: usize| {
        let is_reached = before < range.end;
        (before, shown) = (before + len, shown + shown_len);
        if before <= range.start {
            start = shown;
        }
        if is_reached {
            end = shown;
        }
    };
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| step(c.len_utf8(), c.len_utf8()));
        if !chunk.invalid().is_empty() {
            step(chunk.invalid().len(), char::REPLACEMENT_CHARACTER.len_utf8());
        }
    }
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::shown_range;

    #[test]
    fn adjusts_ranges_after_replaced_bytes() {
        // The replacement of one byte has three.
        assert_eq!(shown_range(b"a\xffbc", 2..3), 4..5);
        assert_eq!(shown_range(b"a\xffbc", 1..2), 1..4);
        assert_eq!(shown_range(b"abc", 3..3), 3..3);
        assert_eq!(shown_range(b"abc", 0..0), 0..0);
        assert_eq!(shown_range(b"", 0..0), 0..0);
    }

    #[test]
    fn range_inside_a_character_includes_all_of_it() {
        let text = "-\u{e9}x".as_bytes();
        assert_eq!(shown_range(text, 0..2), 0..3);
        assert_eq!(shown_range(text, 2..3), 1..3);
        assert_eq!(shown_range(text, 3..4), 3..4);
    }
}
