//! Programs that read the output, such as GitHub's toolkit, accept it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rauditctl::report::lint::{github, gitlab, json, junit, sarif};
use serde_json::{Value, json as value};

use super::parsed;
use super::set::{Format, Set};
use crate::consumers::{node, python};

/// Returns the output of a program for an input.
fn output_of(mut program: Command, input: &str) -> String {
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().expect("it runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let (out, error) = (output.stdout, String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{error}");
    String::from_utf8(out).expect("UTF-8")
}

fn file(folder: &Path, name: &str, set: &Set, format: Format) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, set.printed(format)).expect("a file");
    path
}

/// GitHub's toolkit for actions prints the same commands, byte for byte.
#[test]
fn github_toolkit_prints_the_same_commands() {
    const SCRIPT: &str = "
        const core = require('@actions/core');
        for (const one of JSON.parse(require('fs').readFileSync(0)))
            core[one.kind](one.message, one.place);";
    let Some(mut node) = node() else { return };
    let set = Set::made_up();
    let report = parsed(&set.printed(json));
    let mut findings = report["findings"].as_array().expect("an array").clone();
    let rank = |finding: &Value| match finding["severity"].as_str() {
        Some("error") => (0, "error"),
        Some("warning") => (1, "warning"),
        _ => (2, "notice"),
    };
    findings.sort_by_key(|finding| rank(finding).0);
    let printed = set.printed(github);
    let asked = findings.iter().zip(printed.lines()).map(|(finding, line)| {
        // The toolkit gets the message of the printed command.
        let message = line.split("::").skip(2).collect::<Vec<_>>().join("::");
        let message = message.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
        let code = finding["code"].as_str().expect("text");
        value!({
            "kind": rank(finding).1,
            "message": message,
            "place": {
                "title": format!("{code} {}", finding["name"].as_str().expect("text")),
                "file": finding["file"].as_str().expect("text").trim_start_matches("./"),
                "startLine": finding["line"],
                "endLine": finding["end_line"],
                "startColumn": finding["column"],
                "endColumn": finding["end_column"],
            },
        })
    });
    let asked = Value::Array(asked.collect()).to_string();
    node.args(["-e", SCRIPT]);
    assert_eq!(output_of(node, &asked), printed);
}

/// sarif-tools converts SARIF to GitLab's report: the places are the same.
#[test]
fn sarif_tools_reports_the_same_places() {
    const SCRIPT: &str = "
import sys
from sarif import loader
from sarif.operations import codeclimate_op
log = loader.load_sarif_files(sys.argv[1])
assert log.get_distinct_tool_names() == ['rauditctl'], log.get_distinct_tool_names()
codeclimate_op.generate(log, sys.argv[2], False)";
    let Some(mut python) = python() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let set = Set::made_up();
    let theirs = folder.path().join("theirs.json");
    let log = file(folder.path(), "log.sarif", &set, sarif);
    python.args(["-c", SCRIPT]).args([&log, &theirs]);
    output_of(python, "");
    let issues = |text: &str, is_uri: bool| {
        let report = parsed(text);
        let issue = |issue: &Value| {
            let path = issue["location"]["path"].as_str().expect("a path");
            let path = path.strip_prefix("file://").unwrap_or(path);
            let path = if is_uri { decoded(path) } else { path.to_owned() };
            let line = issue["location"]["lines"]["begin"].to_string();
            (issue["check_name"].to_string(), path, line.trim_matches('"').to_owned())
        };
        report.as_array().expect("an array").iter().map(issue).collect::<BTreeSet<_>>()
    };
    let theirs = std::fs::read_to_string(theirs).expect("it was written");
    let ours = issues(&set.printed(gitlab), false);
    assert_eq!(issues(&theirs, true), ours);
    assert!(ours.len() > 4);
}

/// Decodes percent-encoded UTF-8.
fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let is_escape = *first == b'%';
        let digits = is_escape.then(|| str::from_utf8(&after[..2]).expect("two digits"));
        bytes.push(digits.map_or(*first, |digits| u8::from_str_radix(digits, 16).expect("hex")));
        rest = if is_escape { &after[2..] } else { after };
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// The schema of Jenkins' plugin accepts the XML, and junitparser counts the same cases.
#[test]
fn jenkins_and_junitparser_accept_the_xml() {
    const SCRIPT: &str = "
import sys, xmlschema, junitparser
xmlschema.XMLSchema(sys.argv[1]).validate(sys.argv[2])
for suite in junitparser.JUnitXml.fromfile(sys.argv[2]):
    failed = [case for case in suite if not case.is_passed]
    print(suite.name, suite.tests, suite.failures, len(list(suite)), len(failed), sep='|')
    for case in failed:
        [result] = case.result
        print(' ', case.classname == suite.name, case.name, result.type, result.message, sep='|')";
    let Some(mut python) = python() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let schema = xtask::root().join("fixtures/schemas/junit-10.xsd");
    python
        .args(["-c", SCRIPT])
        .args([schema, file(folder.path(), "a.xml", &Set::made_up(), junit)]);
    let expected = "\
./rules.d/10-a b,100%:\u{e9}.rules|4|3|4|3
 |True|E020 unknown-syscall (2:31)|error|unknown syscall `opennat`
 |True|R106 odd-watch-path (4:17)|warning|the first
 |True|R106 odd-watch-path (4:17)|warning|the second
/etc/audit/rules.d/20-other.rules|2|2|2|2
 |True|S190 unused-suppression (1:1)|warning|this rule is a duplicate
 |True|C106 skipped-rule (7:1)|warning|something is missing at the end
rules.d/30-clean.rules|1|0|1|0
";
    assert_eq!(output_of(python, ""), expected);
}
