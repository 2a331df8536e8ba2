//! Records that come one after the other.

use super::record::{Fault, Record, Stamp, own_fields, parsed, stamp};
use crate::catalog;

/// Parses records that come one after the other. Those of an event have the same stamp, which is not read again.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// The text of the last stamp from the end of the type on, with the space after it; empty if there is none.
    text: Vec<u8>,
    stamp: Stamp,
}

/// What auditd writes between the type and the stamp.
const BEFORE_STAMP: &[u8] = b" msg=audit(";

impl Records {
    /// Parses the next line as [`Record::parse`] does.
    ///
    /// # Errors
    /// [`Fault::Other`] for a line of another form.
    #[inline]
    pub fn parse<'l>(&mut self, line: &'l [u8]) -> Result<Record<'l>, Fault> {
        match self.of_same_event(line) {
            Some(record) => Ok(record),
            None => parsed(line, |text| self.stamp(text)),
        }
    }

    /// Parses a line of the last event, in its most frequent form.
    #[inline]
    fn of_same_event<'l>(&self, line: &'l [u8]) -> Option<Record<'l>> {
        let (kind, rest) = frequent_kind(line.strip_prefix(b"type=")?)?;
        let fields = rest.strip_prefix(&*self.text).filter(|_| !self.text.is_empty())?;
        let fields = fields.strip_suffix(b"\r").unwrap_or(fields);
        Some(Record { node: None, kind: Some(kind), stamp: self.stamp, fields: own_fields(fields) })
    }

    fn stamp<'l>(&mut self, text: &'l [u8]) -> Option<(&'l [u8], Stamp)> {
        let known = self.text.get(BEFORE_STAMP.len()..).unwrap_or_default();
        if !known.is_empty()
            && let Some(rest) = text.strip_prefix(known)
        {
            return Some((rest, self.stamp));
        }
        let (rest, stamp) = plain_stamp(text).or_else(|| stamp(text))?;
        self.text.clear();
        // Without the space, the text of another line could go on after it.
        if let Some(known @ [.., b' ']) = text.get(..text.len() - rest.len()) {
            self.text.extend_from_slice(BEFORE_STAMP);
            self.text.extend_from_slice(known);
        }
        self.stamp = stamp;
        Some((rest, stamp))
    }
}

/// Parses what [`stamp`] parses, if it has only digits between its signs, and few.
fn plain_stamp(text: &[u8]) -> Option<(&[u8], Stamp)> {
    let (seconds, rest) = digits(text, b'.')?;
    let (millis, rest) = digits(rest, b':')?;
    let (serial, rest) = digits(rest, b')')?;
    let rest = rest.strip_prefix(b": ")?;
    let millis = i64::from(u16::try_from(millis).ok()?);
    let millis = i64::try_from(seconds).ok()?.checked_mul(1_000)?.checked_add(millis)?;
    Some((rest, Stamp { millis, serial }))
}

/// Returns a number of at most 15 digits that a byte ends, and what comes after the byte.
#[inline]
fn digits(text: &[u8], end: u8) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (at, byte) in text.iter().enumerate().take(16) {
        match byte {
            b'0'..=b'9' => number = number * 10 + u64::from(byte - b'0'),
            _ if *byte == end && at > 0 => return Some((number, text.get(at + 1..)?)),
            _ => return None,
        }
    }
    None
}

/// Returns the type that a text begins with, and what comes after it, for the types that are most frequent.
#[inline]
fn frequent_kind(text: &[u8]) -> Option<(u32, &[u8])> {
    let (kind, len) = match text.first_chunk::<8>()? {
        b"SYSCALL " => (catalog::record::SYSCALL, 7),
        b"PATH msg" => (catalog::record::PATH, 4),
        b"CWD msg=" => (catalog::record::CWD, 3),
        b"PROCTITL" if text.get(8) == Some(&b'E') => (catalog::record::PROCTITLE, 9),
        _ => return None,
    };
    Some((kind, text.get(len..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_known_stamp_is_not_read_again() {
        let lines = [
            "type=EOE msg=audit(1.002:3):",
            "type=PATH msg=audit(1.002:3): a=1",
            "type=PATH msg=audit(1.002:3):  a=2",
            "type=PATH msg=audit(1.002:3):",
            "type=PATH msg=audit(1.002:3):x",
            "node=web type=PATH msg=audit(1.002:3): a=3",
            "type=PATH msg=audit(1.002:33): a=4",
            "type=PATH msg=audit(1.002:3",
            "type=PATH msg=audit(1.002:33): a=5",
            "audit: type=1300 audit(1.002:33): a=6",
        ];
        let mut records = Records::default();
        for line in lines {
            assert_eq!(records.parse(line.as_bytes()), Record::parse(line.as_bytes()), "{line}");
        }
        assert_eq!(records.stamp, Stamp { millis: 1_002, serial: 33 });
    }

    proptest! {
        /// The parser of a whole line is the reference.
        #[test]
        fn lines_that_come_one_after_the_other_are_the_same(
            lines in prop::collection::vec(
                ("(node=w )?type=(SYSCALL|PATH|CWD|PROCTITLE|PROCTITLF|EOE|1300) msg=audit\\(", "1?[0-9]{1,2}|[+-]1|[0-9]{15,20}",
                 "\\.(0|00[12]|[0-9]{3,6}):[1-3]?[0-9]?", "\\):? ?( a=b\u{1d}?)?\r?"),
                1..12,
            ),
        ) {
            let mut records = Records::default();
            for (head, seconds, rest, end) in &lines {
                let line = format!("{head}{seconds}{rest}{end}");
                prop_assert_eq!(records.parse(line.as_bytes()), Record::parse(line.as_bytes()), "{}", line);
            }
        }
    }
}
