//! Findings as workflow commands of GitHub Actions, which shows them at the lines of a change.
//!
//! "Workflow commands for GitHub Actions" defines the format. GitHub shows ten commands of each kind for each step, so
//! the most severe findings come first.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::io::{self, Write};

use super::{Findings, relative};
use crate::diag::{Level, is_unprintable};

/// Writes one command for each line.
///
/// # Errors
/// Those of `out`.
pub fn github(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut worst_first: Vec<_> = findings.findings.iter().collect();
    worst_first.sort_by_key(|finding| Reverse(finding.level));
    for finding in worst_first {
        let spot = findings.spot(finding.place);
        let title = format!("{} {}", finding.lint.code, finding.lint.name);
        let file = property(relative(spot.file)).into_owned();
        let region = spot.region;
        write!(out, "::{} title={},file={file}", command(finding.level), property(&title))?;
        write!(out, ",line={},endLine={}", region.line, region.end_line)?;
        // GitHub accepts columns within one line only.
        if region.line == region.end_line {
            write!(out, ",col={},endColumn={}", region.column, region.end_column)?;
        }
        writeln!(out, "::{}", data(&findings.sentences(finding)))?;
    }
    Ok(())
}

const fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    }
}

/// Escapes the text after the second `::`.
pub(in crate::report) fn data(text: &str) -> Cow<'_, str> {
    escaped(text, |c| match c {
        '%' => Some("%25"),
        '\r' => Some("%0D"),
        '\n' => Some("%0A"),
        _ => None,
    })
}

/// Escapes the text after a `=`.
pub(in crate::report) fn property(text: &str) -> Cow<'_, str> {
    escaped(text, |c| match c {
        '%' => Some("%25"),
        '\r' => Some("%0D"),
        '\n' => Some("%0A"),
        ':' => Some("%3A"),
        ',' => Some("%2C"),
        _ => None,
    })
}

/// Replaces characters. No crate does this: it is percent-encoding, but of these characters only. The other characters
/// that a terminal may obey are written as escapes.
fn escaped(text: &str, escape: impl Fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    if !text.contains(|c| escape(c).is_some() || is_unprintable(c)) {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match escape(c) {
            Some(escaped) => result.push_str(escaped),
            None if is_unprintable(c) => result.extend(c.escape_default()),
            None => result.push(c),
        }
    }
    Cow::Owned(result)
}
