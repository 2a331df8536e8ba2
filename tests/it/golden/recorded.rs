//! The whole collection, run by the script that comes with it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Where the collection lies, if it is at hand.
const COLLECTION: &str = "../shared";

/// Cases that may differ, with the reason. There is none.
const KNOWN: &[&str] = &[];

#[test]
fn the_program_answers_as_auditctl_does() {
    let collection = Path::new(env!("CARGO_MANIFEST_DIR")).join(COLLECTION);
    let check = collection.join("oracle/check.py");
    let golden: Vec<PathBuf> = ["cases-public.jsonl.gz", "files-public.jsonl.gz"]
        .map(|name| collection.join("golden").join(name))
        .into();
    if !golden.iter().chain([&check]).all(|path| path.is_file()) {
        return skip("the collection of recorded answers is not at hand");
    }
    if !["python3", "cc"].into_iter().all(runs) {
        return skip("it needs python3 and cc");
    }
    let results = Path::new(env!("CARGO_TARGET_TMPDIR")).join("golden.json");
    let output = Command::new("python3")
        .arg(&check)
        .args(["--bin", env!("CARGO_BIN_EXE_rauditctl"), "--min", "0", "--show", "10"])
        .arg("--json")
        .arg(&results)
        .args(&golden)
        .output()
        .expect("python3 can be run");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));

    let results = std::fs::read(results).expect("the results are written");
    let results: Value = serde_json::from_slice(&results).expect("the results are JSON");
    assert!(results["cases"].as_u64() > Some(1600), "too few cases were tried");
    let failures = results["failures"].as_array().expect("a list of failures");
    let unknown: Vec<&str> = failures
        .iter()
        .filter_map(|failure| failure["id"].as_str())
        .filter(|id| !KNOWN.contains(id))
        .collect();
    assert!(unknown.is_empty(), "{} differ: {unknown:?}\n{said}", unknown.len());
    assert_eq!(failures.len(), KNOWN.len(), "some of the known cases agree now");
}

fn skip(why: &str) {
    // Not eprintln!, which the test runner keeps to itself when a test passes.
    let _ = std::io::Write::write_fmt(
        &mut std::io::stderr(),
        format_args!("skipped: the recorded answers of auditctl: {why}\n"),
    );
}

fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}
