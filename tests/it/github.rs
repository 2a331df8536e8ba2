//! The workflow and the issue forms in `.github`, checked with GitHub's schemas.

use std::fs;
use std::path::{Path, PathBuf};

use crate::consumers;

const WORKFLOW: &str = ".github/workflows/ci.yml";

/// Returns whether check-jsonschema accepts a file, and what it prints.
fn check(schema: &str, file: &Path) -> Option<(bool, String)> {
    let mut command = consumers::command("check-jsonschema")?;
    let output = command.args(["--builtin-schema", schema]).arg(file).output().expect("it runs");
    let printed = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&printed).into_owned()))
}

/// Returns the files of a folder of the repository.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(xtask::root().join(folder)).expect("a folder");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn has_a_valid_workflow() {
    let path = xtask::root().join(WORKFLOW);
    for schema in ["vendor.github-workflows", "custom.github-workflows-require-timeout"] {
        let Some((is_valid, printed)) = check(schema, &path) else { return };
        assert!(is_valid, "{printed}");
    }
}

#[test]
fn has_valid_issue_forms() {
    let files = files(".github/ISSUE_TEMPLATE");
    assert_eq!(files.len(), 4, "{files:?}");
    for path in files {
        let is_config = path.ends_with("config.yml");
        let schema =
            if is_config { "vendor.github-issue-config" } else { "vendor.github-issue-forms" };
        let Some((is_valid, printed)) = check(schema, &path) else { return };
        assert!(is_valid, "{printed}");
    }
}

#[test]
fn rejects_what_the_schemas_do_not_have() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = [
        ("vendor.github-workflows", WORKFLOW, "runs-on", "run-on"),
        (
            "vendor.github-issue-forms",
            ".github/ISSUE_TEMPLATE/bug.yml",
            "validations",
            "validation",
        ),
    ];
    for (schema, file, from, to) in broken {
        let text = fs::read_to_string(xtask::root().join(file)).expect("a file");
        let path = folder.path().join("broken.yml");
        fs::write(&path, text.replace(from, to)).expect("a file");
        let Some((is_valid, printed)) = check(schema, &path) else { return };
        assert!(!is_valid, "{printed}");
    }
}

#[test]
fn runs_the_gate() {
    let workflow = fs::read_to_string(xtask::root().join(WORKFLOW)).expect("the workflow");
    assert!(workflow.lines().any(|line| line.trim() == "- run: .ci/run"), "{workflow}");
}
