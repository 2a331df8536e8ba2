//! The part of a text that a message shows.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{Annotation, Element, Origin, Snippet};

use crate::diag::{escaped, is_unprintable};
use crate::source::{Location, Source};
use crate::span::Span;

/// Maximum number of bytes in a line that is given to the renderer whole, which cuts it at the width of the terminal. It
/// is more than auditctl reads as one line.
const LONGEST: usize = 8192;
/// Number of bytes that are shown of a longer line.
const SHOWN: usize = 1000;
/// Number of bytes that are shown before a place in a longer line.
const BEFORE: usize = 200;

/// The line of a span as text, and the span in that text. Of a very long line, only the part around the span is text.
pub(super) struct Excerpt<'s> {
    name: Cow<'s, str>,
    location: Location,
    text: Cow<'s, str>,
    span: Range<usize>,
    /// Whether the text begins within the line.
    is_cut: bool,
}

impl<'s> Excerpt<'s> {
    /// Returns the line of `span`. Bytes that are not UTF-8 are replaced, and the span is adjusted.
    pub(super) fn of(source: &'s Source, span: Span) -> Self {
        let location = source.location(span.start);
        let whole = source.line(location.line);
        let window = window(source, whole, span);
        let bytes = source.text().get(window.range()).unwrap_or_default();
        let inside = |offset: usize| offset.saturating_sub(window.start).min(bytes.len());
        let range = shown_range(bytes, inside(span.start)..inside(span.end));
        let mark = |is_cut: bool| if is_cut { "\u{2026}" } else { "" };
        let (before, after) = (mark(window.start > whole.start), mark(window.end < whole.end));
        let text = match (before, after) {
            ("", "") => shown_text(bytes),
            _ => Cow::Owned([before, &*shown_text(bytes), after].concat()),
        };
        Excerpt {
            name: escaped(source.name()),
            location,
            text,
            span: range.start + before.len()..range.end + before.len(),
            is_cut: !before.is_empty(),
        }
    }

    /// Returns the span in the text.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns the elements to draw: the text with an annotation, below the name of its file.
    pub(super) fn elements<'a>(&'a self, annotation: Annotation<'a>) -> Vec<Element<'a>> {
        let snippet = Snippet::source(&*self.text).line_start(self.location.line);
        if !self.is_cut {
            return vec![snippet.path(&*self.name).annotation(annotation).into()];
        }
        // The renderer would count columns from the cut.
        let Location { line, column } = self.location;
        let origin = Origin::path(&*self.name).line(line).char_column(column);
        vec![origin.into(), snippet.annotation(annotation).into()]
    }
}

/// Returns the part of a line that is shown.
fn window(source: &Source, whole: Span, place: Span) -> Span {
    if whole.end - whole.start <= LONGEST {
        return whole;
    }
    let text = source.text();
    let is_inside = |at: &usize| text.get(*at).is_some_and(|byte| byte & 0xc0 == 0x80);
    let place = place.start.clamp(whole.start, whole.end);
    let start = place.saturating_sub(BEFORE).max(whole.start);
    let end = (start + SHOWN).min(whole.end);
    let start = (start..place).find(|at| !is_inside(at)).unwrap_or(place);
    let end = (end..whole.end).find(|at| !is_inside(at)).unwrap_or(whole.end);
    // Bytes that are not UTF-8 may look like the inside of a character for a long way.
    Span::new(start, end.min(start + 2 * SHOWN))
}

/// Returns bytes as text. What is not UTF-8, and what the renderer does not replace but a terminal may obey, is
/// replaced.
pub(super) fn shown_text(bytes: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(bytes);
    match text.chars().any(|char| shown_char(char) != char) {
        true => Cow::Owned(text.chars().map(shown_char).collect()),
        false => text,
    }
}

/// Returns the character that stands for a character. The renderer has pictures for the ASCII control characters.
fn shown_char(char: char) -> char {
    let is_replaced = is_unprintable(char) && !char.is_ascii_control();
    if is_replaced { char::REPLACEMENT_CHARACTER } else { char }
}

/// Returns the range in the [`shown_text`]. A range that begins or ends inside a character includes all of it: an
/// option is one byte, but a letter may have two.
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
        chunk.valid().chars().for_each(|c| step(c.len_utf8(), shown_char(c).len_utf8()));
        if !chunk.invalid().is_empty() {
            step(chunk.invalid().len(), char::REPLACEMENT_CHARACTER.len_utf8());
        }
    }
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn replaces_what_a_terminal_obeys() {
        let text = "a\u{9b}2J\u{202e}b".as_bytes();
        assert_eq!(shown_text(text), "a\u{fffd}2J\u{fffd}b");
        // U+009B has two bytes, its replacement three.
        assert_eq!(shown_range(text, 3..4), 4..5);
    }

    #[test]
    fn shows_a_part_of_a_very_long_line() {
        let text = format!("{}\u{e9}{}\n", "x".repeat(4_000_000), "y".repeat(4_000_000));
        let source = Source::new("a", text.into_bytes());
        let excerpt = Excerpt::of(&source, Span::new(4_000_000, 8_000_002));
        assert!(excerpt.text.len() < 1100, "{}", excerpt.text.len());
        assert!(excerpt.text.get(excerpt.span()).expect("a range").starts_with("\u{e9}yy"));
        assert_eq!(excerpt.location, Location { line: 1, column: 4_000_001 });

        let start = Excerpt::of(&source, Span::new(0, 1));
        assert_eq!((start.span(), start.is_cut), (0..1, false));
    }
}
