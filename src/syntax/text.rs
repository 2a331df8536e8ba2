//! A piece of a rule, unescaped, and its place in the source.

use std::ops::Range;
use std::rc::Rc;

use crate::span::Span;

/// The bytes of a word or of a part of a word, with escapes resolved.
///
/// Words are bytes, not UTF-8: paths, keys and users may contain anything except NUL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'a>(Form<'a>);

/// A set of rules has some ten texts a line, so the usual form is small.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form<'a> {
    /// Contiguous bytes of the source, from `start`.
    Plain { bytes: &'a [u8], start: usize },
    /// Bytes that were written with escapes.
    Escaped(Rc<Escaped>),
}

/// Bytes, with the place of each byte and of the end in the source.
#[derive(Debug, PartialEq, Eq)]
struct Escaped {
    bytes: Vec<u8>,
    offsets: Vec<usize>,
}

impl Escaped {
    fn span(&self, range: Range<usize>) -> Span {
        let start = self.offsets.first().copied().unwrap_or(0);
        let place = |index| self.offsets.get(index).copied().unwrap_or(start);
        Span::new(place(range.start), place(range.end))
    }

    fn slice<'a>(&self, range: Range<usize>) -> Text<'a> {
        let end = range.end.min(self.bytes.len());
        let start = range.start.min(end);
        Text::escaped(
            self.bytes.get(start..end).unwrap_or_default().to_vec(),
            self.offsets.get(start..=end).unwrap_or_default().to_vec(),
        )
    }
}

impl<'a> Text<'a> {
    /// Creates a text from contiguous bytes of the source, from `start`.
    pub fn plain(bytes: &'a [u8], start: usize) -> Self {
        Text(Form::Plain { bytes, start })
    }

    /// Creates a text from bytes that were written with escapes: `offsets` has the place of each
    /// byte and of the end.
    pub(super) fn escaped(bytes: Vec<u8>, offsets: Vec<usize>) -> Self {
        Text(Form::Escaped(Rc::new(Escaped { bytes, offsets })))
    }

    /// Returns the bytes.
    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            Form::Plain { bytes, .. } => bytes,
            Form::Escaped(escaped) => &escaped.bytes,
        }
    }

    /// Returns the place of the whole text.
    #[inline]
    pub fn span(&self) -> Span {
        match &self.0 {
            Form::Plain { bytes, start } => Span::new(*start, start + bytes.len()),
            Form::Escaped(escaped) => escaped.span(0..escaped.bytes.len()),
        }
    }

    /// Returns a part of the text; a range beyond the end is cut.
    #[inline]
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Text<'a> {
        match &self.0 {
            Form::Plain { bytes, start: place } => {
                let end = range.end.min(bytes.len());
                let start = range.start.min(end);
                Text::plain(bytes.get(start..end).unwrap_or_default(), place + start)
            }
            Form::Escaped(escaped) => escaped.slice(range),
        }
    }

    /// Returns the text after the first `count` bytes.
    #[must_use]
    pub fn skip(&self, count: usize) -> Text<'a> {
        // A range beyond the end is cut.
        self.slice(count..usize::MAX)
    }

    /// Returns the parts between the commas, without empty parts, as strtok does.
    pub fn split_commas(&self) -> impl Iterator<Item = Text<'a>> + Clone {
        let mut end = 0;
        let parts = self.bytes().split(|&byte| byte == b',').map(move |part| {
            let start = end;
            end = start + part.len() + 1;
            start..start + part.len()
        });
        parts.filter(|part| !part.is_empty()).map(|part| self.slice(part))
    }

    /// Returns the place of some of its bytes.
    #[inline]
    pub(super) fn span_of(&self, range: Range<usize>) -> Span {
        match &self.0 {
            Form::Plain { start, .. } => Span::new(start + range.start, start + range.end),
            Form::Escaped(escaped) => escaped.span(range),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_places_in_plain_text() {
        let text = Text::plain(b"open,,close", 10);
        let parts: Vec<Text<'_>> = text.split_commas().collect();
        assert_eq!(parts.iter().map(Text::bytes).collect::<Vec<_>>(), [&b"open"[..], b"close"]);
        assert_eq!(parts[1].span(), Span::new(16, 21));
    }

    #[test]
    fn keeps_places_in_escaped_text() {
        // "a\ b" at 5: the space is at 6 and takes two bytes.
        let text = Text::escaped(b"a b".to_vec(), vec![5, 6, 8, 9]);
        assert_eq!(text.skip(2).span(), Span::new(8, 9));
        assert_eq!(text.span(), Span::new(5, 9));
    }
}
