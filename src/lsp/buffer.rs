//! A text in the form that editors use: lines end in LF, CR LF or CR, and columns are counted in the unit that
//! client and server agreed on.

use gen_lsp_types::{Position, PositionEncodingKind, Range};

use crate::source::Source;
use crate::span::Span;

/// The unit that columns are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, which every editor supports.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// Returns the first encoding of `offered` that this server supports.
    pub(super) fn agreed(offered: &[PositionEncodingKind]) -> Self {
        let known = offered.iter().find_map(|kind| match kind {
            PositionEncodingKind::UTF8 => Some(Encoding::Utf8),
            PositionEncodingKind::UTF16 => Some(Encoding::Utf16),
            PositionEncodingKind::UTF32 => Some(Encoding::Utf32),
            PositionEncodingKind::Custom(_) => None,
        });
        known.unwrap_or(Encoding::Utf16)
    }

    /// Returns the name of the encoding in the protocol.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, char: char) -> usize {
        match self {
            Encoding::Utf8 => char.len_utf8(),
            Encoding::Utf16 => char.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }
}

/// A text with an index of its lines.
#[derive(Clone, Debug)]
pub(super) struct Buffer {
    source: Source,
    /// The byte at which each line begins.
    starts: Vec<usize>,
}

impl Buffer {
    /// Creates a buffer; `name` is the name shown to users.
    pub(super) fn new(name: &str, text: Vec<u8>) -> Self {
        let mut starts = vec![0];
        for (at, byte) in text.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => text.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(at + 1);
            }
        }
        Buffer { source: Source::new(name, text), starts }
    }

    /// Returns the text in the form that the compiler uses.
    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// Returns the whole text.
    pub(super) fn text(&self) -> &[u8] {
        self.source.text()
    }

    /// Returns the text of a span.
    pub(super) fn slice(&self, span: Span) -> &[u8] {
        self.text().get(span.range()).unwrap_or_default()
    }

    /// Returns the byte offset of a position. A column after the end of the line means the end of the line, a line
    /// after the last one means the end of the text, and a column inside a character means its start.
    pub(super) fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(span) = self.line(line) else { return self.text().len() };
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        let (mut column, mut offset) = (0, span.start);
        for (char, len) in chars(self.slice(span)) {
            column += encoding.width(char);
            if column > wanted {
                break;
            }
            offset += len;
        }
        offset
    }

    /// Returns the position of a byte. An offset after the end of the text means its end.
    pub(super) fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let offset = offset.min(self.text().len());
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let mut column = 0;
        let mut at = start;
        for (char, len) in chars(self.slice(Span::new(start, self.text().len()))) {
            at += len;
            if at > offset {
                break;
            }
            column += encoding.width(char);
        }
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position { line: number(line), character: number(column) }
    }

    /// Returns the range of a span.
    pub(super) fn range(&self, span: Span, encoding: Encoding) -> Range {
        Range { start: self.position(span.start, encoding), end: self.position(span.end, encoding) }
    }

    /// Returns the span of a range; it is empty if the range ends before it begins.
    pub(super) fn span(&self, range: Range, encoding: Encoding) -> Span {
        let start = self.offset(range.start, encoding);
        Span::new(start, self.offset(range.end, encoding).max(start))
    }

    /// Returns a buffer in which `by` replaces a span.
    #[must_use]
    pub(super) fn replaced(&self, span: Span, by: &str) -> Self {
        let before = self.slice(Span::new(0, span.start));
        let after = self.slice(Span::new(span.end, self.text().len()));
        Buffer::new(self.source.name(), [before, by.as_bytes(), after].concat())
    }

    /// Returns the index of the line that contains a byte.
    fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Returns the span of a line, counted from 0, without its line ending.
    fn line(&self, line: usize) -> Option<Span> {
        let start = *self.starts.get(line)?;
        let next = self.starts.get(line + 1).copied();
        let end = next.unwrap_or(self.text().len());
        let text = self.slice(Span::new(start, end));
        let ends = match text {
            _ if next.is_none() => 0,
            [.., b'\r', b'\n'] => 2,
            _ => 1,
        };
        Some(Span::new(start, end - ends))
    }
}

/// Returns the characters of a text and their lengths in bytes; invalid UTF-8 becomes replacement characters, as in
/// editors.
fn chars(text: &[u8]) -> impl Iterator<Item = (char, usize)> {
    text.utf8_chunks().flat_map(|chunk| {
        let invalid = chunk.invalid().len();
        let valid = chunk.valid().chars().map(|char| (char, char.len_utf8()));
        valid.chain((invalid > 0).then_some((char::REPLACEMENT_CHARACTER, invalid)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn counts_columns_in_the_unit_of_the_encoding() {
        // é has 2 bytes and 1 UTF-16 code unit, the emoji 4 and 2.
        let buffer = Buffer::new("a", "# é😀x\n-D".as_bytes().to_vec());
        for (encoding, column) in [(Encoding::Utf8, 8), (Encoding::Utf16, 5), (Encoding::Utf32, 4)]
        {
            assert_eq!(buffer.position(8, encoding), position(0, column));
            assert_eq!(buffer.offset(position(0, column), encoding), 8);
        }
        // A position inside a character means its start.
        assert_eq!(buffer.offset(position(0, 4), Encoding::Utf16), 4);
        assert_eq!(buffer.position(6, Encoding::Utf16), position(0, 3));
    }

    #[test]
    fn clamps_positions_to_the_line_and_the_text() {
        let buffer = Buffer::new("a", b"-D\r\n-e 1\rx".to_vec());
        let offset = |line, column| buffer.offset(position(line, column), Encoding::Utf16);
        assert_eq!((offset(0, 99), offset(1, 99), offset(2, 99)), (2, 8, 10));
        assert_eq!(offset(3, 0), 10);
        assert_eq!(buffer.position(99, Encoding::Utf16), position(2, 1));
        assert_eq!(buffer.position(4, Encoding::Utf16), position(1, 0));
    }

    #[test]
    fn replaces_a_span() {
        let buffer = Buffer::new("a", b"-D\n-e 1\n".to_vec());
        assert_eq!(buffer.replaced(Span::new(3, 8), "").text(), b"-D\n");
        let backwards = Range { start: position(1, 2), end: position(0, 0) };
        assert_eq!(buffer.span(backwards, Encoding::Utf16), Span::new(5, 5));
    }
}
