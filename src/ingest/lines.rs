//! The lines of a log.

use std::io::{self, BufRead};

use memchr::memchr;

use super::record::Fault;

/// Maximum number of bytes in a line. A record has at most 8,970 (`MAX_AUDIT_MESSAGE_LENGTH`), and auditd adds names.
pub const MOST_BYTES: usize = 65_536;

/// Reads lines. Takes the same memory for every log.
#[derive(Debug)]
pub struct Lines<R> {
    from: R,
    /// The beginning of a line whose end comes with the next read.
    part: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Reads the lines of a log.
    pub fn of(from: R) -> Self {
        Lines { from, part: Vec::new() }
    }

    /// Passes each line that has arrived to `take`, without its newline, or the reason why it is none. A line without a
    /// newline stays until more arrives.
    ///
    /// ```
    /// use rauditctl::ingest::{Fault, Lines};
    ///
    /// let mut lines = Lines::of(&b"one\ntwo\nthr"[..]);
    /// let mut read = Vec::new();
    /// lines.each(|line| read.push(line.map(<[u8]>::to_vec)))?;
    /// lines.end(|fault| read.push(Err(fault)));
    /// assert_eq!(read, [Ok(b"one".to_vec()), Ok(b"two".to_vec()), Err(Fault::CutOff)]);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// The error of the reader.
    pub fn each(&mut self, mut take: impl FnMut(Result<&[u8], Fault>)) -> io::Result<()> {
        let Lines { from, part } = self;
        loop {
            let mut rest = match from.fill_buf() {
                Ok([]) => return Ok(()),
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let len = rest.len();
            while let Some((line, after)) = split(rest) {
                rest = after;
                if part.is_empty() {
                    take(checked(line));
                } else {
                    keep(part, line);
                    take(checked(part));
                    part.clear();
                }
            }
            keep(part, rest);
            from.consume(len);
        }
    }

    /// Passes a fault to `take` if no newline ends the last line: the log ends within it.
    pub fn end(&mut self, mut take: impl FnMut(Fault)) {
        if !self.part.is_empty() {
            take(Fault::CutOff);
            self.part.clear();
        }
    }
}

/// Returns the first line, and what comes after its newline.
fn split(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr(b'\n', text)?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

/// Adds to the beginning of a line. One byte more than a line may have is enough to see that it is too long.
fn keep(part: &mut Vec<u8>, bytes: &[u8]) {
    let len = (MOST_BYTES + 1).saturating_sub(part.len()).min(bytes.len());
    part.extend_from_slice(bytes.get(..len).unwrap_or_default());
}

fn checked(line: &[u8]) -> Result<&[u8], Fault> {
    if line.len() > MOST_BYTES { Err(Fault::TooLong) } else { Ok(line) }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn reads_in_parts_of_any_size() {
        let long = vec![b'x'; MOST_BYTES + 5];
        let text = [&b"one\n\ntwo two\n"[..], &long, b"\nthree\n"].concat();
        for size in [1, 3, 7, 1 << 20] {
            let mut lines = Lines::of(BufReader::with_capacity(size, &text[..]));
            let mut read = Vec::new();
            lines.each(|line| read.push(line.map(|line| line.to_vec()))).unwrap();
            lines.end(|fault| read.push(Err(fault)));
            let line = |text: &[u8]| Ok(text.to_vec());
            let expected =
                [line(b"one"), line(b""), line(b"two two"), Err(Fault::TooLong), line(b"three")];
            assert_eq!(read, expected, "{size}");
        }
    }
}
