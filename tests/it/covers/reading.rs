//! The requirements that come along, compared with rules that others wrote for them.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use super::{Case, PROGRAM, changed, json, root};

const PAIRS: [(&str, &str); 4] = [
    ("stig-rhel9", "complianceascode-rhel9.rules"),
    ("stig-rhel9", "30-stig.rules"),
    ("stig-ubuntu2204", "complianceascode-ubuntu2204.rules"),
    ("stig-ubuntu2204", "30-stig.rules"),
];

fn report(required: &str, rules: &str) -> Vec<Value> {
    let output = Command::new(PROGRAM)
        .args(["covers", "--arch", "x86_64", "--format", "json", required, rules])
        .current_dir(root().join("fixtures/requirements"))
        .output()
        .expect("the program runs");
    json(&output)["requirements"].as_array().expect("requirements").clone()
}

/// Returns the requirements that are not covered, as they were read without the program.
fn read(required: &str, rules: &str) -> BTreeMap<String, String> {
    let path = root().join("fixtures/requirements/reading.tsv");
    let text = std::fs::read_to_string(path).expect("the reading");
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let rows = rows.map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[0] == required && row[1] == rules)
        .map(|row| {
            assert!(!row[4].is_empty(), "{row:?}");
            (row[2].to_owned(), row[3].to_owned())
        })
        .collect()
}

#[test]
fn answers_are_those_that_were_read() {
    for (required, rules) in PAIRS {
        let mut read = read(required, rules);
        for row in report(required, rules) {
            let id = row["id"].as_str().expect("an id");
            let expected = read.remove(id).unwrap_or_else(|| "covered".to_owned());
            assert_eq!(row["state"], expected.as_str(), "{required} {rules} {id}");
        }
        assert!(read.is_empty(), "{required} {rules}: {read:?}");
    }
}

/// Every event that is missed is recorded by the rules of the requirement alone, and not by the others.
#[test]
fn missed_events_are_decided_so() {
    let required = std::fs::read_to_string(root().join("data/requirements/stig-rhel9.rules"));
    let required = required.expect("the requirements");
    let set = root().join("fixtures/requirements/30-stig.rules");
    let mut count = 0;
    for row in report("stig-rhel9", "30-stig.rules") {
        let id = format!("#@ id {}\n", row["id"].as_str().expect("an id"));
        let from = required.find(&id).expect("the requirement");
        let rules = required[from..].split("\n\n").next().expect("its rules");
        let case = Case::new(rules, "");
        for missed in row["missed"].as_array().expect("events") {
            let event = missed["witness"].as_str().expect("an event");
            let decision = |file: &str| {
                let fixed = ["explain", "--arch", "x86_64", "--format", "json", "--event"];
                json(&case.run(&[&fixed[..], &[event, file]].concat()))["decision"].clone()
            };
            assert_eq!(decision("required.rules"), "recorded", "{event}: {rules}");
            let by_set = decision(set.to_str().expect("a path"));
            assert!(by_set != "recorded" && by_set != "undecided", "{event}: {by_set}");
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn proposed_changes_cover_everything() {
    let set = std::fs::read_to_string(root().join("fixtures/requirements/30-stig.rules"));
    let set = set.expect("the rules");
    let rows = report("stig-rhel9", "30-stig.rules");
    let changes = rows.iter().filter_map(|row| row["change"].as_array());
    let steps: Vec<Value> = changes.flatten().cloned().collect();
    assert!(steps.len() > 50);
    let case = Case::new("", &changed(&set, &steps));
    let output =
        case.run(&["covers", "--arch", "x86_64", "--format", "json", "stig-rhel9", "set.rules"]);
    let report = json(&output);
    let totals = &report["totals"];
    // The three settings are not rules.
    assert_eq!((totals["covered"].as_u64(), totals["missing"].as_u64()), (Some(51), Some(3)));
}

/// The requirements have ids, titles and sources, and their own rules cover them.
#[test]
fn requirements_that_come_along_are_whole() {
    for (name, prefix, count) in
        [("stig-rhel9", "RHEL-09-", 54), ("stig-ubuntu2204", "UBTU-22-", 47)]
    {
        let path = root().join(format!("data/requirements/{name}.rules"));
        let rows = report(name, path.to_str().expect("a path"));
        assert_eq!(rows.len(), count);
        for row in rows {
            assert_eq!(row["state"], "covered", "{row}");
            assert!(row["id"].as_str().is_some_and(|id| id.starts_with(prefix)));
            assert!(row["title"].is_string() && row["source"].is_string(), "{row}");
        }
    }
}
