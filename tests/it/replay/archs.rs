//! A log of a machine that the rules are not compiled for.

use std::process::Command;

use serde_json::{Value, json};

use super::{Folder, PROGRAM, call};

/// Returns the same records as another arch writes them.
fn of(elf: &str, serial: u32) -> String {
    call(serial, 221, "\"exec\"", "\"/bin/x\"").replace("arch=c000003e", &format!("arch={elf}"))
}

fn others(report: &Value) -> Vec<Value> {
    let others = report["other_archs"].as_array().expect("archs").iter();
    others.map(|one| json!([one["arch"], one["elf"], one["events"]])).collect()
}

#[test]
fn a_note_names_the_arch_of_the_log() {
    let log = [
        of("c00000b7", 1),
        of("c00000b7", 2),
        // A 32-bit program of the same machine, one of ours, and a number that no machine has.
        of("40000028", 3),
        of("40000003", 4),
        of("c00000ff", 5).replace("exec", "other"),
        call(6, 59, "\"exec\"", "\"/bin/x\""),
    ];
    let folder = Folder::new(&log.concat());
    let report = folder.json("audit.log");
    let expected = [json!(["aarch64", "c00000b7", 3]), json!([null, "c00000ff", 1])];
    assert_eq!(others(&report), expected);
    let arm = "3 calls are of aarch64, and the rules are compiled for x86_64: --arch aarch64 ";
    let unknown = "1 call is of an unknown arch (c00000ff)";
    for format in ["text", "html"] {
        let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules", "--format", format]);
        assert!(out.contains(arm) && out.contains(unknown), "{out}");
    }
    folder.write("a.rules", b"-a always,exit -F arch=b64 -S execve -k exec\n");
    // With the arch that the note names, the rule is found, and the calls of x86_64 are the others.
    let output = Command::new(PROGRAM)
        .args([
            "replay",
            "--arch",
            "aarch64",
            "audit.log",
            "--rules",
            "a.rules",
            "--format",
            "json",
        ])
        .current_dir(folder.0.path())
        .output()
        .expect("it runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let rule = report["rows"].as_array().expect("rows").iter();
    let mut rule = rule.filter(|row| row["decided_by"]["kind"] == "rule");
    assert_eq!(rule.next().map(|row| row["events"].clone()), Some(json!(2)), "{report}");
    // The most frequent number of x86_64 is that of its 32-bit programs if both have one call.
    let x86 = json!(["x86_64", "40000003", 2]);
    assert_eq!(others(&report), [x86, json!([null, "c00000ff", 1])]);
}

#[test]
fn without_rules_there_is_no_note() {
    let folder = Folder::new(&of("c00000b7", 1));
    let (exit, out, _) = folder.run(&["audit.log"]);
    assert_eq!(exit, Some(0));
    assert!(!out.contains("compiled for"), "{out}");
    // The rules of --against are compiled, too.
    let (_, out, _) = folder.run(&["audit.log", "--against", "a.rules"]);
    assert!(out.contains("1 call is of aarch64, "), "{out}");
}
