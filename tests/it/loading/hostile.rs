//! Files of this program that somebody has changed: no text in them reaches a terminal as it is.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::applied::{Applies, NEW, exits};
use crate::golden::kernel::{Kernel, with_kernel};

/// A control character of a terminal, and a character that changes the direction of text.
const HOSTILE: &str = "a\u{9b}2Jb\u{202e}";

/// The texts of a file, each as the path to it.
fn texts(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(path.to_owned()),
        Value::Array(all) => {
            (0..).zip(all).for_each(|(at, one)| texts(one, &format!("{path}/{at}"), found));
        }
        Value::Object(all) => {
            all.iter().for_each(|(name, one)| texts(one, &format!("{path}/{name}"), found));
        }
        _ => {}
    }
}

/// Runs commands with each text of a file changed. Returns how many texts there are.
#[track_caller]
fn check(kernel: &Kernel, file: &Path, before: impl Fn(), commands: &[&[&str]]) -> usize {
    let original = fs::read_to_string(file).expect("a file");
    let original: Value = serde_json::from_str(&original).expect("JSON");
    let mut all = Vec::new();
    texts(&original, "", &mut all);
    for path in &all {
        before();
        let mut changed = original.clone();
        *changed.pointer_mut(path).expect("a text") = HOSTILE.into();
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, changed.to_string()).expect("it is written");
        for command in commands {
            let ran = kernel.rauditctl(command);
            let is_raw = |char: char| char == '\u{9b}' || char == '\u{202e}';
            let printed = [&ran.1, &ran.2];
            assert!(!printed.into_iter().any(|text| text.contains(is_raw)), "{path}: {ran:?}");
        }
    }
    all.len()
}

#[test]
fn texts_of_a_change_that_waits_are_escaped() {
    with_kernel(|kernel| {
        kernel.restart();
        // With a setting that waits for `--keep`.
        let new = kernel.write("new.rules", &format!("{NEW}--loginuid-immutable\n"));
        exits(&kernel.rauditctl(&["apply", "--confirm", "10m", &new]), 0);
        let rules = kernel.write("only.rules", NEW);
        let pending = kernel.path("run/pending.json");
        let keep = ["apply", "--keep"];
        let applied = ["apply", rules.as_str()];
        // This process stands for the process that waits, and runs as long as the commands.
        let mut waits: Value =
            serde_json::from_slice(&fs::read(&pending).expect("a change waits")).expect("JSON");
        waits["process"] = std::process::id().into();
        let stat = fs::read_to_string("/proc/self/stat").expect("this process");
        // The 22nd field, of which 20 come after the name in brackets (proc_pid_stat(5)).
        let after = stat.rsplit(") ").next().expect("fields");
        let start = after.split(' ').nth(19).expect("a start");
        waits["started"] = start.parse::<u64>().expect("a number").into();
        fs::write(&pending, waits.to_string()).expect("it is written");
        let commands = [&applied[..], &["apply", "--keep", "--format=json"]];
        assert!(check(kernel, &pending, || {}, &commands) > 10);

        let last = kernel.path("run/last.json");
        fs::remove_file(&pending).expect("the last one still waits: its digest is another");
        let ending =
            serde_json::json!({ "change": "c", "end": "undone", "time": "t", "reason": "r" });
        fs::write(&last, ending.to_string()).expect("it is written");
        let list = ["apply", "--undo", "--list"];
        assert!(check(kernel, &last, || {}, &[&list, &keep]) == 4);
        let before = kernel.path("lib/before-1.json");
        assert!(check(kernel, &before, || {}, &[&list, &["apply", "--undo"]]) > 5);
    });
}

#[test]
fn texts_of_a_saved_plan_are_escaped() {
    with_kernel(|kernel| {
        kernel.restart();
        let new = kernel.write("new.rules", NEW);
        let plan = kernel.path("change.plan");
        let name = plan.to_str().expect("a path");
        exits(&kernel.rauditctl(&["plan", &new, "-o", name]), 1);
        let text = fs::read_to_string(&plan).expect("a plan");
        // Another boot: then `apply` names the host.
        let other = text.replace("\"boot_id\": \"", "\"boot_id\": \"other ");
        fs::write(&plan, other).expect("it is written");
        let commands = [&["plan", "--show", name][..], &["apply", name]];
        assert!(check(kernel, &plan, || kernel.restart(), &commands) > 20);
    });
}
