//! The requirements that are not met as SARIF 2.1.0, at their places in the file with the requirements. The rules that
//! record some of the events are related locations.

use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Answer, Answers, name};
use crate::analysis::Origin;
use crate::relate::requirement::State;
use crate::report::lint::relative;
use crate::report::write_json;

/// Characters that are percent-encoded in a path: all except the unreserved characters of RFC 3986 and the slash.
const IN_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Writes one log with one run on one line.
///
/// # Errors
/// Those of `out`.
pub fn write_covers_sarif(out: &mut dyn Write, answers: &Answers<'_>) -> io::Result<()> {
    let open: Vec<&Answer> = answers
        .all
        .iter()
        .filter(|answer| !matches!(answer.state, State::Covered | State::NotApplicable))
        .collect();
    let rules: Vec<Value> = open.iter().map(|answer| rule(answer)).collect();
    let results: Vec<Value> =
        open.iter().enumerate().map(|(index, answer)| result(answers, answer, index)).collect();
    write_json(
        out,
        &json!({
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "rauditctl covers",
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                }},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        }),
    )
}

fn rule(answer: &Answer) -> Value {
    let requirement = &answer.requirement;
    let title = requirement.title.as_deref().unwrap_or(&requirement.id);
    let mut rule = json!({
        "id": requirement.id,
        "shortDescription": {"text": title},
        "properties": {"tags": requirement.attack},
    });
    if let (Some(source), Some(rule)) = (&requirement.source, rule.as_object_mut()) {
        rule.insert("help".to_owned(), json!({"text": source}));
    }
    rule
}

fn result(answers: &Answers<'_>, answer: &Answer, index: usize) -> Value {
    let level = match answer.state {
        State::Undecided => "note",
        _ => "error",
    };
    let text = format!("{}: {}", name(answer.state), answers.sentences(answer).join("; "));
    let by = answer.judgment.iter().flat_map(|judgment| &judgment.coverage.by);
    let related: Vec<Value> = by
        .filter_map(|serial| answers.origin(*serial))
        .enumerate()
        .map(|(id, origin)| {
            json!({
                "id": id,
                "message": {"text": "records some of these events"},
                "physicalLocation": physical(origin),
            })
        })
        .collect();
    let mut result = json!({
        "ruleId": answer.requirement.id,
        "ruleIndex": index,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": physical(&answer.requirement.origin)}],
        "relatedLocations": related,
    });
    if let (Some((accepted, _)), Some(result)) = (&answer.accepted, result.as_object_mut()) {
        let justification = format!("{}, until {}", accepted.reason, accepted.until);
        let suppression = json!([{"kind": "external", "justification": justification}]);
        result.insert("suppressions".to_owned(), suppression);
    }
    result
}

fn physical(origin: &Origin) -> Value {
    json!({
        "artifactLocation": {
            "uri": utf8_percent_encode(relative(&origin.file), IN_PATH).to_string(),
        },
        "region": {"startLine": origin.line},
    })
}
