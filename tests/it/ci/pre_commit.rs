//! Runs the hooks of `.pre-commit-hooks.yaml` with pre-commit.
//!
//! The hooks run the program under test (`language: system`). No test lets pre-commit build the program, because that
//! downloads crates.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::document::block;
use super::{command, printed, run, run_well, write};

const MANIFEST: &str = ".pre-commit-hooks.yaml";
const GOOD: &str = "-a always,exit -F arch=b64 -S execve -F key=exec\n";
const BAD: &str = "-a always,exit -F arch=b64 -S execv -F key=exec\n";

/// Creates a repository `rauditctl` with our hooks in a folder.
pub(super) fn project(folder: &Path, home: &Path) -> Option<()> {
    let manifest = fs::read_to_string(xtask::root().join(MANIFEST)).expect("the hooks");
    assert_eq!(manifest.matches("language: rust").count(), 2);
    write(
        folder,
        &format!("rauditctl/{MANIFEST}"),
        &manifest.replace("language: rust", "language: system"),
    );
    let commit = "git init --quiet && git add . && git commit --quiet --message hooks";
    run_well(commit, &folder.join("rauditctl"), home).map(drop)
}

#[test]
fn has_a_valid_manifest() {
    let home = TempDir::new().expect("a folder");
    let Some(mut pre_commit) = command("pre-commit", home.path()) else { return };
    let output = pre_commit.arg("validate-manifest").arg(xtask::root().join(MANIFEST)).output();
    let output = output.expect("it runs");
    assert!(output.status.success(), "{}", printed(&output));
}

/// Uses the arguments that the page shows.
#[test]
fn rejects_a_commit_with_a_bad_rule() {
    let folder = TempDir::new().expect("a folder");
    let (home, ours) = (folder.path().join("home"), folder.path().join("ours"));
    for folder in [&home, &ours] {
        fs::create_dir(folder).expect("a folder");
    }
    let Some(()) = project(folder.path(), &home) else { return };
    let revision =
        run_well("git rev-parse HEAD", &folder.path().join("rauditctl"), &home).expect("a shell");
    let hooks = block("pre-commit", "yaml");
    let hooks: String = hooks.lines().map(|line| format!("    {line}\n")).collect();
    let config = format!("repos:\n  - repo: ../rauditctl\n    rev: {revision}{hooks}");
    write(&ours, ".pre-commit-config.yaml", &config);
    write(&ours, "rauditctl.toml", "[lint]\narch = [\"x86_64\"]\nselect = [\"E\", \"P101\"]\n");
    write(&ours, "etc/audit/rules.d/10-base.rules", "-D\n-b 8192\n-f 1\n");
    run_well("git init --quiet && pre-commit install && git add .", &ours, &home);
    run_well("git commit --quiet --message configuration", &ours, &home);

    let commit = |name: &str, text: &str| {
        write(&ours, name, text);
        let script = "git add . && git commit --quiet --message rules";
        let output = run(script, &ours, &home).expect("a shell");
        (output.status.success(), super::printed(&output))
    };
    let name = "etc/audit/rules.d/30-exec.rules";
    let (is_in, printed) = commit(name, BAD);
    assert!(!is_in && printed.contains("error[E020]: unknown syscall `execv`"), "{printed}");
    // The hook checks the whole folder, even if another file is committed.
    let (is_in, printed) = commit("etc/audit/rules.d/40-other.rules", GOOD);
    assert!(!is_in && printed.contains("30-exec.rules"), "{printed}");
    // The hook formats the file; the user has to review and add the change.
    let (is_in, printed) = commit(name, &GOOD.replace("-F key=", "-k "));
    assert!(!is_in && printed.contains("files were modified by this hook"), "{printed}");
    let (is_in, printed) = commit(name, GOOD);
    assert!(is_in, "{printed}");
    // With the `args` of the page, a warning does not reject the commit.
    let (is_in, printed) =
        commit("etc/audit/rules.d/50-watch.rules", "-w /etc/shadow -p wa -k identity\n");
    assert!(is_in, "{printed}");
    // The hooks ignore other files, but check a changed configuration.
    let (is_in, printed) = commit("README", "rules\n");
    assert!(is_in && printed.matches("(no files to check)").count() == 2, "{printed}");
    let (is_in, printed) = commit("rauditctl.toml", "[lint]\nselekt = [\"E\"]\n");
    assert!(!is_in && printed.contains("unknown key `selekt`"), "{printed}");
}
