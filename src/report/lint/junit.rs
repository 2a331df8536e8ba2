//! Findings as JUnit XML, as Jenkins and GitLab read it: one suite for each file, and one case for each finding. Errors
//! and warnings fail; infos pass, with their text as output. A file without findings has one case that passes, to show
//! that the file was read.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Findings, level_name};
use crate::diag::{Level, escaped};
use crate::lint::Finding;

/// Writes one document.
///
/// # Errors
/// Those of `out`.
pub fn junit(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut by_file: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.findings {
        by_file.entry(finding.place.file).or_default().push(finding);
    }
    let failures = findings.findings.iter().filter(|finding| fails(finding)).count();
    let tests = findings.findings.len() + findings.sources.len() - by_file.len();
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = xml.create_element("testsuites").with_attributes([
        ("name", "rauditctl lint"),
        ("tests", &tests.to_string()),
        ("failures", &failures.to_string()),
        ("errors", "0"),
    ]);
    suites.write_inner_content(|xml| {
        for (index, source) in findings.sources.iter().enumerate() {
            let found = by_file.get(&index).map(Vec::as_slice).unwrap_or_default();
            suite(xml, findings, source.name(), found)?;
        }
        Ok(())
    })?;
    xml.into_inner().write_all(b"\n")
}

type Xml<'w> = Writer<&'w mut dyn Write>;

fn suite(
    xml: &mut Xml<'_>,
    findings: &Findings<'_>,
    file: &str,
    found: &[&Finding],
) -> io::Result<()> {
    let file = &*legal(file);
    let suite = xml.create_element("testsuite").with_attributes([
        ("name", file),
        ("tests", &found.len().max(1).to_string()),
        ("failures", &found.iter().filter(|finding| fails(finding)).count().to_string()),
        ("errors", "0"),
    ]);
    let written = suite.write_inner_content(|xml| {
        if found.is_empty() {
            let case = xml.create_element("testcase");
            case.with_attributes([("classname", file), ("name", "no findings")]).write_empty()?;
        }
        for finding in found {
            case(xml, findings, file, finding)?;
        }
        Ok(())
    });
    written.map(drop)
}

fn case(
    xml: &mut Xml<'_>,
    findings: &Findings<'_>,
    file: &str,
    finding: &Finding,
) -> io::Result<()> {
    let region = findings.spot(finding.place).region;
    let (code, place) = (finding.lint.code, format!("{}:{}", region.line, region.column));
    let name = format!("{code} {} ({place})", finding.lint.name);
    let text = format!("{file}:{place}: {}", legal(&findings.sentences(finding)));
    let case = xml.create_element("testcase");
    let case = case.with_attributes([("classname", file), ("name", &name)]);
    let written = case.write_inner_content(|xml| {
        if !fails(finding) {
            let output = xml.create_element("system-out");
            return output.write_text_content(BytesText::new(&text)).map(drop);
        }
        let failure = xml.create_element("failure").with_attributes([
            ("type", level_name(finding.level)),
            ("message", &*legal(&finding.message)),
        ]);
        failure.write_text_content(BytesText::new(&text)).map(drop)
    });
    written.map(drop)
}

/// Returns whether a finding is a failure.
fn fails(finding: &Finding) -> bool {
    finding.level > Level::Info
}

/// Escapes the characters that XML 1.0 does not allow, even as references (section 2.2), and those that a terminal may
/// obey.
pub(in crate::report) fn legal(text: &str) -> String {
    let is_legal = |c| !matches!(c, '\u{fffe}' | '\u{ffff}');
    let replaced = |c| if is_legal(c) { c } else { char::REPLACEMENT_CHARACTER };
    escaped(text).chars().map(replaced).collect()
}
