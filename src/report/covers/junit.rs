//! Answers as JUnit XML: one suite for each file with requirements, one case for each requirement.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Answer, Answers, name};
use crate::relate::requirement::State;
use crate::report::lint::legal;

type Xml<'w> = Writer<&'w mut dyn Write>;

/// Writes one document.
///
/// # Errors
/// Those of `out`.
pub fn write_covers_junit(out: &mut dyn Write, answers: &Answers<'_>) -> io::Result<()> {
    let mut by_file: BTreeMap<&str, Vec<&Answer>> = BTreeMap::new();
    for answer in &answers.all {
        by_file.entry(&answer.requirement.origin.file).or_default().push(answer);
    }
    let failures = answers.all.iter().filter(|answer| fails(answer)).count();
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = xml.create_element("testsuites").with_attributes([
        ("name", "rauditctl covers"),
        ("tests", &*answers.all.len().to_string()),
        ("failures", &*failures.to_string()),
        ("errors", "0"),
    ]);
    suites.write_inner_content(|xml| {
        by_file.iter().try_for_each(|(file, all)| suite(xml, answers, &legal(file), all))
    })?;
    xml.into_inner().write_all(b"\n")
}

fn suite(xml: &mut Xml<'_>, answers: &Answers<'_>, file: &str, all: &[&Answer]) -> io::Result<()> {
    let failures = all.iter().filter(|answer| fails(answer)).count();
    let skipped = all.iter().filter(|answer| skipped(answer).is_some()).count();
    let suite = xml.create_element("testsuite").with_attributes([
        ("name", file),
        ("tests", &*all.len().to_string()),
        ("failures", &*failures.to_string()),
        ("errors", "0"),
        ("skipped", &*skipped.to_string()),
    ]);
    let written = suite.write_inner_content(|xml| {
        all.iter().try_for_each(|answer| case(xml, answers, file, answer))
    });
    written.map(drop)
}

fn case(xml: &mut Xml<'_>, answers: &Answers<'_>, file: &str, answer: &Answer) -> io::Result<()> {
    let title = answer.requirement.title.iter().map(|title| format!(": {title}"));
    let name_of_case = legal(&(answer.requirement.id.clone() + &title.collect::<String>()));
    let case = xml
        .create_element("testcase")
        .with_attributes([("classname", file), ("name", &*name_of_case)]);
    if let Some(why) = skipped(answer) {
        let written = case.write_inner_content(|xml| {
            let skipped = xml.create_element("skipped");
            skipped.with_attribute(("message", &*legal(&why))).write_empty().map(drop)
        });
        return written.map(drop);
    }
    if !fails(answer) {
        return case.write_empty().map(drop);
    }
    let sentences: Vec<String> =
        answers.sentences(answer).iter().map(|sentence| legal(sentence)).collect();
    let written = case.write_inner_content(|xml| {
        let failure = xml.create_element("failure").with_attributes([
            ("type", name(answer.state)),
            ("message", sentences.first().map_or("", String::as_str)),
        ]);
        failure.write_text_content(BytesText::new(&sentences.join("\n"))).map(drop)
    });
    written.map(drop)
}

/// Returns whether a requirement is a failure.
fn fails(answer: &Answer) -> bool {
    answer.state != State::Covered && skipped(answer).is_none()
}

/// Returns why a requirement counts neither as met nor as a failure.
fn skipped(answer: &Answer) -> Option<String> {
    match (&answer.accepted, answer.state) {
        (Some((accepted, _)), _) => {
            Some(format!("accepted: {}, until {}", accepted.reason, accepted.until))
        }
        (None, State::NotApplicable) => Some(name(State::NotApplicable).to_owned()),
        _ => None,
    }
}
