//! A decision as one line of JSON.

use std::borrow::Cow;
use std::io;

use serde::Serialize;

use super::Judged;
use crate::analysis::Origin;
use crate::report::place::Place;
use crate::report::write_json;

/// A decision, as `docs/schema/decision.schema.json` describes it, without its last member `near`.
#[derive(Serialize)]
struct Decided<'a> {
    decision: &'static str,
    keys: Vec<Cow<'a, str>>,
    rule: Option<Place<'a>>,
    dropped: Vec<String>,
    depends_on: Vec<&'static str>,
}

/// A rule that does not decide.
#[derive(Serialize)]
struct NearRule<'a> {
    rule: Place<'a>,
    field: &'a str,
    why: &'a str,
}

/// Adds the line of a decision to `out`.
///
/// # Errors
/// None: memory takes everything.
pub fn write_decision_line(out: &mut Vec<u8>, judged: &Judged<'_>) -> io::Result<()> {
    let (decision, rules) = (judged.decision(), judged.rules);
    let decided = Decided {
        decision: decision.verdict.name(),
        keys: decision.keys.iter().map(|key| String::from_utf8_lossy(key)).collect(),
        rule: decision.rule.and_then(|serial| rules.origin(serial)).map(Place::from),
        dropped: judged.dropped(),
        depends_on: decision.depends_on().iter().map(|attribute| attribute.name()).collect(),
    };
    write_json(out, &decided)?;
    cut(out, b"}\n");
    out.extend_from_slice(b",\"near\":[");
    let mut has = String::new();
    for (index, reason) in judged.near.iter().filter_map(|near| rules.reason(near)).enumerate() {
        has.clear();
        reason.push_has(&mut has, rules.machine(), judged.event);
        out.extend_from_slice(if index == 0 { b"" } else { b"," });
        out.extend_from_slice(&reason.json);
        push_contents(out, &has)?;
        out.extend_from_slice(b"\"}");
    }
    out.extend_from_slice(b"]}\n");
    Ok(())
}

/// Returns the JSON of a rule that does not decide, up to the end of `why`, which is not complete.
pub(super) fn open_near(origin: &Origin, field: &str, why: &str) -> Vec<u8> {
    let mut json = Vec::new();
    // Writing to memory does not fail.
    let _ = write_json(&mut json, &NearRule { rule: origin.into(), field, why });
    cut(&mut json, b"\"}\n");
    json
}

/// Adds a text to a string that is open.
fn push_contents(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.extend_from_slice(text.as_bytes());
        return Ok(());
    }
    let mut string = Vec::new();
    write_json(&mut string, &text)?;
    cut(&mut string, b"\"\n");
    out.extend_from_slice(string.get(1..).unwrap_or_default());
    Ok(())
}

fn cut(json: &mut Vec<u8>, end: &[u8]) {
    if json.ends_with(end) {
        json.truncate(json.len() - end.len());
    }
}
