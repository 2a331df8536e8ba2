//! Reads JUnit XML back.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::set::Set;

/// Checks that the text is XML 1.0, with a failed case for each finding, a passing case for each file without findings,
/// and the right totals.
pub(super) fn assert_valid(set: &Set, text: &str) {
    let is_char = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(is_char), "{text:?}");
    let mut reader = Reader::from_str(text);
    let (mut totals, mut suites, mut cases, mut failures) = (None, 0, 0, 0);
    loop {
        match reader.read_event().expect("XML") {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "testsuites" => totals = Some((number(&tag, "tests"), number(&tag, "failures"))),
                "testsuite" => suites += 1,
                "testcase" => cases += 1,
                "failure" => failures += 1,
                other => panic!("{other}"),
            },
            _ => {}
        }
    }
    assert_eq!(totals, Some((cases, failures)), "{text}");
    assert_eq!((suites, failures), (set.files.len(), set.findings.len()), "{text}");
}

fn number(tag: &BytesStart<'_>, name: &str) -> usize {
    let attribute = tag.try_get_attribute(name).expect("attributes").expect("it is there");
    attribute.value.parse().expect("a number")
}
