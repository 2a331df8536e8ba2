//! Findings as JSON, described by `docs/schema/lint.schema.json`. Names are stable; new ones may be added.

use std::io::{self, Write};

use serde::Serialize;

use super::fixes::{EditView, change_name};
use super::region::Spot;
use super::stream::Stream;
use super::{Findings, Summary, level_name};
use crate::lint::Finding;
use crate::report::write_json;
use crate::rewrite::Fix;

/// Writes one JSON object on one line.
///
/// # Errors
/// Those of `out`.
pub fn json(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let views =
        Stream(|| findings.findings.iter().map(|finding| FindingView::of(findings, finding)));
    let report = JsonReport { findings: views, summary: findings.summary() };
    write_json(out, &report)
}

#[derive(Serialize)]
struct JsonReport<F: Serialize> {
    findings: F,
    summary: Summary,
}

#[derive(Serialize)]
struct FindingView<'a> {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    message: &'a str,
    label: Option<&'a str>,
    help: Option<&'a str>,
    #[serde(flatten)]
    spot: Spot<'a>,
    related: Vec<RelatedView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    arches: Vec<&'static str>,
    fix: Option<FixView<'a>>,
}

#[derive(Serialize)]
struct RelatedView<'a> {
    message: &'a str,
    #[serde(flatten)]
    spot: Spot<'a>,
}

#[derive(Serialize)]
struct FixView<'a> {
    title: &'a str,
    safe: bool,
    change: &'static str,
    edits: Vec<EditView<'a>>,
}

impl<'a> FindingView<'a> {
    fn of(findings: &Findings<'a>, finding: &'a Finding) -> Self {
        let related = finding.related.iter();
        let related =
            related.map(|one| RelatedView { message: &one.label, spot: findings.spot(one.place) });
        FindingView {
            code: finding.lint.code,
            name: finding.lint.name,
            severity: level_name(finding.level),
            message: &finding.message,
            label: Some(&*finding.label).filter(|label| !label.is_empty()),
            help: finding.help.as_deref(),
            spot: findings.spot(finding.place),
            related: related.collect(),
            witness: finding.witness.as_deref(),
            arches: finding.only_on.iter().map(|arch| arch.common_name()).collect(),
            fix: finding.fix.as_ref().and_then(|fix| FixView::of(findings, fix)),
        }
    }
}

impl<'a> FixView<'a> {
    fn of(findings: &Findings<'a>, fix: &'a Fix) -> Option<Self> {
        let edits = findings.edits(fix)?;
        let (safe, change) = (fix.change.is_safe(), change_name(fix.change));
        Some(FixView { title: &fix.title, safe, change, edits })
    }
}
