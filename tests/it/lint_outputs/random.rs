//! For random files, the machine-readable output matches its schema, and every place is in a file.

use rauditctl::report::lint::{github, gitlab, json, junit, sarif};
use rauditctl::source::Source;
use serde_json::Value;

use super::set::Set;
use super::{Schema, parsed};
use crate::grammar::derive::Choices;
use crate::no_panic::{for_each_case, some_line};

#[test]
fn output_is_valid_and_places_are_in_files() {
    let (ours, oasis) = (Schema::ours(), Schema::oasis());
    for_each_case(|choices| {
        let files = ["a.rules", "b/\u{e9} %.rules"].map(|name| Source::new(name, text(choices)));
        let set = Set::linted(files.into());

        let report = parsed(&set.printed(json));
        ours.accepts(&report);
        assert_eq!(report["findings"].as_array().unwrap().len(), set.findings.len());
        for place in places(&report["findings"]) {
            let file = set.files.iter().find(|file| place["file"] == file.name()).expect("a file");
            assert_in(place, file.text());
        }

        let log = parsed(&set.printed(sarif));
        oasis.accepts(&log);
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), set.findings.len());
        let issues = parsed(&set.printed(gitlab));
        super::gitlab::assert_valid(&issues);
        super::junit::assert_valid(&set, &set.printed(junit));
        assert_eq!(set.printed(github).lines().count(), set.findings.len());
    });
}

fn text(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    for _ in 0..choices.below(4) {
        text.extend(some_line(choices));
        text.push(*choices.one(b"\n\n\n\r\0 "));
    }
    text
}

/// Returns every object with an offset, at any depth.
fn places(value: &Value) -> Vec<&Value> {
    let inner: Vec<&Value> = match value {
        Value::Array(values) => values.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => Vec::new(),
    };
    let own = value.get("start").map(|_| value);
    own.into_iter().chain(inner.into_iter().flat_map(places)).collect()
}

/// Checks that a place is in the text, and that lines and columns match the offsets.
fn assert_in(place: &Value, text: &[u8]) {
    let number = |name: &str| place[name].as_u64().expect("a number") as usize;
    assert!(number("start") <= number("end") && number("end") <= text.len(), "{place}");
    for (line, column, offset) in [("line", "column", "start"), ("end_line", "end_column", "end")] {
        let before = &text[..number(offset)];
        let lines: Vec<&[u8]> = before.split(|byte| *byte == b'\n').collect();
        let columns = String::from_utf8_lossy(lines[lines.len() - 1]).chars().count();
        assert_eq!((number(line), number(column)), (lines.len(), columns + 1), "{place}");
    }
}
