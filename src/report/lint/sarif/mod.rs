//! Findings as SARIF 2.1.0, the OASIS format for code scanning services.
//!
//! Section numbers refer to the standard. GitHub accepts 25,000 results for each run, and shows 5,000.

mod model;
mod rules;

use std::collections::BTreeMap;
use std::io::{self, Write};

use self::model::{
    ArtifactChange, ArtifactLocation, PhysicalLocation, Replacement, SarifContent, SarifDriver,
    SarifFix, SarifFixProperties, SarifLocation, SarifLog, SarifRegion, SarifResult, SarifRun,
    SarifText, SarifTool,
};
use self::rules::{found_lints, level, rule};
use super::Findings;
use super::fingerprint::fingerprints;
use super::fixes::change_name;
use super::region::Spot;
use super::stream::Stream;
use crate::lint::Finding;
use crate::report::write_json;
use crate::rewrite::{Change, Fix};
use crate::ruleset::FileSpan;

/// The name of our fingerprints (3.27.17). GitHub computes those that it compares itself.
const FINGERPRINT: &str = "rauditctl/v1";

/// Writes one log with one run on one line.
///
/// # Errors
/// Those of `out`.
pub fn sarif(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lints = found_lints(findings.findings);
    let fingerprints = fingerprints(findings);
    let numbers: BTreeMap<&str, usize> =
        lints.iter().enumerate().map(|(index, lint)| (lint.code, index)).collect();
    let results = Stream(|| {
        let findings_of = findings.findings.iter().zip(&fingerprints);
        findings_of.map(|(finding, fingerprint)| {
            let rule = numbers.get(finding.lint.code).copied().unwrap_or_default();
            result(findings, finding, rule, fingerprint)
        })
    });
    let driver = SarifDriver {
        name: "rauditctl",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: Some(env!("CARGO_PKG_REPOSITORY")).filter(|uri| !uri.is_empty()),
        rules: lints.into_iter().map(rule).collect(),
    };
    let run = SarifRun { tool: SarifTool { driver }, column_kind: "unicodeCodePoints", results };
    let log = SarifLog {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [run],
    };
    write_json(out, &log)
}

fn result<'a>(
    findings: &Findings<'a>,
    finding: &'a Finding,
    rule_index: usize,
    fingerprint: &'a str,
) -> SarifResult<'a> {
    let related = finding.related.iter().enumerate().map(|(id, one)| SarifLocation {
        id: Some(id),
        message: Some(SarifText { text: (&*one.label).into() }),
        physical_location: physical(findings, one.place),
    });
    let place = SarifLocation {
        id: None,
        message: Some(SarifText { text: (&*finding.label).into() }).filter(|m| !m.text.is_empty()),
        physical_location: physical(findings, finding.place),
    };
    SarifResult {
        rule_id: finding.lint.code,
        rule_index,
        level: level(finding.level),
        message: SarifText { text: findings.sentences(finding).into() },
        locations: [place],
        related_locations: related.collect(),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, fingerprint)]),
        fixes: finding.fix.iter().filter_map(|fix| fix_view(findings, fix)).collect(),
    }
}

fn physical(findings: &Findings<'_>, place: FileSpan) -> PhysicalLocation {
    let spot = findings.spot(place);
    PhysicalLocation { artifact_location: ArtifactLocation::of(spot.file), region: region(&spot) }
}

fn region(spot: &Spot<'_>) -> SarifRegion {
    SarifRegion {
        start_line: spot.region.line,
        start_column: spot.region.column,
        end_line: spot.region.end_line,
        end_column: spot.region.end_column,
        byte_offset: spot.start,
        byte_length: spot.end - spot.start,
    }
}

/// Returns `None` if the edits are not text.
fn fix_view<'a>(findings: &Findings<'a>, fix: &'a Fix) -> Option<SarifFix<'a>> {
    let mut changes: BTreeMap<&str, Vec<Replacement<'a>>> = BTreeMap::new();
    for edit in findings.edits(fix)? {
        changes.entry(edit.spot.file).or_default().push(Replacement {
            deleted_region: region(&edit.spot),
            inserted_content: SarifContent { text: edit.text },
        });
    }
    let changes = changes.into_iter().map(|(file, replacements)| ArtifactChange {
        artifact_location: ArtifactLocation::of(file),
        replacements,
    });
    Some(SarifFix {
        description: SarifText {
            text: format!("{}{}", fix.title, what_changes(fix.change)).into(),
        },
        artifact_changes: changes.collect(),
        properties: SarifFixProperties {
            safe: fix.change.is_safe(),
            change: change_name(fix.change),
        },
    })
}

/// Returns a remark for the description: a viewer applies a fix with one click.
const fn what_changes(change: Change) -> &'static str {
    match change {
        Change::Nothing => "",
        Change::Regrouped => " (the kernel has other rules for the same calls)",
        Change::Narrower => " (the rules are tested for fewer syscalls)",
        Change::Wider => " (more is audited)",
        Change::Meaning => " (this changes how the line is parsed)",
    }
}
