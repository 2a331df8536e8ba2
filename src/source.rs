//! A text with rules: a file, standard input, or a command line.

use memchr::memchr_iter;

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
    /// Places in long lines, in order: columns are counted from the last one before a place, not from the start of
    /// the line.
    marks: Vec<Mark>,
}

/// The start of a character in a long line.
#[derive(Clone, Copy, Debug)]
struct Mark {
    offset: usize,
    /// The number of characters before it in its line.
    characters: usize,
}

/// Number of bytes between marks.
const BETWEEN_MARKS: usize = 4096;

impl Source {
    /// Creates a source from the text of a file and its display name.
    pub fn new(name: impl Into<String>, text: Vec<u8>) -> Self {
        let mut line_starts = vec![0];
        line_starts.extend(memchr_iter(b'\n', &text).map(|at| at + 1));
        let ends = line_starts.iter().skip(1).copied().chain([text.len()]);
        let lines = line_starts.iter().copied().zip(ends);
        let long = lines.filter(|(start, end)| end - start > BETWEEN_MARKS);
        let marks = long.flat_map(|(start, end)| marks_in(&text, start, end)).collect();
        Source { name: name.into(), text, line_starts, marks }
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
        let start = self.line_start(line);
        let marked = self.marks.partition_point(|mark| mark.offset <= offset);
        let mark = self.marks.get(..marked).and_then(<[Mark]>::last);
        let near = Mark { offset: start, characters: 0 };
        let near = mark.filter(|mark| mark.offset >= start).copied().unwrap_or(near);
        let before = self.text.get(near.offset..offset).unwrap_or_default();
        let characters = near.characters + String::from_utf8_lossy(before).chars().count();
        Location { line, column: characters + 1 }
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

/// Returns the marks in the line from `start` to `end`.
fn marks_in(text: &[u8], start: usize, end: usize) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut next = start + BETWEEN_MARKS;
    let mut at = Mark { offset: start, characters: 0 };
    let mut pass = |length: usize| {
        at = Mark { offset: at.offset + length, characters: at.characters + 1 };
        if at.offset >= next {
            marks.push(at);
            next = at.offset + BETWEEN_MARKS;
        }
    };
    for chunk in text.get(start..end).unwrap_or_default().utf8_chunks() {
        chunk.valid().chars().for_each(|char| pass(char.len_utf8()));
        if !chunk.invalid().is_empty() {
            pass(chunk.invalid().len());
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns_of_long_lines_like_those_of_short_lines() {
        // Characters of every length, and bytes that are not UTF-8, at every distance from a mark.
        let piece = b"a\xc3\xa9\xf0\x9f\x98\x80\xff\xe2\x82x\xc3\xc3";
        let text = [b"-D\n".as_slice(), &piece.repeat(2000), b"\n", &piece.repeat(800)].concat();
        let source = Source::new("a", text.clone());
        assert!(source.marks.len() > 5);
        for offset in (0..text.len()).step_by(7).chain([text.len()]) {
            let line = text.get(..offset).unwrap().split(|byte| *byte == b'\n').next_back();
            let column = String::from_utf8_lossy(line.unwrap()).chars().count() + 1;
            assert_eq!(source.location(offset).column, column, "{offset}");
        }
    }

    #[test]
    fn short_lines_need_no_marks() {
        let source = Source::new("a", b"-w /etc/passwd\n".repeat(10_000));
        assert!(source.marks.is_empty());
    }

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
