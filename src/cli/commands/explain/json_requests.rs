//! Requests as lines of JSON, as `compile` and `-l --format json` write them.

use std::sync::Arc;

use serde::Deserialize;

use crate::analysis::{Load, LoadStep, Origin};
use crate::cli::exit::Stop;
use crate::cli::rules_files::RulesFiles;
use crate::diag::escaped;
use crate::rule::Rule;
use crate::source::Source;
use crate::wire::{self, from_digits};

/// A request, or the rules of a kernel. The payload decides: other members are ignored.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Request {
        r#type: String,
        #[serde(default)]
        payload: String,
        /// The place in a rules file that the request comes from.
        file: Option<String>,
        line: Option<usize>,
    },
    Listing {
        rules: Vec<Listed>,
    },
}

#[derive(Deserialize)]
struct Listed {
    payload: String,
}

/// Returns what a file of requests loads; `None` for rules as text.
pub(super) fn loads(files: &RulesFiles) -> Result<Option<Vec<Load>>, Stop> {
    let [(text, None)] = files.texts.as_slice() else { return Ok(None) };
    if !text.text().trim_ascii_start().starts_with(b"{") {
        return Ok(None);
    }
    let file: Arc<str> = text.name().into();
    let mut entries = serde_json::Deserializer::from_slice(text.text()).into_iter::<Entry>();
    let mut loads = Vec::new();
    loop {
        let own = Origin { file: Arc::clone(&file), line: line_after(text, entries.byte_offset()) };
        let read = match entries.next() {
            None => return Ok(Some(loads)),
            Some(entry) => entry.map_err(|error| error.to_string()),
        };
        let read = read.and_then(|entry| loads_of(entry, &own));
        loads.extend(
            read.map_err(|why| Stop::unanswered(format_args!("{own}: {}", escaped(&why))))?,
        );
    }
}

/// Returns the line of the next entry after `offset`.
fn line_after(text: &Source, offset: usize) -> usize {
    let rest = text.text().get(offset..).unwrap_or_default();
    text.location(offset + (rest.len() - rest.trim_ascii_start().len())).line
}

fn loads_of(entry: Entry, own: &Origin) -> Result<Vec<Load>, String> {
    let load = |origin: &Origin, step| Load { origin: origin.clone(), step, watched: None };
    match entry {
        Entry::Listing { rules } => {
            rules.iter().map(|one| Ok(load(own, LoadStep::Add(rule(&one.payload)?)))).collect()
        }
        Entry::Request { r#type, payload, file, line } => {
            let step = match r#type.as_str() {
                "ADD_RULE" => LoadStep::Add(rule(&payload)?),
                "DEL_RULE" => LoadStep::Delete(rule(&payload)?),
                _ => return Ok(Vec::new()),
            };
            let origin = file.zip(line).map(|(file, line)| Origin { file: file.into(), line });
            Ok(vec![load(&origin.unwrap_or_else(|| own.clone()), step)])
        }
    }
}

fn rule(payload: &str) -> Result<Rule, String> {
    let bytes = from_digits(payload).ok_or("the payload is not hexadecimal")?;
    wire::decode(&bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::rule::{Action, FilterList};

    fn read(text: &str) -> Result<Vec<Load>, Stop> {
        let source = Source::new("rules.json", text.as_bytes().to_vec());
        let files = RulesFiles { texts: vec![(source, None)], paths: Vec::new() };
        loads(&files).map(Option::unwrap_or_default)
    }

    fn payload() -> String {
        let rule = Rule::new(FilterList::Exit, Action::Never);
        wire::to_digits(&wire::encode(&rule))
    }

    #[test]
    fn payloads_decide() {
        let payload = payload();
        let text = format!(
            r#"{{"type":"SET","payload":"00"}}
               {{"type":"ADD_RULE","payload":"{payload}"}}

               {{"type":"DEL_RULE","payload":"{payload}","file":"a.rules","line":7,"rule":1}}
               {{"rules":[{{"text":"x","payload":"{payload}"}}]}}"#
        );
        let loads = read(&text).unwrap();
        let origins: Vec<_> = loads.iter().map(|load| load.origin.to_string()).collect();
        assert_eq!(origins, ["rules.json:2", "a.rules:7", "rules.json:5"]);
        let rule = Rule::new(FilterList::Exit, Action::Never);
        assert!(matches!(&loads[0].step, LoadStep::Add(found) if *found == rule));
        assert!(matches!(&loads[1].step, LoadStep::Delete(found) if *found == rule));
    }

    #[test]
    fn refuses_other_lines() {
        for text in ["{}", "{", r#"{"type":"ADD_RULE"}"#, r#"{"type":"ADD_RULE","payload":"0"}"#] {
            assert!(read(text).is_err(), "{text}");
        }
        let signed = format!(r#"{{"type":"ADD_RULE","payload":"+4{}"}}"#, &payload()[2..]);
        assert!(read(&signed).is_err(), "{signed}");
    }

    proptest! {
        /// A damaged line is refused, or read as requests of the same number or fewer.
        #[test]
        fn reads_any_bytes(at in any::<prop::sample::Index>(), bytes in vec(any::<u8>(), 0..8)) {
            let mut text = format!(r#"{{"type":"ADD_RULE","payload":"{}","line":1}}"#, payload());
            let at = at.index(text.len());
            text.replace_range(at.., &String::from_utf8_lossy(&bytes));
            let _ = read(&text);
            let whole = format!(r#"{{"type":"ADD_RULE","payload":"{}"}}{text}"#, payload());
            prop_assert!(read(&whole).map_or(0, |loads| loads.len()) <= 2);
        }
    }
}
