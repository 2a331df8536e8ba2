//! One line of a log: a record.

use memchr::memrchr;
use nom::bytes::complete::{tag, take_till1, take_until};
use nom::character::complete::{digit1, i64 as number, u16 as short, u64 as long};
use nom::combinator::{opt, verify};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};
use thiserror::Error;

use crate::catalog;

/// The byte that auditd puts before the fields that it adds (`log_format = ENRICHED`).
const ENRICHED: u8 = 0x1d;

/// The number of an event: its time, and its serial number since boot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// Milliseconds since 1970.
    pub millis: i64,
    /// The serial number.
    pub serial: u64,
}

/// A record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'l> {
    /// The machine, if the line names it.
    pub node: Option<&'l [u8]>,
    /// The type; `None` for a name that no kernel of the catalog has.
    pub kind: Option<u32>,
    /// The event that it belongs to.
    pub stamp: Stamp,
    /// Its fields, without those that auditd adds.
    pub fields: &'l [u8],
}

/// The reason why a line is no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Fault {
    /// It has another form.
    #[error("not a record")]
    Other,
    /// It is longer than any record.
    #[error("too long")]
    TooLong,
    /// The file ends within it.
    #[error("cut off")]
    CutOff,
}

impl<'l> Record<'l> {
    /// Parses a line without its newline, as auditd or the kernel writes it.
    ///
    /// ```
    /// use rauditctl::ingest::Record;
    ///
    /// let line = b"node=web type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2";
    /// let record = Record::parse(line).unwrap();
    /// assert_eq!((record.node, record.kind), (Some(&b"web"[..]), Some(1300)));
    /// assert_eq!((record.stamp.millis, record.stamp.serial), (1_364_481_363_243, 24_287));
    /// let line = b"[   12.5] audit: type=1400 audit(1364481363.243:5): avc:  denied";
    /// assert_eq!(Record::parse(line).unwrap().kind, Some(1400));
    /// ```
    ///
    /// # Errors
    /// [`Fault::Other`] for a line of another form.
    pub fn parse(line: &'l [u8]) -> Result<Self, Fault> {
        parsed(line, stamp)
    }
}

/// Parses a line with a parser of its stamp.
pub(super) fn parsed<'l>(
    line: &'l [u8],
    stamp: impl FnOnce(&'l [u8]) -> Option<(&'l [u8], Stamp)>,
) -> Result<Record<'l>, Fault> {
    // A copy that went through another system ends its lines with CR LF.
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let parsed = if line.starts_with(b"type=") || line.starts_with(b"node=") {
        of_auditd(line, stamp)
    } else {
        of_kernel(line, stamp)
    };
    parsed.ok_or(Fault::Other)
}

/// Parses `node=NAME type=TYPE msg=audit(TIME:SERIAL): FIELDS`.
fn of_auditd<'l>(
    line: &'l [u8],
    stamp: impl FnOnce(&'l [u8]) -> Option<(&'l [u8], Stamp)>,
) -> Option<Record<'l>> {
    let (node, rest) = match line.strip_prefix(b"node=") {
        Some(rest) => word(rest).map(|(node, rest)| (Some(node), rest))?,
        None => (None, line),
    };
    let (kind, rest) = word(rest.strip_prefix(b"type=")?)?;
    let (fields, stamp) = stamp(rest.strip_prefix(b"msg=audit(")?)?;
    Some(Record { node, kind: kind_of(kind), stamp, fields: own_fields(fields) })
}

/// Parses `audit: type=NUMBER audit(TIME:SERIAL): FIELDS` after what syslog and the kernel put before it.
fn of_kernel<'l>(
    line: &'l [u8],
    stamp: impl FnOnce(&'l [u8]) -> Option<(&'l [u8], Stamp)>,
) -> Option<Record<'l>> {
    let (rest, ()) = before_kernel_text(line).ok()?;
    let kind: IResult<_, _> = delimited(tag("audit: type="), digit1, tag(" audit(")).parse(rest);
    let (rest, kind): (&[u8], &[u8]) = kind.ok()?;
    let (fields, stamp) = stamp(rest)?;
    Some(Record { node: None, kind: kind_of(kind), stamp, fields: own_fields(fields) })
}

/// Parses what comes before a text of the kernel: nothing, the time since boot, or what syslog writes up to ` kernel: `.
/// A text of the kernel can have such words in it, and is not searched, and a text of another program begins after the
/// first `: `: it can be anything.
fn before_kernel_text(line: &[u8]) -> IResult<&[u8], ()> {
    let is_of_kernel = |before: &&[u8]| *before == b"kernel" || before.ends_with(b" kernel");
    let syslog = opt((verify(take_until(": "), is_of_kernel), tag(": ")));
    let uptime = opt((tag("["), take_till1(|byte| byte == b']'), tag("] ")));
    let is_bare = line.starts_with(b"audit: ") || line.starts_with(b"[");
    match is_bare {
        true => uptime.map(|_| ()).parse(line),
        false => (syslog, uptime).map(|_| ()).parse(line),
    }
}

/// Returns the number of records that the kernel has lost since boot, if a line of its log reports that.
pub fn lost(line: &[u8]) -> Option<u64> {
    let (rest, ()) = before_kernel_text(line).ok()?;
    let lost: IResult<&[u8], u64> = preceded(tag("audit: audit_lost="), long).parse(rest);
    lost.ok().map(|(_, lost)| lost)
}

