//! A piece of a rule, unescaped, and its place in the source.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use crate::span::Span;

/// The bytes of a word or of a part of a word, with escapes resolved.
///
/// Words are bytes, not UTF-8: paths, keys and users may contain anything except NUL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    bytes: Cow<'a, [u8]>,
    start: usize,
    /// The place of each byte and of the end in the source; `None` if the bytes are contiguous.
    offsets: Option<Rc<[usize]>>,
}

impl<'a> Text<'a> {
    /// Creates a text from contiguous bytes of the source, from `start`.
    pub fn plain(bytes: &'a [u8], start: usize) -> Self {
        Text { bytes: Cow::Borrowed(bytes), start, offsets: None }
    }

    /// Creates a text from bytes that were written with escapes: `offsets` has the place of each
    /// byte and of the end.
    pub(super) fn escaped(bytes: Vec<u8>, offsets: Vec<usize>) -> Self {
        let start = offsets.first().copied().unwrap_or(0);
        Text { bytes: Cow::Owned(bytes), start, offsets: Some(offsets.into()) }
    }

    /// Returns the bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the place of the whole text.
    pub fn span(&self) -> Span {
        Span::new(self.place(0), self.place(self.bytes.len()))
    }

    /// Returns a part of the text; a range beyond the end is cut.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Text<'a> {
        let end = range.end.min(self.bytes.len());
        let start = range.start.min(end);
        let bytes = match &self.bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(start..end).unwrap_or_default()),
            Cow::Owned(bytes) => Cow::Owned(bytes.get(start..end).unwrap_or_default().to_vec()),
        };
        let offsets = self.offsets.as_ref().and_then(|all| all.get(start..=end)).map(Rc::from);
        Text { bytes, start: self.place(start), offsets }
    }

    /// Returns the text after the first `count` bytes.
    #[must_use]
    pub fn skip(&self, count: usize) -> Text<'a> {
        self.slice(count..self.bytes.len())
    }

    /// Returns the parts between the commas, without empty parts, as strtok does.
    pub fn split_commas(&self) -> Vec<Text<'a>> {
        let mut parts = Vec::new();
        let mut start = 0;
        for part in self.bytes.split(|&byte| byte == b',') {
            if !part.is_empty() {
                parts.push(self.slice(start..start + part.len()));
            }
            start += part.len() + 1;
        }
        parts
    }

    fn place(&self, index: usize) -> usize {
        match &self.offsets {
            Some(offsets) => offsets.get(index).copied().unwrap_or(self.start),
            None => self.start + index,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_places_in_plain_text() {
        let text = Text::plain(b"open,,close", 10);
        let parts = text.split_commas();
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
