//! Findings as GitLab's Code Quality report: the issues of Code Climate, as far as GitLab reads them.

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::fixes::sentences;
use super::stream::Stream;
use super::{Findings, relative};
use crate::diag::Level;

/// Writes one JSON array, in one line.
///
/// # Errors
/// Those of `out`.
pub fn gitlab(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let fingerprints = fingerprints(findings);
    let issues = Stream(|| {
        findings.findings.iter().zip(&fingerprints).map(|(finding, fingerprint)| {
            let spot = findings.spot(finding.place);
            let lines = Lines { begin: spot.region.line, end: spot.region.end_line };
            Issue {
                r#type: "issue",
                check_name: finding.lint.code,
                description: sentences(finding),
                severity: severity(finding.level),
                fingerprint,
                location: Location { path: relative(spot.file), lines },
            }
        })
    });
    serde_json::to_writer(&mut *out, &issues)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Issue<'a> {
    r#type: &'static str,
    check_name: &'static str,
    description: String,
    severity: &'static str,
    fingerprint: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Of GitLab's five, `blocker` is for what a person decides, and `minor` is left out.
const fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "critical",
        Level::Warning => "major",
        Level::Info => "info",
    }
}
