//! Findings as GitLab's Code Quality report: Code Climate issues, with the fields that GitLab reads.

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::stream::Stream;
use super::{Findings, relative};
use crate::diag::Level;
use crate::report::write_json;

/// Writes one JSON array on one line.
///
/// # Errors
/// Those of `out`.
pub fn gitlab(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let fingerprints = fingerprints(findings);
    let issues = Stream(|| {
        findings.findings.iter().zip(&fingerprints).map(|(finding, fingerprint)| {
            let spot = findings.spot(finding.place);
            let lines = IssueLines { begin: spot.region.line, end: spot.region.end_line };
            Issue {
                r#type: "issue",
                check_name: finding.lint.code,
                description: findings.sentences(finding),
                severity: severity(finding.level),
                fingerprint,
                location: IssueLocation { path: relative(spot.file), lines },
            }
        })
    });
    write_json(out, &issues)
}

#[derive(Serialize)]
struct Issue<'a> {
    r#type: &'static str,
    check_name: &'static str,
    description: String,
    severity: &'static str,
    fingerprint: &'a str,
    location: IssueLocation<'a>,
}

#[derive(Serialize)]
struct IssueLocation<'a> {
    path: &'a str,
    lines: IssueLines,
}

#[derive(Serialize)]
struct IssueLines {
    begin: usize,
    end: usize,
}

/// Returns GitLab's severity. `blocker` and `minor` are not used.
const fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "critical",
        Level::Warning => "major",
        Level::Info => "info",
    }
}
