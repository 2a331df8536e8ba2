//! Links in a directory of rules.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::{run, texts};

const SECRET: &str = "root:$6$salt$hash:19000:0:99999:7:::\n";

/// Makes a repository whose rules link to a secret beside it and to a file of its own.
fn repository(folder: &Path) {
    fs::write(folder.join("shadow"), SECRET).unwrap();
    let rules = folder.join("repository/rules.d");
    fs::create_dir_all(&rules).unwrap();
    fs::create_dir(folder.join("repository/.git")).unwrap();
    fs::write(folder.join("repository/.git/config"), SECRET).unwrap();
    fs::write(folder.join("repository/shared.rules"), "-w /srv -p wa -k shared\n").unwrap();
    fs::write(rules.join("00.rules"), "-D\n").unwrap();
    symlink("../../shadow", rules.join("10.rules")).unwrap();
    symlink("../.git/config", rules.join("11.rules")).unwrap();
    symlink("../shared.rules", rules.join("20.rules")).unwrap();
}

#[test]
fn no_command_shows_lines_of_a_file_outside_the_repository() {
    let folder = tempfile::tempdir().unwrap();
    repository(folder.path());
    for arguments in [
        &["lint", "--arch", "x86_64", "--all", "--show", "info", "rules.d"][..],
        &["lint", "--arch", "x86_64", "--format", "json", "rules.d"],
        &["lint", "--arch", "x86_64", "--diff", "--unsafe-fixes", "rules.d"],
        &["explain", "--arch", "x86_64", "rules.d"],
        &["fmt", "--diff", "rules.d"],
        &["fmt", "rules.d"],
    ] {
        let (out, error) = texts(&run(&folder.path().join("repository"), arguments));
        assert!(!out.contains("$6$") && !error.contains("$6$"), "{arguments:?}: {out}{error}");
        for link in ["10.rules", "11.rules"] {
            let note = format!("`rules.d/{link}` leads out of its directory and is not read");
            assert!(error.contains(&note), "{arguments:?}: {error}");
        }
    }
    assert_eq!(fs::read_to_string(folder.path().join("shadow")).unwrap(), SECRET);
}

/// The near miss: a link to another rules file of the repository is read, and so is a file that is named.
#[test]
fn reads_rules_of_the_same_repository_and_named_files() {
    let folder = tempfile::tempdir().unwrap();
    repository(folder.path());
    let lint = ["lint", "--arch", "x86_64", "--format", "concise", "rules.d"];
    let (out, _) = texts(&run(&folder.path().join("repository"), &lint));
    assert!(out.contains("rules.d/20.rules:1:1: info[P101]"), "{out}");
    let named = ["lint", "--arch", "x86_64", "--format", "concise", "rules.d/10.rules"];
    let (out, error) = texts(&run(&folder.path().join("repository"), &named));
    assert!(out.contains("rules.d/10.rules:1:1: error["), "{out}");
    assert!(!error.contains("leads out"), "{error}");
}

/// A link to nothing and a directory are no rules files, but a user who named them so expects their rules.
#[test]
fn reports_what_has_the_name_of_a_rules_file_and_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.d");
    fs::create_dir_all(rules.join("30.rules")).unwrap();
    fs::write(rules.join("10.rules"), "-w /srv -p wa -k shared\n").unwrap();
    symlink("gone", rules.join("20.rules")).unwrap();
    fs::create_dir(rules.join("old")).unwrap();
    symlink("gone", rules.join(".40.rules")).unwrap();
    let lint = run(folder.path(), &["lint", "--arch", "x86_64", "--format", "concise", "rules.d"]);
    let (out, error) = texts(&lint);
    assert!(out.contains("rules.d/10.rules:1:1"), "{out}");
    let notes: Vec<&str> = error.lines().filter(|line| line.starts_with("`rules")).collect();
    assert_eq!(
        notes,
        [
            "`rules.d/20.rules` is a link to nothing, so its rules are missing here",
            "`rules.d/30.rules` is not a file and is not read",
        ]
    );
}
