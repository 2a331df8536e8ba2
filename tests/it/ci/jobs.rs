//! The jobs for CI services are valid by the schemas of the services, and their commands do what the page describes.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

use super::document::block;
use super::{command, printed, run, write};
use crate::consumers;

const INSTALL: &str = "cargo install --locked --path tools/rauditctl";
const CONFIG: &str = "[lint]\narch = [\"x86_64\"]\nselect = [\"E\"]\n";
const GOOD: &str = "-a always,exit -F arch=b64 -S execve -F key=exec\n";
const BAD: &str = "-a always,exit -F arch=b64 -S execv -F key=exec\n";
const UNFORMATTED: &str = "-a exit,always -F arch=b64 -S execve -k exec\n";

/// Converts YAML to JSON with PyYAML.
fn parsed(yaml: &str) -> Option<Value> {
    let mut python = consumers::python()?;
    python.args(["-c", "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"]);
    let mut child = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
    child.stdin.take().expect("a pipe").write_all(yaml.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

/// Checks a file with a schema of check-jsonschema. Returns whether it is valid, and the output.
fn check(schema: &[&str], name: &str, text: &str) -> Option<(bool, String)> {
    let folder = TempDir::new().expect("a folder");
    let file = write(folder.path(), name, text);
    let mut checks = command("check-jsonschema", folder.path())?;
    let output = checks.args(schema).arg(file).output().expect("it runs");
    Some((output.status.success(), printed(&output)))
}

/// Runs the commands of a job in a repository with these rules, except the installation. Returns the exit status of
/// each.
fn run_all<'c>(commands: &[&'c str], rules: &str, folder: &Path) -> Vec<(&'c str, Option<i32>)> {
    // The settings are those of the repository.
    fs::create_dir_all(folder.join(".git")).expect("a repository");
    write(folder, "rauditctl.toml", CONFIG);
    write(folder, "rules.d/30-exec.rules", rules);
    let commands: Vec<&str> = commands.iter().copied().filter(|line| *line != INSTALL).collect();
    let ends = commands
        .into_iter()
        .map(|line| (line, run(line, folder, folder).expect("a shell").status.code()));
    ends.collect()
}

/// Checks that no command fails for a good rule, `lint` for a bad one, and `fmt` for an unformatted one.
fn check_failures(commands: &[&str], reports: &[&str]) {
    for (rules, failing) in [(GOOD, None), (BAD, Some("lint")), (UNFORMATTED, Some("fmt"))] {
        let folder = TempDir::new().expect("a folder");
        for (line, status) in run_all(commands, rules, folder.path()) {
            let is_report = reports.iter().any(|report| line.contains(report));
            let is_failing = failing.is_some_and(|failing| {
                line.starts_with(&format!("rauditctl {failing} ")) && !is_report
            });
            assert_eq!(status, Some(i32::from(is_failing)), "{line} with {rules}");
        }
        for report in reports {
            let text = fs::read_to_string(folder.path().join(report)).expect("the report");
            assert_eq!(
                text.contains("unknown syscall `execv`")
                    || text.contains("Unknown syscall `execv`"),
                rules == BAD,
                "{text}"
            );
        }
    }
}

#[test]
fn github_workflow_is_valid_and_fails_on_bad_rules() {
    let text = block("GitHub", "yaml");
    let schema = ["--builtin-schema", "vendor.github-workflows"];
    let Some((is_valid, printed)) = check(&schema, "audit-rules.yml", &text) else { return };
    assert!(is_valid, "{printed}");
    let (is_valid, _) =
        check(&schema, "audit-rules.yml", &text.replace("runs-on", "run-on")).expect("as before");
    assert!(!is_valid, "the schema accepts anything");

    let Some(workflow) = parsed(&text) else { return };
    let steps = workflow["jobs"]["lint"]["steps"].as_array().expect("steps");
    let commands: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    assert_eq!(commands.iter().filter(|line| **line == INSTALL).count(), 1, "{commands:?}");
    assert_eq!(commands.len(), 4, "{commands:?}");
    let uploaded = steps.iter().find_map(|step| step["with"]["sarif_file"].as_str());
    check_failures(&commands, &[uploaded.expect("a report")]);
}

#[test]
fn gitlab_job_is_valid_and_fails_on_bad_rules() {
    let text = block("GitLab", "yaml");
    let schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"];
    let Some((is_valid, printed)) = check(&schema, ".gitlab-ci.yml", &text) else { return };
    assert!(is_valid, "{printed}");
    let wrong = text.replace("when: always", "when: sometimes");
    let (is_valid, _) = check(&schema, ".gitlab-ci.yml", &wrong).expect("as before");
    assert!(!is_valid, "the schema accepts anything");

    let Some(jobs) = parsed(&text) else { return };
    let job = &jobs["audit-rules"];
    let commands: Vec<&str> =
        job["script"].as_array().expect("a script").iter().filter_map(Value::as_str).collect();
    assert_eq!(commands[0], INSTALL);
    let reports = &job["artifacts"]["reports"];
    let [quality, junit] =
        ["codequality", "junit"].map(|kind| reports[kind].as_str().expect("a report"));
    check_failures(&commands, &[quality, junit]);
    // The reports are written before a command can fail.
    let last_report = commands.iter().rposition(|line| line.contains("--output"));
    let first_check =
        commands.iter().position(|line| line.contains("rules.d") && !line.contains("--output"));
    assert!(last_report < first_check, "{commands:?}");
}

#[test]
fn jenkins_stage_fails_on_bad_rules() {
    let Some(_) = consumers::shell() else { return };
    let text = block("Jenkins", "groovy");
    let quoted = |word: &str| -> Vec<String> {
        let lines =
            text.lines().filter_map(|line| line.trim().strip_prefix(word)?.split('\'').nth(1));
        lines.map(str::to_owned).collect()
    };
    let commands = quoted("sh ");
    assert_eq!(commands.len(), 3, "{commands:?}");
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    let reports = quoted("always { junit ");
    let reports: Vec<&str> = reports.iter().map(String::as_str).collect();
    assert_eq!(reports.len(), 1, "{reports:?}");
    check_failures(&commands, &reports);
}
