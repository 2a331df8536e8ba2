//! What a file begins with: a record, or something else that a user has taken for a log.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::cli::exit::Stop;
use crate::cli::read::is_stdin;
use crate::cli::report::name_of;
use crate::ingest::Record;

/// The bytes of a file that show what it is.
const FIRST: u64 = 16_384;

/// The marks at the beginning of text in UTF-16.
const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

const UTF_16_HELP: &str = "it is text in UTF-16, which `iconv -f UTF-16 -t UTF-8` converts";
const RULES_HELP: &str = "it is a rules file: write --rules before it";
pub(super) const RECORD_HELP: &str =
    "a record is a line such as `type=SYSCALL msg=audit(1764230400.123:45): ...`";

/// What the first bytes of a text show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// What `ausearch` prints without `--raw`. It has the records of an event in reverse order, and with `-i` names for
    /// numbers.
    ForPeople,
    /// Text in UTF-16.
    Utf16,
    /// Rules of auditctl.
    Rules,
    /// A log, or anything else.
    Other,
}

impl Beginning {
    /// Looks at the bytes that a reader has next.
    pub(super) fn of(text: &mut impl BufRead) -> io::Result<Self> {
        loop {
            match text.fill_buf() {
                Ok(first) => return Ok(Beginning::by(first)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn by(first: &[u8]) -> Self {
        if UTF_16.iter().any(|mark| first.starts_with(mark)) {
            return Beginning::Utf16;
        }
        let lines = || first.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let first = lines().find(|line| !line.is_empty()).unwrap_or_default();
        if first == b"----" || first.starts_with(b"time->") {
            return Beginning::ForPeople;
        }
        match lines().find(|line| !line.is_empty() && !line.starts_with(b"#")) {
            Some([b'-', b'A'..=b'Z' | b'a'..=b'z', ..] | [b'-', b'-', b'a'..=b'z', ..]) => {
                Beginning::Rules
            }
            _ => Beginning::Other,
        }
    }

    /// Returns why a file without a record is no log.
    pub(super) fn no_record(self, path: &Path) -> Stop {
        let is_named_so = path.extension().is_some_and(|end| end == "rules");
        let help = match self {
            Beginning::Utf16 => UTF_16_HELP,
            Beginning::Rules => RULES_HELP,
            Beginning::ForPeople | Beginning::Other if is_named_so => RULES_HELP,
            Beginning::ForPeople | Beginning::Other => RECORD_HELP,
        };
        Stop::unanswered(format_args!("{} has no record of a log; {help}", shown(path)))
    }

    /// Stops if this is what `ausearch` prints for people.
    pub(super) fn check(self, path: &Path) -> Result<(), Stop> {
        match self {
            Beginning::ForPeople => Err(Stop::unanswered(format_args!(
                "{} is not a log, but what `ausearch` prints for people; `ausearch --raw` prints the records",
                shown(path)
            ))),
            Beginning::Utf16 | Beginning::Rules | Beginning::Other => Ok(()),
        }
    }
}

/// Returns a file as messages show it.
fn shown(path: &Path) -> String {
    match is_stdin(path) {
        true => "standard input".to_owned(),
        false => format!("`{}`", name_of(path)),
    }
}

/// Returns whether a file begins with a record.
pub(super) fn is_log(path: &Path) -> bool {
    first_line(path).is_some_and(|line| Record::parse(line.trim_ascii_end()).is_ok())
}

fn first_line(path: &Path) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    // Opening a pipe would wait for its writer.
    let file = path.is_file().then(|| File::open(path).ok()).flatten()?;
    BufReader::new(file).take(FIRST).read_until(b'\n', &mut line).ok()?;
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `output_default` in ausearch-report.c of audit 3.0.9 prints a line of dashes, the time, and the records.
    #[test]
    fn what_is_no_log_has_a_line_before_its_records() {
        let record = "type=SYSCALL msg=audit(1764230400.001:1): arch=c000003e\n";
        for (before, expected) in [
            ("----\n", Beginning::ForPeople),
            ("----\r\ntime->Thu Nov 27 08:00:17 2025\r\n", Beginning::ForPeople),
            ("\ntime->Thu Nov 27 08:00:17 2025\n", Beginning::ForPeople),
            ("", Beginning::Other),
            ("-----\n", Beginning::Other),
            ("# a comment\n\n", Beginning::Other),
            ("# a comment\n  -D\n", Beginning::Rules),
        ] {
            let text = format!("{before}{record}----\n");
            assert_eq!(Beginning::by(text.as_bytes()), expected, "{text}");
        }
    }
}
