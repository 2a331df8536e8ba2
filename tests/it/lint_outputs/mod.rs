//! Compares the output of `rauditctl lint` with schemas, with programs that read it, and with the snapshots in
//! `tests/it/lint_outputs/`. `SNAPSHOTS=overwrite` rewrites the snapshots.

mod consumers;
mod gitlab;
mod grouped;
mod hostile;
mod junit;
mod random;
mod set;

use std::collections::BTreeSet;
use std::fs;

use anstream::adapter::strip_str;
use jsonschema::Validator;
use rauditctl::diag::Level;
use rauditctl::lint::{Finding, Selector, find};
use rauditctl::report::lint::{
    Choice, Findings, Look, Repeated, concise, explanation, github, gitlab, json, junit, sarif,
    text,
};
use rauditctl::rewrite::Edit;
use rauditctl::ruleset::FileSpan;
use rauditctl::source::Source;
use rauditctl::span::Span;
use serde_json::Value;
use set::{Format, Set};

use crate::snapshots::assert_recorded;

/// Every finding by itself.
const EACH: Choice = Choice { least: Level::Info, repeated: Repeated::Each };
/// Every finding, those of one code together.
const TOGETHER: Choice = Choice { least: Level::Info, repeated: Repeated::Together };

/// A compiled schema.
struct Schema(Validator);

impl Schema {
    fn read(path: &str) -> Self {
        let text = fs::read_to_string(xtask::root().join(path)).expect("the schema");
        let schema = parsed(&text);
        let validator = jsonschema::options().should_validate_formats(true).build(&schema);
        Schema(validator.expect("a schema"))
    }

    fn ours() -> Self {
        Self::read("docs/schema/lint.schema.json")
    }

    fn oasis() -> Self {
        Self::read("fixtures/schemas/sarif-2.1.0.json")
    }

    fn errors(&self, value: &Value) -> Vec<String> {
        let errors = self.0.iter_errors(value);
        errors.map(|error| format!("{}: {error}", error.instance_path)).collect()
    }

    fn accepts(&self, value: &Value) {
        let errors = self.errors(value);
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Returns the findings in the files of `fixtures/rules`.
fn real() -> Set {
    let folder = xtask::root().join("fixtures/rules");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let file = |path: &std::path::PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        Source::new(name, fs::read(path).expect("a file"))
    };
    Set::linted(paths.iter().map(file).collect())
}

#[test]
fn output_matches_schemas() {
    for set in [Set::made_up(), real(), Set::linted(Vec::new())] {
        Schema::ours().accepts(&parsed(&set.printed(json)));
        Schema::oasis().accepts(&parsed(&set.printed(sarif)));
        self::gitlab::assert_valid(&parsed(&set.printed(gitlab)));
        self::junit::assert_valid(&set, &set.printed(junit));
    }
    assert!(real().findings.len() > 5);
}

#[test]
fn schemas_reject_invalid_output() {
    let mut report = parsed(&Set::made_up().printed(json));
    report["findings"][0]["line"] = 0.into();
    assert!(!Schema::ours().errors(&report).is_empty());
    let mut log = parsed(&Set::made_up().printed(sarif));
    let place = &mut log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    place["artifactLocation"]["uri"] = "a b%".into();
    place["region"]["startLine"] = 0.into();
    assert_eq!(Schema::oasis().errors(&log).len(), 2);
}

#[test]
fn output_matches_snapshots() {
    let plain: Format = |findings, out| text(findings, EACH, Look::default(), out);
    let narrow: Format =
        |findings, out| text(findings, EACH, Look { columns: 40, has_color: false }, out);
    let together: Format = |findings, out| text(findings, TOGETHER, Look::default(), out);
    let concise: Format = |findings, out| concise(findings, Level::Info, out);
    let set = Set::made_up();
    assert_snapshot("made-up.txt", &set.printed(plain));
    assert_snapshot("made-up-narrow.txt", &set.printed(narrow));
    assert_snapshot("made-up-together.txt", &set.printed(together));
    assert_snapshot("made-up-concise.txt", &set.printed(concise));
    assert_snapshot("made-up.json", &pretty(&parsed(&set.printed(json))));
    assert_snapshot("made-up-github.txt", &set.printed(github));
    assert_snapshot("made-up-junit.xml", &set.printed(junit));
    assert_snapshot("made-up-gitlab.json", &pretty(&parsed(&set.printed(gitlab))));
    let mut log = parsed(&set.printed(sarif));
    // The pages of the lints have tests of their own.
    log["runs"][0]["tool"]["driver"].as_object_mut().expect("an object").remove("rules");
    assert_snapshot("made-up.sarif", &pretty(&log));
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn assert_snapshot(name: &str, text: &str) {
    let path = xtask::root().join("tests/it/lint_outputs").join(name);
    assert_recorded(text, &path);
}

#[test]
fn color_adds_escape_sequences_only() {
    let colored: Format =
        |findings, out| text(findings, TOGETHER, Look { has_color: true, ..Look::default() }, out);
    let plain: Format = |findings, out| text(findings, TOGETHER, Look::default(), out);
    for set in [Set::made_up(), real()] {
        let colored = set.printed(colored);
        assert!(colored.contains("\u{1b}["));
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), set.printed(plain));
    }
}

