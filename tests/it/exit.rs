//! The exit status of our own commands: 2 for a wrong command line, and 0 for every answer with `--exit-zero`.

use std::fs;
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_rauditctl");

/// Returns the status of a command in a folder with rules.
fn status(folder: &std::path::Path, arguments: &[&str]) -> Option<i32> {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    let output = command.output().expect("the program runs");
    output.status.code()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("a.rules", "#@ records syscall=chmod auid=1000\n-w /a -p wa\n"),
        ("b.rules", "-a  always,exit -F arch=b64 -S chmod\n"),
        ("fix.rules", "-w /etc/passwd -p wa -k b\n"),
        ("wrong.rules", "-a always,exit -S nothing\n"),
        (
            "open.rules",
            "-a always,exit -F arch=b64 -S openat -F path=/a -F exe=/bin/x\n-w /a -p wa\n",
        ),
    ] {
        fs::write(folder.path().join(name), text).expect("a file is written");
    }
    folder
}

#[test]
fn wrong_options_have_status_2() {
    let folder = folder();
    let commands = crate::docs::commands();
    assert!(commands.len() >= 9, "{commands:?}");
    for command in commands {
        let found = status(folder.path(), &[&command, "--no-such-option"]);
        assert_eq!(found, Some(2), "{command}");
        let found =
            status(folder.path(), &[&command, "a.rules", "b.rules", "--format=no-such-format"]);
        assert_eq!(found, Some(2), "{command}");
    }
}

/// Standard input can be read only once: a second `-` would be an empty file.
#[test]
fn second_standard_input_has_status_2() {
    let folder = folder();
    for twice in [
        &["compare", "--arch=x86_64", "-", "-"][..],
        &["covers", "--arch=x86_64", "-", "-"],
        &["explain", "--arch=x86_64", "-", "-"],
        &["explain", "--arch=x86_64", "--diff", "-", "-"],
        &["explain", "--arch=x86_64", "--workload=-", "-"],
        &["explain", "--arch=x86_64", "--event=-", "-"],
        &["explain", "--arch=x86_64", "--event=-", "--files=-", "a.rules"],
        &["lint", "-", "-"],
        &["compile", "-", "-"],
        &["fmt", "-", "-"],
        &["test", "-", "-"],
    ] {
        let mut command = Command::new(PROGRAM);
        command.args(twice).current_dir(folder.path()).stdin(Stdio::null());
        let output = command.output().expect("the program runs");
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{twice:?}");
        assert!(why.contains("`-` is there twice"), "{twice:?}: {why}");
    }
    for once in [
        &["compare", "--arch=x86_64", "-", "a.rules"][..],
        &["explain", "--arch=x86_64", "-", "a.rules"],
        &["explain", "--arch=x86_64", "a.rules", "--event=-"],
        &["lint", "-", "fix.rules"],
        &["compile", "-", "a.rules"],
        &["fmt", "-", "fix.rules"],
    ] {
        assert_ne!(status(folder.path(), once), Some(2), "{once:?}");
    }
}

/// Each command with an answer that is not 0, and its status.
const ANSWERS: [(&[&str], i32); 10] = [
    (&["lint", "wrong.rules"], 1),
    (&["lint", "--diff", "--unsafe-fixes", "--show=info", "fix.rules"], 1),
    (&["fmt", "--check", "b.rules"], 1),
    (&["fmt", "--diff", "b.rules"], 1),
    (&["test", "a.rules"], 3),
    (&["compile", "wrong.rules"], 1),
    (&["explain", "--arch=x86_64", "--max-armed=1", "a.rules"], 1),
    (&["explain", "--arch=x86_64", "--event=syscall=openat", "a.rules"], 3),
    (&["compare", "--arch=x86_64", "a.rules", "b.rules"], 1),
    (&["covers", "--arch=x86_64", "a.rules", "b.rules"], 1),
];

#[test]
fn exit_zero_forgives_every_answer() {
    let folder = folder();
    for (arguments, expected) in ANSWERS {
        assert_eq!(status(folder.path(), arguments), Some(expected), "{arguments:?}");
        let forgiven = [arguments, &["--exit-zero"]].concat();
        assert_eq!(status(folder.path(), &forgiven), Some(0), "{forgiven:?}");
    }
}

/// A command that could not answer has status 2 all the same.
#[test]
fn exit_zero_forgives_no_missing_answer() {
    let folder = folder();
    for command in ["lint", "fmt", "test", "compile", "explain"] {
        let found = status(folder.path(), &[command, "--exit-zero", "missing.rules"]);
        assert_eq!(found, Some(2), "{command}");
    }
    for arguments in [["compare", "missing.rules", "a.rules"], ["covers", "a.rules", "wrong.rules"]]
    {
        let found = status(folder.path(), &[&arguments[..], &["--exit-zero"]].concat());
        assert_eq!(found, Some(2), "{arguments:?}");
    }
}