/// Returns the first word of a text, and what comes after the space that ends it.
fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| *byte == b' ')?;
    Some((text.get(..end)?, text.get(end + 1..)?)).filter(|(word, _)| !word.is_empty())
}

/// Parses `SECONDS.MILLISECONDS:SERIAL):` and one space.
pub(super) fn stamp(text: &[u8]) -> Option<(&[u8], Stamp)> {
    let parsed: IResult<_, _> = (
        terminated(number, tag(".")),
        terminated(short, tag(":")),
        terminated(long, (tag("):"), opt(tag(" ")))),
    )
        .parse(text);
    let (rest, (seconds, millis, serial)) = parsed.ok()?;
    let millis = seconds.saturating_mul(1_000).saturating_add(millis.into());
    Some((rest, Stamp { millis, serial }))
}

/// Returns the number of a type: `SYSCALL`, `1300` and `UNKNOWN[1300]` are the same.
fn kind_of(name: &[u8]) -> Option<u32> {
    match name {
        b"SYSCALL" => Some(catalog::record::SYSCALL),
        b"PATH" => Some(catalog::record::PATH),
        b"CWD" => Some(catalog::record::CWD),
        b"PROCTITLE" => Some(catalog::record::PROCTITLE),
        b"EXECVE" => Some(catalog::record::EXECVE),
        _ => {
            let digits = name.strip_prefix(b"UNKNOWN[").and_then(|rest| rest.strip_suffix(b"]"));
            let number = std::str::from_utf8(digits.unwrap_or(name)).ok()?.parse().ok();
            number.or_else(|| catalog::kernel_msgtype_number(name))
        }
    }
}

/// Returns the fields without those that auditd adds. The message of a program can have the byte before them, too: the
/// last one is that of auditd.
pub(super) fn own_fields(fields: &[u8]) -> &[u8] {
    memrchr(ENRICHED, fields).and_then(|end| fields.get(..end)).unwrap_or(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Record<'_>, Fault> {
        Record::parse(line.as_bytes())
    }

    #[test]
    fn reads_each_form() {
        for line in [
            "type=SYSCALL msg=audit(1.002:3): a=b",
            "type=1300 msg=audit(1.002:3): a=b",
            "type=UNKNOWN[1300] msg=audit(1.002:3): a=b",
            "type=SYSCALL msg=audit(1.002:3): a=b\u{1d}ARCH=x86_64",
            "type=SYSCALL msg=audit(1.002:3): a=b\r",
            "audit: type=1300 audit(1.002:3): a=b",
            "[    4.5] audit: type=1300 audit(1.002:3): a=b",
            "Nov 27 08:00:01 web kernel: [    4.5] audit: type=1300 audit(1.002:3): a=b",
            "2026-11-27T08:00:01+00:00 web kernel: audit: type=1300 audit(1.002:3): a=b",
        ] {
            let record = parsed(line).unwrap();
            let stamp = Stamp { millis: 1_002, serial: 3 };
            assert_eq!(
                (record.kind, record.stamp, record.node),
                (Some(1300), stamp, None),
                "{line}"
            );
            assert_eq!(record.fields, b"a=b", "{line}");
        }
        let line = "type=USER_CMD msg=audit(1.002:3): auid=5 msg='a\u{1d}b'\u{1d}AUID=\"ann\"";
        assert_eq!(parsed(line).unwrap().fields, b"auid=5 msg='a\x1db'", "a byte of the program");
        assert_eq!(parsed("type=NEWS msg=audit(1.002:3): x").unwrap().kind, None);
        assert_eq!(parsed("type=EOE msg=audit(1.002:3):").unwrap().fields, b"");
    }

    #[test]
    fn other_lines_are_no_records() {
        for line in [
            "",
            "type=SYSCALL",
            "type=SYSCALL msg=audit(1.002:): x",
            "type=SYSCALL msg=audit(1.002:99999999999999999999999): x",
            "type= msg=audit(1.002:3): x",
            " type=SYSCALL msg=audit(1.002:3): x",
            "Nov 27 08:00:01 web sshd: audit: type=1300 audit(1.002:3): x",
            "[    4.5] process: audit: type=1300 audit(1.002:3): x",
            "Nov 27 08:00:01 web kernel: oom: kernel: audit: type=1300 audit(1.002:3): x",
            // What any user can write into the log of the system.
            "Nov 27 08:00:01 web sshd: kernel: audit: type=1300 audit(1.002:3): x",
            "Nov 27 08:00:01 web sshd[7]: x kernel: audit: type=1300 audit(1.002:3): x",
            "Nov 27 08:00:01 web mykernel: audit: type=1300 audit(1.002:3): x",
        ] {
            assert_eq!(parsed(line), Err(Fault::Other), "{line}");
        }
    }

    #[test]
    fn the_kernel_counts_lost_records() {
        let line = b"[   77.1] audit: audit_lost=12 audit_rate_limit=0 audit_backlog_limit=64";
        assert_eq!(lost(line), Some(12));
        assert_eq!(lost(b"name: audit: audit_lost=12"), None);
    }
}
