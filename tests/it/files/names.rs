//! File names that a terminal or a log could obey.

use std::fs;

use super::{run, texts};

/// A workflow command on a line of its own, and commands to a terminal in seven and in eight bits.
const NAME: &str = "a\n::error::x\u{1b}]0;t\u{7}\u{9b}2J\u{202e}.rules";

/// Every command that prints a file name, and whether it prints the name on standard output.
const COMMANDS: &[&[&str]] = &[
    &["lint", "--no-config", "--arch", "x86_64", NAME],
    &["lint", "--no-config", "--arch", "x86_64", "--format", "concise", NAME],
    &["lint", "--no-config", "--arch", "x86_64", "--format", "github", NAME],
    &["lint", "--no-config", "--arch", "x86_64", "--format", "json", NAME],
    &["lint", "--no-config", "--arch", "x86_64", "--fix", "--select", "R", NAME],
    &["lint", "--no-config", "--arch", "x86_64", "--diff", "--unsafe-fixes", NAME],
    &["explain", "--arch", "x86_64", NAME],
    &["explain", "--arch", "x86_64", "--format", "json", NAME],
    &["compile", "--arch", "x86_64", NAME],
    &["fmt", "--check", NAME],
    &["fmt", "--diff", NAME],
    &["fmt", NAME],
];

fn assert_harmless(arguments: &[&str], text: &str) {
    let obeyed = |char: char| char.is_control() && char != '\n' || char == '\u{202e}';
    assert_eq!(text.find(obeyed), None, "{arguments:?}: {text:?}");
    assert!(!text.lines().any(|line| line.starts_with("::error::x")), "{arguments:?}: {text}");
}

#[test]
fn no_command_prints_a_name_that_a_terminal_obeys() {
    for rules in ["-w  /etc/passwd -p wa -k k", "-w /srv -p wa\n-a always,exit -S nosuch -k k\n"] {
        for arguments in COMMANDS {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(NAME), rules).unwrap();
            let (out, error) = texts(&run(folder.path(), arguments));
            assert_harmless(arguments, &out);
            assert_harmless(arguments, &error);
        }
    }
}

#[test]
fn an_error_about_a_file_has_its_name_escaped() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("empty\u{9b}")).unwrap();
    for command in ["lint", "explain", "compile", "fmt"] {
        for name in [NAME, "empty\u{9b}"] {
            let (out, error) = texts(&run(folder.path(), &[command, name]));
            assert_harmless(&[command], &out);
            assert_harmless(&[command], &error);
            assert!(error.contains("\\u{9b}"), "{command}: {error}");
        }
    }
}

/// The near miss: a name with spaces and letters of any script is printed as it is.
#[test]
fn prints_other_names_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let name = "r\u{e8}gles du syst\u{e8}me.rules";
    fs::write(folder.path().join(name), "-w  /etc/passwd -p wa\n").unwrap();
    assert_eq!(texts(&run(folder.path(), &["fmt", "--check", name])).0, format!("{name}\n"));
    let (out, _) = texts(&run(folder.path(), &["fmt", "--diff", name]));
    assert!(out.starts_with(&format!("--- {name}\n+++ {name}\n")), "{out}");
}
