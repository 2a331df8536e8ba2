//! Results as JUnit XML: one suite for each file with cases, one case for each row.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Suite, Totals, failure};
use crate::cases::{Outcome, Tested};
use crate::report::lint::legal;

type Xml<'w> = Writer<&'w mut dyn Write>;
type Row<'r, 's> = (&'r Suite<'s>, &'r Tested<'s>);

/// Writes one document.
///
/// # Errors
/// Those of `out`.
pub fn write_junit(out: &mut dyn Write, suites: &[Suite<'_>]) -> io::Result<()> {
    let mut by_file: BTreeMap<&str, Vec<Row<'_, '_>>> = BTreeMap::new();
    for suite in suites {
        for tested in &suite.tested {
            by_file.entry(&tested.case.origin.file).or_default().push((suite, tested));
        }
    }
    let totals = Totals::of(suites);
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = xml.create_element("testsuites").with_attributes([
        ("name", "rauditctl test"),
        ("tests", &*totals.cases.to_string()),
        ("failures", &*(totals.fail + totals.undecided).to_string()),
        ("errors", "0"),
    ]);
    all.write_inner_content(|xml| {
        by_file.iter().try_for_each(|(file, rows)| write_suite(xml, &legal(file), rows))
    })?;
    xml.into_inner().write_all(b"\n")
}

fn write_suite(xml: &mut Xml<'_>, file: &str, rows: &[Row<'_, '_>]) -> io::Result<()> {
    let failures = rows.iter().filter(|(_, tested)| tested.outcome.is_failure()).count();
    let skipped = rows.iter().filter(|(_, tested)| tested.outcome == Outcome::KnownGap).count();
    let suite = xml.create_element("testsuite").with_attributes([
        ("name", file),
        ("tests", &*rows.len().to_string()),
        ("failures", &*failures.to_string()),
        ("errors", "0"),
        ("skipped", &*skipped.to_string()),
    ]);
    let written = suite.write_inner_content(|xml| {
        rows.iter().try_for_each(|(suite, tested)| write_case(xml, file, suite, tested))
    });
    written.map(drop)
}

fn write_case(
    xml: &mut Xml<'_>,
    file: &str,
    suite: &Suite<'_>,
    tested: &Tested<'_>,
) -> io::Result<()> {
    let name = legal(&format!("{} (line {})", tested.case.title(), tested.case.origin.line));
    let case =
        xml.create_element("testcase").with_attributes([("classname", file), ("name", &*name)]);
    let found =
        legal(&format!("expected {}, found {}", tested.case.expected, Suite::found(tested)));
    match tested.outcome {
        Outcome::Holds => case.write_empty().map(drop),
        Outcome::KnownGap => {
            let gap = legal(tested.case.known_gap.as_deref().unwrap_or_default());
            let written = case.write_inner_content(|xml| {
                xml.create_element("skipped")
                    .with_attribute(("message", &*gap))
                    .write_empty()
                    .map(drop)
            });
            written.map(drop)
        }
        outcome => {
            let again = legal(&suite.again(tested).unwrap_or_default());
            let written = case.write_inner_content(|xml| {
                let failure = xml
                    .create_element("failure")
                    .with_attributes([("type", failure(outcome)), ("message", &*found)]);
                failure.write_text_content(BytesText::new(&again)).map(drop)
            });
            written.map(drop)
        }
    }
}
