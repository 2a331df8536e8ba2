//! `test --generate`: what it writes, `test` accepts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rauditctl"));
    command.current_dir(folder).args(["test", "--arch", "x86_64"]).args(arguments);
    command.output().expect("the program runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn generated_cases_hold() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let folder = tempfile::tempdir().expect("a folder");
    let mut files: Vec<PathBuf> =
        fs::read_dir(rules).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let task = folder.path().join("task.rules");
    fs::write(&task, "-a never,task -F uid!=33\n-a always,exit -S exit,read -F uid=33\n")
        .expect("a file");
    for file in files.into_iter().chain([task]) {
        let file = file.to_str().expect("a name");
        let made = run(folder.path(), &["--generate", "-o", "cases.toml", file]);
        assert_eq!(made.status.code(), Some(0), "{file}: {}", stderr(&made));
        let tested = run(folder.path(), &["cases.toml"]);
        let report = String::from_utf8_lossy(&tested.stdout).into_owned() + &stderr(&tested);
        assert_eq!(tested.status.code(), Some(0), "{file}: {report}");
    }
}

#[test]
fn cases_that_no_file_can_have_are_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("empty.rules"), "").expect("a file");
    fs::write(folder.path().join("a.rules"), "-w /a -p wa\n").expect("a file");
    for (files, why) in [
        (&["empty.rules"][..], "no event is decided by these rules"),
        (&["a.rules", "empty.rules"], "one set of rules, but there are 2"),
    ] {
        let output = run(folder.path(), &[&["--generate"], files].concat());
        assert_eq!(output.status.code(), Some(2), "{files:?}");
        assert!(output.stdout.is_empty() && stderr(&output).contains(why), "{files:?}: {output:?}");
    }
}
