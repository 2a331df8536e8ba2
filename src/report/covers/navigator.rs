//! A layer for the ATT&CK Navigator: which techniques the required rules and the set provide telemetry for. Format 4.5,
//! as the layers folder of mitre-attack/attack-navigator describes it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Answer, Answers, name};
use crate::cases::is_technique;
use crate::relate::requirement::State;
use crate::report::write_json;

const DESCRIPTION: &str = "Telemetry, not detection: the score shows whether the rules record the events that the \
     requirements name. 100: all of them; 50: some; 0: none. A technique needs more than these events to be detected.";

/// Writes one layer on one line. Techniques come from `#@ attack`, else from the keys of the required rules.
///
/// # Errors
/// Those of `out`.
pub fn write_navigator(out: &mut dyn Write, answers: &Answers<'_>) -> io::Result<()> {
    let mut techniques: BTreeMap<String, Vec<&Answer>> = BTreeMap::new();
    let applicable = answers.all.iter().filter(|answer| answer.state != State::NotApplicable);
    for answer in applicable {
        for technique in techniques_of(answer) {
            techniques.entry(technique).or_default().push(answer);
        }
    }
    let techniques: Vec<Value> =
        techniques.iter().map(|(id, of)| technique(answers, id, of)).collect();
    write_json(
        out,
        &json!({
            "name": "audit rules",
            "versions": {"layer": "4.5"},
            "domain": "enterprise-attack",
            "description": DESCRIPTION,
            "filters": {"platforms": ["Linux"]},
            "gradient": {
                "colors": ["#ff6666", "#ffe766", "#8ec843"],
                "minValue": 0,
                "maxValue": 100,
            },
            "techniques": techniques,
        }),
    )
}

/// Returns whether any requirement names a technique.
pub fn has_techniques(answers: &Answers<'_>) -> bool {
    answers.all.iter().any(|answer| !techniques_of(answer).is_empty())
}

fn techniques_of(answer: &Answer) -> Vec<String> {
    if !answer.requirement.attack.is_empty() {
        return answer.requirement.attack.clone();
    }
    let mut found: Vec<String> =
        answer.keys.iter().filter_map(|key| technique_in(key)).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

/// Returns the technique at the beginning of a key, such as `T1078_Valid_Accounts` or `T1547.006_1`.
fn technique_in(key: &str) -> Option<&str> {
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '.';
    let end = key.find(|char| !is_part(char)).unwrap_or(key.len());
    key.get(..end).filter(|word| is_technique(word))
}

fn technique(answers: &Answers<'_>, id: &str, of: &[&Answer]) -> Value {
    let is_all = |state| of.iter().all(|answer| answer.state == state);
    let score = match () {
        () if is_all(State::Covered) => 100,
        () if is_all(State::Missing) => 0,
        () => 50,
    };
    let comments = of.iter().map(|answer| {
        let requirement = &answer.requirement.id;
        let sentences = answers.sentences(answer);
        match sentences.first() {
            Some(first) => format!("{requirement} {}: {first}", name(answer.state)),
            None => format!("{requirement} {}", name(answer.state)),
        }
    });
    json!({
        "techniqueID": id,
        "score": score,
        "comment": comments.collect::<Vec<_>>().join("\n"),
        "enabled": true,
        "showSubtechniques": id.contains('.'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_begin_with_techniques() {
        assert_eq!(technique_in("T1078_Valid_Accounts"), Some("T1078"));
        assert_eq!(technique_in("T1547.006_1"), Some("T1547.006"));
        for other in ["T1078x", "perm_mod", "T107_a", "xT1078"] {
            assert_eq!(technique_in(other), None, "{other}");
        }
    }
}
