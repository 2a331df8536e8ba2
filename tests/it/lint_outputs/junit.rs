//! Reads JUnit XML back.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use rauditctl::diag::Level;

use super::set::Set;

/// Checks that the text is XML 1.0, with a case for each finding, which fails unless the finding is an info, a passing case
/// for each file without findings, and the right totals.
pub(super) fn assert_valid(set: &Set, text: &str) {
    let is_char = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(is_char), "{text:?}");
    let mut reader = Reader::from_str(text);
    let (mut totals, mut suites, mut cases, mut failures, mut outputs) = (None, 0, 0, 0, 0);
    loop {
        match reader.read_event().expect("XML") {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "testsuites" => totals = Some((number(&tag, "tests"), number(&tag, "failures"))),
                "testsuite" => suites += 1,
                "testcase" => cases += 1,
                "failure" => failures += 1,
                "system-out" => outputs += 1,
                other => panic!("{other}"),
            },
            _ => {}
        }
    }
    assert_eq!(totals, Some((cases, failures)), "{text}");
    assert_eq!(suites, set.files.len(), "{text}");
    let infos = set.findings.iter().filter(|finding| finding.level == Level::Info).count();
    assert_eq!((failures, outputs), (set.findings.len() - infos, infos), "{text}");
}

fn number(tag: &BytesStart<'_>, name: &str) -> usize {
    let attribute = tag.try_get_attribute(name).expect("attributes").expect("it is there");
    attribute.value.parse().expect("a number")
}
