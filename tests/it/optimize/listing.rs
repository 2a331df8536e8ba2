//! `rauditctl -l --source`: where each loaded rule comes from, under a fake kernel.

use std::fs;

use serde_json::{Value, json};

use crate::covers::formats::validated;
use crate::golden::kernel::{Kernel, with_kernel};

const SOURCE: &str = "-D\n\
    -a always,exit -F arch=b64 -S chmod -F auid>=1000 -F key=perm\n\
    -a always,exit -F arch=b64 -S mount -F key=mount\n\
    -a always,exit -F arch=b64 -S fchmod -F auid>=1000 -F key=perm\n";
const PERM: &str = "-a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000 -F key=perm";
const MOUNT: &str = "-a always,exit -F arch=b64 -S mount -F key=mount";
const OTHER: &str = "-a always,exit -F arch=b64 -S kill -F key=other";

/// Runs rauditctl in the folder of the kernel; returns its output.
fn run(kernel: &Kernel, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = kernel.program("rauditctl");
    command.current_dir(kernel.folder.path()).args(arguments);
    kernel.finish(&mut command)
}

/// Makes a product of the source and loads it.
fn load(kernel: &Kernel) {
    fs::write(kernel.path("a.rules"), SOURCE).expect("a file");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rauditctl"));
    command.current_dir(kernel.folder.path());
    command.args(["optimize", "--arch", "x86_64", "-o", "made.rules", "a.rules"]);
    assert!(command.output().expect("it runs").status.success());
    let (exit, _, errors) = run(kernel, &["-R", "made.rules"]);
    assert_eq!(exit, Some(0), "{errors}");
}

#[test]
fn loaded_rules_name_their_source() {
    with_kernel(|kernel| {
        load(kernel);
        let listed = run(kernel, &["-l", "--source", "made.rules"]);
        let perm = format!("#@ from a.rules:2 a.rules:4 (merge-syscalls)\n{PERM}\n");
        let mount = format!("#@ from a.rules:3\n{MOUNT}\n");
        assert_eq!(listed, (Some(0), format!("{perm}{mount}"), String::new()));
        let of_key = run(kernel, &["-l", "-k", "mount", "--source=made.rules"]);
        assert_eq!(of_key, (Some(0), mount, String::new()));
        // Without its comments the file is named itself.
        let text = fs::read_to_string(kernel.path("made.rules")).expect("a file");
        let bare: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        fs::write(kernel.path("bare.rules"), bare.join("\n") + "\n").expect("a file");
        let listed = run(kernel, &["-l", "--source", "bare.rules"]);
        let expected = format!("# bare.rules:2\n{PERM}\n# bare.rules:3\n{MOUNT}\n");
        assert_eq!(listed, (Some(0), expected, String::new()));
    });
}

#[test]
fn differences_are_named() {
    with_kernel(|kernel| {
        load(kernel);
        let words: Vec<&str> = OTHER.split(' ').collect();
        assert_eq!(run(kernel, &words).0, Some(0));
        let words = MOUNT.replace("-a ", "-d ");
        assert_eq!(run(kernel, &words.split(' ').collect::<Vec<_>>()).0, Some(0));
        let expected = format!(
            "#@ from a.rules:2 a.rules:4 (merge-syscalls)\n{PERM}\n# not in made.rules\n{OTHER}\n\
             # not loaded: made.rules:9, from a.rules:3\n# {MOUNT}\n"
        );
        let listed = run(kernel, &["-l", "--source", "made.rules"]);
        assert_eq!(listed, (Some(0), expected, String::new()));

        let command = ["-l", "--source", "made.rules", "--format", "json"];
        let report: Value = serde_json::from_str(&run(kernel, &command).1).expect("JSON");
        validated("docs/schema/rules.schema.json", &report);
        let place = |line: u32| json!({"file": "a.rules", "line": line});
        let merged = json!({"file": "made.rules", "line": 7, "from": [place(2), place(4)]});
        assert_eq!(report["rules"][0]["source"], merged);
        assert_eq!(report["rules"][1].get("source"), Some(&Value::Null));
        let missing = json!({"file": "made.rules", "line": 9, "from": [place(3)]});
        assert_eq!(report["not_loaded"][0]["source"], missing);
        assert_eq!(report["not_loaded"][0]["text"], MOUNT);
    });
}

#[test]
fn odd_files_and_questions_are_refused() {
    with_kernel(|kernel| {
        fs::write(kernel.path("bad.rules"), "-a always,exit -S nothing\n").expect("a file");
        for (arguments, message) in [
            (["-l", "--source", "bad.rules"], "error[E0"),
            (["-l", "--source", "missing.rules"], "cannot read `missing.rules`"),
            (["-s", "--source", "bad.rules"], "`--source` is an option of `-l`"),
        ] {
            let (exit, output, errors) = run(kernel, &arguments);
            assert_eq!((exit, output.as_str()), (Some(255), ""), "{errors}");
            assert!(errors.contains(message), "{errors}");
        }
    });
}
