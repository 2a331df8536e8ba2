//! Divides a line into words at spaces; `\ ` stands for a space and `\\` for a backslash.
//!
//! auditctl does this in three steps on one buffer, with side effects that files may rely on: first it marks each
//! escape with two control bytes, then it splits the line at the remaining spaces, then it resolves the marks, except
//! in the first word. This module does the same.

use memchr::memchr3;
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::combinator::value;
use nom::{IResult, Parser};

use super::places::each_place;
use super::text::Text;

/// Two of these bytes mark an escaped space.
const SPACE_MARK: u8 = 0x07;
/// Two of these bytes mark an escaped backslash.
const BACKSLASH_MARK: u8 = 0x04;

/// Returns the words of a line of a rules file; `start` is the offset of the line in the file.
///
/// Only spaces separate words: a TAB or CR is part of its word.
///
/// ```
/// use rauditctl::syntax::words;
/// let words = words(br"-w /a\ b  -k x", 0);
/// let bytes: Vec<_> = words.iter().map(|word| word.bytes()).collect();
/// assert_eq!(bytes, [&b"-w"[..], b"/a b", b"-k", b"x"]);
/// ```
pub fn words(line: &[u8], start: usize) -> Vec<Text<'_>> {
    let mut words = Vec::with_capacity(spaces(line) + 1);
    add_words(line, start, &mut words);
    // A line may have more spaces than words.
    words.shrink_to_fit();
    words
}

/// Adds the words of a line.
pub(super) fn add_words<'l>(line: &'l [u8], start: usize, words: &mut Vec<Text<'l>>) {
    match memchr3(b'\\', SPACE_MARK, BACKSLASH_MARK, line) {
        None => each_word(line, |at, word| words.push(Text::plain(word, start + at))),
        Some(_) => each_word(&mark_escapes(line), |at, word| {
            let unmarked = line.get(at..at + word.len()).unwrap_or_default();
            words.push(if words.is_empty() && word != unmarked {
                first_word(word, start + at)
            } else if !words.is_empty() && has_marks(word) {
                resolve_marks(word, start + at)
            } else {
                Text::plain(unmarked, start + at)
            });
        }),
    }
}

/// Passes each word of a line to `take`, with its offset.
fn each_word<'l>(line: &'l [u8], mut take: impl FnMut(usize, &'l [u8])) {
    let mut start = 0;
    let mut pass = |end| {
        if let Some(word @ [_, ..]) = line.get(start..end) {
            take(start, word);
        }
        start = end + 1;
    };
    each_place(line, b' ', &mut pass);
    pass(line.len());
}

/// Returns the number of spaces in a line.
fn spaces(line: &[u8]) -> usize {
    // Numbers of eight bits are added many at once.
    let in_part = |part: &[u8]| part.iter().map(|byte| u8::from(*byte == b' ')).sum::<u8>();
    line.chunks(255).map(|part| usize::from(in_part(part))).sum()
}

fn has_marks(word: &[u8]) -> bool {
    word.iter().any(|byte| matches!(*byte, SPACE_MARK | BACKSLASH_MARK))
}

/// Returns a word as written in a rules file, escaped so that auditctl reads these bytes.
pub fn escaped(word: &[u8]) -> Vec<u8> {
    let escape = |byte: &u8| matches!(byte, b' ' | b'\\').then_some(b'\\');
    word.iter().flat_map(|byte| escape(byte).into_iter().chain([*byte])).collect()
}

/// Returns the first word of a line. auditctl does not replace marks in it.
fn first_word<'a>(word: &[u8], start: usize) -> Text<'a> {
    Text::escaped(word.to_vec(), (start..=start + word.len()).collect())
}

/// Replaces each escape by two marks, so that offsets do not change.
fn mark_escapes(line: &[u8]) -> Vec<u8> {
    let mut marked = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((byte, after)) = rest.split_first() {
        rest = match escape(rest) {
            Ok((after, mark)) => {
                marked.extend([mark, mark]);
                after
            }
            Err(_) => {
                marked.push(*byte);
                after
            }
        };
    }
    marked
}

/// Parses one escape to its mark.
fn escape(text: &[u8]) -> IResult<&[u8], u8> {
    let space = value(SPACE_MARK, tag(br"\ ".as_slice()));
    let backslash = value(BACKSLASH_MARK, tag(br"\\".as_slice()));
    alt((space, backslash)).parse(text)
}

/// Replaces each mark by its byte and drops the byte after it.
fn resolve_marks<'a>(word: &[u8], start: usize) -> Text<'a> {
    let mut bytes = Vec::with_capacity(word.len());
    let mut offsets = Vec::with_capacity(word.len() + 1);
    let mut places = word.iter().zip(start..);
    while let Some((byte, place)) = places.next() {
        offsets.push(place);
        bytes.push(match *byte {
            SPACE_MARK => b' ',
            BACKSLASH_MARK => b'\\',
            other => other,
        });
        if matches!(*byte, SPACE_MARK | BACKSLASH_MARK) {
            places.next();
        }
    }
    offsets.push(start + word.len());
    Text::escaped(bytes, offsets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn bytes(line: &[u8]) -> Vec<Vec<u8>> {
        words(line, 0).iter().map(|word| word.bytes().to_vec()).collect()
    }

    #[test]
    fn only_spaces_separate() {
        assert_eq!(bytes(b"  -k\ta  b\r"), [b"-k\ta".to_vec(), b"b\r".to_vec()]);
        assert!(bytes(b"   ").is_empty());
    }

    #[test]
    fn finds_each_space_of_a_long_line() {
        // Bytes that differ from a space in one bit, and the byte after it, are no spaces.
        let letters = [b' ', b'a', 0xa0, b'!', b' ', 0x1f, b'0', 0x7f, 0x80, 0xff];
        let line: Vec<u8> = (0..700).map(|at| letters[at * at / 7 % letters.len()]).collect();
        for len in 0..line.len() {
            let line = &line[..len];
            let expected: Vec<&[u8]> =
                line.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).collect();
            let words = words(line, 0);
            assert_eq!(words.iter().map(Text::bytes).collect::<Vec<_>>(), expected);
            assert!(words.iter().all(|word| &line[word.span().range()] == word.bytes()));
            assert_eq!(spaces(line), line.iter().filter(|byte| **byte == b' ').count());
        }
    }

    #[test]
    fn backslash_escapes_only_space_and_itself() {
        assert_eq!(bytes(br"-w /a\ b\\c\d"), [b"-w".to_vec(), br"/a b\c\d".to_vec()]);
        assert_eq!(bytes(br"-w a\"), [b"-w".to_vec(), br"a\".to_vec()]);
    }

    #[test]
    fn first_word_keeps_the_marks() {
        assert_eq!(bytes(br"-w\ x y"), [b"-w\x07\x07x".to_vec(), b"y".to_vec()]);
    }

    #[test]
    fn raw_marks_drop_the_next_byte() {
        assert_eq!(bytes(b"-k a\x07bc \x04"), [b"-k".to_vec(), b"a c".to_vec(), b"\\".to_vec()]);
    }

    #[test]
    fn keeps_places_of_escaped_words() {
        let words = words(br"-w /a\ b", 100);
        assert_eq!(words[1].span(), Span::new(103, 108));
        assert_eq!(words[1].skip(3).span(), Span::new(107, 108));
    }
}
