//! Which `rauditctl.toml` is in force, and what it may be.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use super::{run, texts};

/// A configuration that silences the only warning of the rules.
const SILENT: &str = "[lint]\nselect = [\"E\"]\n";
const RULES: &str = "-a always,exit -F arch=b64 -S chmod -F auid>=1000 -F key=k\n";

/// Makes a directory with rules two levels below the configuration.
fn tree(folder: &Path) {
    fs::create_dir_all(folder.join("hosts/rules.d")).unwrap();
    fs::write(folder.join("rauditctl.toml"), SILENT).unwrap();
    fs::write(folder.join("hosts/rules.d/a.rules"), RULES).unwrap();
}

/// Lints the rules; returns whether they have findings, and standard error.
fn lint(folder: &Path) -> (bool, String) {
    lint_from(folder, "hosts/rules.d")
}

/// Lints rules where `here` is the current directory.
fn lint_from(here: &Path, rules: &str) -> (bool, String) {
    let arguments = ["lint", "--arch", "x86_64", "--format", "concise", rules];
    let (out, error) = texts(&run(here, &arguments));
    (!out.is_empty(), error)
}

#[test]
fn looks_up_to_the_current_directory_without_a_repository() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path());
    let settings = "settings: rauditctl.toml\n".to_owned();
    assert_eq!(lint(folder.path()), (false, settings));
    // From below, and from elsewhere.
    assert_eq!(lint_from(&folder.path().join("hosts"), "rules.d"), (true, String::new()));
    let rules = folder.path().join("hosts/rules.d");
    let elsewhere = tempfile::tempdir().unwrap();
    let found = lint_from(elsewhere.path(), rules.to_str().unwrap());
    assert_eq!(found, (true, String::new()));
}

#[test]
fn looks_in_the_repository_only() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path());
    let hosts = folder.path().join("hosts");
    assert_eq!(lint_from(&hosts, "rules.d"), (true, String::new()));
    // A file `.git` marks a repository too: that of a worktree.
    fs::write(folder.path().join(".git"), "").unwrap();
    let settings = format!("settings: {}\n", folder.path().join("rauditctl.toml").display());
    assert_eq!(lint_from(&hosts, "rules.d"), (false, settings));
    // The rules are in a repository of their own.
    fs::create_dir(folder.path().join("hosts/.git")).unwrap();
    assert_eq!(lint(folder.path()), (true, String::new()));
}

#[test]
fn looks_in_the_directory_of_the_rules() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path());
    fs::write(folder.path().join("hosts/rules.d/rauditctl.toml"), SILENT).unwrap();
    let settings = "settings: hosts/rules.d/rauditctl.toml\n".to_owned();
    assert_eq!(lint(folder.path()), (false, settings));
}

#[test]
fn ignores_the_file_of_another_user() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path());
    fs::create_dir(folder.path().join(".git")).unwrap();
    let file = folder.path().join("rauditctl.toml");
    if chown(&file, Some(4321), None).is_err() {
        // Only root can give a file away.
        return;
    }
    let (has_findings, error) = lint(folder.path());
    assert!(has_findings);
    assert!(error.contains("ignored `rauditctl.toml`, which belongs to another user"), "{error}");
    let arguments = ["lint", "--config", "rauditctl.toml", "--format", "concise", "hosts/rules.d"];
    assert_eq!(texts(&run(folder.path(), &arguments)).0, "");
}

#[test]
fn refuses_what_is_no_small_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.rules"), RULES).unwrap();
    mkfifo(&folder.path().join("fifo"), Mode::from_bits_truncate(0o600)).unwrap();
    fs::write(folder.path().join("large"), "#".repeat((1 << 20) + 1)).unwrap();
    fs::write(folder.path().join("fits"), "#".repeat(1 << 20)).unwrap();
    for (name, message) in [
        ("fifo", "is not a regular file"),
        ("/dev/zero", "is not a regular file"),
        ("large", "has more than 1048576 bytes"),
        (".", "is not a regular file"),
    ] {
        let output = run(folder.path(), &["lint", "--config", name, "a.rules"]);
        let (_, error) = texts(&output);
        assert!(error.contains(message), "{name}: {error}");
        assert_eq!(output.status.code(), Some(2), "{name}");
    }
    let output = run(folder.path(), &["lint", "--config", "fits", "a.rules"]);
    assert_ne!(output.status.code(), Some(2), "{:?}", texts(&output));
}
