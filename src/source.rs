//! A text with rules: a file, standard input, or a command line.

use crate::span::Span;

/// Line and column of a byte, both counted from 1. The column counts characters; a byte that is not
/// UTF-8 counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The line, as editors count.
    pub line: usize,
    /// The column, as editors count.
    pub column: usize,
}

/// A named text.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: Vec<u8>,
    line_starts: Vec<usize>,
}

impl Source {
    /// Creates a source from the text of a file and its display name.
    pub fn new(name: impl Into<String>, text: Vec<u8>) -> Self {
        let line_starts = std::iter::once(0)
            .chain(text.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1))
            .collect();
        Source { name: name.into(), text, line_starts }
    }

    /// Returns a command line as one line of text, and the place of each argument in it.
    ///
    /// ```
    /// use rauditctl::source::Source;
    /// let (source, spans) = Source::command_line([b"-k".to_vec(), b"two words".to_vec()]);
    /// assert_eq!(source.text(), b"-k two words");
    /// assert_eq!(&source.text()[spans[1].range()], b"two words");
    /// ```
    pub fn command_line(arguments: impl IntoIterator<Item = Vec<u8>>) -> (Self, Vec<Span>) {
        let mut text = Vec::new();
        let mut spans = Vec::new();
        for argument in arguments {
            if !spans.is_empty() {
                text.push(b' ');
            }
            spans.push(Span::new(text.len(), text.len() + argument.len()));
            text.extend(argument);
        }
        (Source::new("command line", text), spans)
    }

    /// Returns the display name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole text.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Returns line and column of the byte at `offset`. An offset beyond the end of the text means
    /// its end.
    pub fn location(&self, offset: usize) -> Location {
        let offset = offset.min(self.text.len());
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let before = self.text.get(self.line_start(line)..offset).unwrap_or_default();
        Location { line, column: String::from_utf8_lossy(before).chars().count() + 1 }
    }

    /// Returns the bytes of a line (counted from 1) without its newline.
    pub fn line(&self, line: usize) -> Span {
        let start = self.line_start(line);
        let end = self.line_starts.get(line).map_or(self.text.len(), |next| next - 1);
        Span::new(start, end.max(start))
    }

    fn line_start(&self, line: usize) -> usize {
        self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters_from_one() {
        let source = Source::new("a.rules", "-D\n-k é x\n".as_bytes().to_vec());
        assert_eq!(source.location(0), Location { line: 1, column: 1 });
        assert_eq!(source.location(3), Location { line: 2, column: 1 });
        // é takes two bytes and one column.
        assert_eq!(source.location(9), Location { line: 2, column: 6 });
        assert_eq!(source.location(99).line, 3);
    }

    #[test]
    fn line_ends_before_its_newline() {
        let source = Source::new("a.rules", b"-D\n\n-e 1".to_vec());
        assert_eq!(source.line(1), Span::new(0, 2));
        assert_eq!(source.line(2), Span::new(3, 3));
        assert_eq!(source.line(3), Span::new(4, 8));
        assert_eq!(source.line(9), Span::new(8, 8));
    }
}
