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

/// What the first bytes of a text show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// What `ausearch` prints without `--raw`. It has the records of an event in reverse order, and with `-i` names for
    /// numbers.
    ForPeople,
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
        let mut lines = first.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
        match lines.find(|line| !line.is_empty()) {
            Some(line) if line == b"----" || line.starts_with(b"time->") => Beginning::ForPeople,
            _ => Beginning::Other,
        }
    }

    /// Stops if this is no beginning of a log.
    pub(super) fn check(self, path: &Path) -> Result<(), Stop> {
        match self {
            Beginning::ForPeople => Err(Stop::unanswered(format_args!(
                "{} is not a log, but what `ausearch` prints for people; `ausearch --raw` prints the records",
                shown(path)
            ))),
            Beginning::Other => Ok(()),
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
    fn a_text_for_people_has_a_line_before_its_records() {
        let record = "type=SYSCALL msg=audit(1764230400.001:1): arch=c000003e\n";
        for (before, expected) in [
            ("----\n", Beginning::ForPeople),
            ("----\r\ntime->Thu Nov 27 08:00:17 2025\r\n", Beginning::ForPeople),
            ("\ntime->Thu Nov 27 08:00:17 2025\n", Beginning::ForPeople),
            ("", Beginning::Other),
            ("-----\n", Beginning::Other),
        ] {
            let text = format!("{before}{record}----\n");
            assert_eq!(Beginning::by(text.as_bytes()), expected, "{text}");
        }
    }
}
