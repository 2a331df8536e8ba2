//! A decision as one line of JSON.

use std::io;

use serde::Serialize;

use super::Judged;
use crate::analysis::Origin;
use crate::report::place::Place;
use crate::report::write_json;

/// A rule that does not decide.
#[derive(Serialize)]
struct NearRule<'a> {
    rule: Place<'a>,
    field: &'a str,
    why: &'a str,
}

/// Adds the line of a decision to `out`, as `docs/schema/decision.schema.json` describes it.
///
/// Most lists are empty, and the texts about a rule near the event are the same for many events.
///
/// # Errors
/// None: memory takes everything.
pub fn write_decision_line(out: &mut Vec<u8>, judged: &Judged<'_>) -> io::Result<()> {
    let (decision, rules) = (judged.decision(), judged.rules);
    out.extend_from_slice(b"{\"decision\":\"");
    out.extend_from_slice(decision.verdict.name().as_bytes());
    out.extend_from_slice(b"\",\"keys\":");
    push_list(out, decision.keys.iter().map(|key| String::from_utf8_lossy(key)))?;
    out.extend_from_slice(b",\"rule\":");
    match decision.rule.and_then(|serial| rules.origin(serial)) {
        Some(origin) => push_json(out, &Place::from(origin))?,
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"dropped\":");
    push_list(out, judged.dropped().into_iter())?;
    out.extend_from_slice(b",\"depends_on\":");
    push_list(out, decision.depends_on().iter().map(|attribute| attribute.name()))?;
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

fn push_list<T: Serialize>(out: &mut Vec<u8>, items: impl Iterator<Item = T>) -> io::Result<()> {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        push_json(out, &item)?;
    }
    out.push(b']');
    Ok(())
}

/// Adds a value without an end of line.
fn push_json(out: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    write_json(out, value)?;
    cut(out, b"\n");
    Ok(())
}

fn cut(json: &mut Vec<u8>, end: &[u8]) {
    if json.ends_with(end) {
        json.truncate(json.len() - end.len());
    }
}