/// Lines of 6 kB are cut around the place of a finding or fix.
#[test]
fn cuts_long_lines() {
    let plain: Format = |findings, out| text(findings, EACH, Look::default(), out);
    let names = format!("{}opennat{}", "open,".repeat(600), ",open".repeat(500));
    let path = format!("{}.conf", "/x".repeat(1500));
    let lines = format!("-a always,exit -F arch=b64 -S {names} -k k\n-w {path} -p wa\n");
    let mut set = Set::linted(vec![Source::new("long.rules", lines.into_bytes())]);
    let has = |code| set.findings.iter().any(|finding| finding.lint.code == code);
    assert!(has("E020") && has("P101"));
    // A fix in the middle of a line is shown with its surroundings.
    let place = FileSpan { file: 0, span: Span::new(3030, 3037) };
    let edit = Edit { place, text: b"openat".to_vec() };
    let lint = find("P101").expect("a lint");
    set.findings.push(Finding::new(lint, place, "a typo").fix("fix it", vec![edit]));
    let printed = set.printed(plain);
    let longest = printed.lines().map(|line| line.chars().count()).max();
    assert!(longest < Some(250), "{printed}");
    assert!(printed.contains("open,openat,open"), "{printed}");
    assert!(printed.contains("rewrite as syscall rules (--fix --unsafe-fixes)\n"), "{printed}");
}

/// Removed and added lines are shown, with different marks; the lines around them are not.
#[test]
fn shows_whole_lines_that_change() {
    let plain: Format = |findings, out| text(findings, EACH, Look::default(), out);
    let rule = |names: &str| format!("-a always,exit -F arch=b32 -S {names} -F auid=0 -k k\n");
    let (first, second, other) =
        (rule("chmod"), rule("chown"), rule("mount").replace("auid=0", "auid=1"));
    let lines = format!("{first}{other}{second}# Below\n-w /etc/passwd -p wa -k k\n");
    let set = Set::linted(vec![Source::new("few.rules", lines.into_bytes())]);
    let printed = set.printed(plain);
    let merged = rule("chmod,chown");
    let shown = format!("  |\n1 - {first}1 + {merged}  |\n3 - {second}  |\n");
    assert!(printed.contains(&shown), "{printed}");
    assert!(printed.contains("5 - -w /etc/passwd -p wa -k k\n5 + -a always,exit "), "{printed}");
    assert!(!printed.contains("# Below"), "{printed}");
}

#[test]
fn sarif_rules_are_the_pages_of_found_lints() {
    let log = parsed(&Set::made_up().printed(sarif));
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("an array").clone();
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["C106", "E020", "P101", "R106", "S190"]);
    for rule in &rules {
        let lint = find(rule["id"].as_str().unwrap()).expect("a lint");
        let plain = strip_str(&explanation(Selector::Lint(lint))).to_string();
        assert_eq!(rule["help"]["text"], plain);
        assert!(lint.page().summary.replace('\n', " ") == rule["fullDescription"]["text"]);
    }
    for result in log["runs"][0]["results"].as_array().expect("an array") {
        let index = result["ruleIndex"].as_u64().expect("a number") as usize;
        assert_eq!(result["ruleId"], rules[index]["id"]);
    }
}

/// A fingerprint stays the same if lines are added before its line, or if the blanks in its line change. No two are
/// equal.
#[test]
fn fingerprints_survive_moved_lines() {
    let prints = |text: &str| {
        let set = Set::linted(vec![Source::new("a.rules", text.as_bytes().to_vec())]);
        let report = parsed(&set.printed(gitlab));
        let issues = report.as_array().expect("an array").clone();
        let typos = issues.into_iter().filter(|issue| issue["check_name"] == "E063");
        typos.map(|issue| issue["fingerprint"].to_string()).collect::<Vec<_>>()
    };
    let [a, b] = ["-w /a -w /a", "-w /b -w /b"];
    let before = prints(&format!("{a}\n{b}\n{a}\n"));
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), 3);
    assert_eq!(prints(&format!("# moved\n\n-w  /a -w /a \n# by\n{b}\n{a}")), before);
    let reordered = prints(&format!("{b}\n{a}\n{a}\n"));
    assert_eq!(reordered, [1, 0, 2].map(|at: usize| before[at].clone()));
    assert_ne!(prints("-w /a -w /c\n")[0], before[0]);
}

#[test]
fn summary_counts_findings() {
    let line = |set: &Set| set.show(|findings: &Findings<'_>| findings.summary().line());
    assert_eq!(
        line(&Set::made_up()),
        "1 error, 4 warnings, 1 info in 2 of 3 files; 1 can be fixed with --fix, 2 more with --fix \
         --unsafe-fixes; 2 allowed by comments"
    );
    let clean = || Source::new("a", b"-D\n".to_vec());
    let files = |files: Vec<Source>| Set { files, findings: Vec::new(), silenced: 0 };
    assert_eq!(line(&files(vec![clean(), clean()])), "no findings in 2 files");
    assert_eq!(line(&files(vec![clean()])), "no findings in 1 file");
}
