//! Divides a rules file into lines, as auditctl's `fgets` does.

use memchr::{memchr, memchr_iter, memchr2};

use crate::span::Span;

/// The number of bytes that auditctl reads at a time. A longer line continues as the next line
/// (`LINE_SIZE`, auditctl.c, less the NUL).
pub const MAX_LINE: usize = 6143;

/// One line of a rules file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The number that auditctl counts: a line longer than [`MAX_LINE`] counts as several lines.
    pub number: usize,
    /// The place of its bytes in the file.
    pub span: Span,
    /// Its bytes, up to the newline or the first NUL.
    pub bytes: &'a [u8],
}

/// Returns the lines of a file. The last line needs no newline.
///
/// ```
/// let lines: Vec<_> = rauditctl::syntax::lines(b"-D\n\n-e 1").map(|line| line.bytes).collect();
/// assert_eq!(lines, [&b"-D"[..], b"", b"-e 1"]);
/// ```
pub fn lines(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    let mut number = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let chunk = rest.get(..MAX_LINE.min(rest.len()))?;
        // Nearly every line ends with a newline, and has no NUL before.
        let end = memchr2(b'\n', 0, chunk).unwrap_or(chunk.len());
        let (bytes, after) = chunk.split_at_checked(end)?;
        let taken = match after {
            [b'\n', ..] => end + 1,
            _ => end + memchr(b'\n', after).map_or(after.len(), |newline| newline + 1),
        };
        number += 1;
        let line = Line { number, span: Span::new(start, start + bytes.len()), bytes };
        start += taken;
        Some(line)
    })
}

/// Returns the number of lines of a file, or a few more if a line is longer than [`MAX_LINE`].
pub(crate) fn most_lines(text: &[u8]) -> usize {
    memchr_iter(b'\n', text).count() + text.len() / MAX_LINE + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continues_long_lines_as_the_next_line() {
        let mut text = vec![b'x'; MAX_LINE];
        text.extend_from_slice(b"\n-D\n");
        let seen: Vec<_> = lines(&text).map(|l| (l.number, l.span.start, l.bytes.len())).collect();
        // The newline of the long line is read separately, as an empty line.
        assert_eq!(seen, [(1, 0, MAX_LINE), (2, MAX_LINE, 0), (3, MAX_LINE + 1, 2)]);
    }

    #[test]
    fn nul_ends_the_line_but_not_the_file() {
        let seen: Vec<_> = lines(b"-k a\0b\n-D").map(|l| l.bytes).collect();
        assert_eq!(seen, [&b"-k a"[..], b"-D"]);
    }
}
