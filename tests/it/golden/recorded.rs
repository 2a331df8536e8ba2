//! All recorded runs, compared by the script that comes with them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};
use xtask::needs::{leave_out, skip};

use super::records::{FILES, records, root};

/// The number of runs in the repository.
const RUNS: u64 = 1614;

/// The full collection, which also has the files of Debian's package.
pub(super) const FULL: [&str; 2] =
    ["../shared/golden/cases-public.jsonl.gz", "../shared/golden/files-public.jsonl.gz"];
const FULL_RUNS: u64 = 1653;

#[test]
fn answers_as_auditctl_did() {
    expect_all(&FILES.map(|file| root().join(file)), RUNS);
}

#[test]
fn answers_as_auditctl_did_in_the_full_collection() {
    // Most of its runs are those of the other test.
    if leave_out() {
        return;
    }
    let files = FULL.map(|file| root().join(file));
    if files.iter().all(|file| file.is_file()) {
        expect_all(&files, FULL_RUNS);
    } else {
        skip("the full collection of recorded runs is not part of the repository");
    }
}

/// The script reports every aspect of a run that is not as recorded.
#[test]
fn differences_are_found() {
    let Some(records) = records() else { return };
    let record = records.iter().find(|record| record["id"] == "key-001").expect("the record");
    let changes = [
        ("requests", "requests", json!([])),
        ("exit", "exit", json!(3)),
        ("stdout", "stdout", json!("more\n")),
        ("stderr", "messages", json!("a message\n")),
        ("syslog", "messages", json!([{ "prio": 3, "msg": "a message" }])),
        ("listing", "listing", json!("No rules\n")),
        ("listing_i", "listing", json!("No rules\n")),
    ];
    let changed = changes.iter().map(|(field, _, value)| {
        let mut changed = record.clone();
        assert_ne!(changed[field], *value);
        changed[field] = value.clone();
        changed["id"] = json!(field);
        format!("{changed}\n")
    });
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let file = folder.path().join("changed.jsonl");
    fs::write(&file, changed.collect::<String>()).expect("a file");

    let Some((output, results)) = check(&[file]) else { return };
    assert_eq!(output.status.code(), Some(1));
    let found: Vec<(&str, Vec<&str>)> = results["differ"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|case| {
            let aspects = case["why"].as_object().expect("an object").keys();
            (case["id"].as_str().expect("an id"), aspects.map(String::as_str).collect())
        })
        .collect();
    assert_eq!(found, changes.map(|(field, aspect, _)| (field, vec![aspect])));
}

fn expect_all(files: &[PathBuf], runs: u64) {
    let Some((output, results)) = check(files) else { return };
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!((&results["cases"], &results["passed"]), (&json!(runs), &json!(runs)));
}

/// Runs the script: what it printed, and its results.
fn check(files: &[PathBuf]) -> Option<(Output, Value)> {
    if let Some(missing) = ["python3", "cc"].into_iter().find(|program| !runs(program)) {
        skip(format_args!("there is no {missing}"));
        return None;
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let results = folder.path().join("results.json");
    let output = Command::new("python3")
        // Otherwise it leaves a folder beside the script.
        .arg("-B")
        .arg(root().join("tests/recorded/check.py"))
        .args(["--bin", env!("CARGO_BIN_EXE_rauditctl"), "--show", "10", "--json"])
        .arg(&results)
        .args(files)
        .output()
        .expect("python3 runs");
    let results = fs::read(results).unwrap_or_else(|error| {
        panic!("no results: {error}\n{}", String::from_utf8_lossy(&output.stderr))
    });
    Some((output, serde_json::from_slice(&results).expect("the results are JSON")))
}

fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}
