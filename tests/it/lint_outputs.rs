//! What `rauditctl lint` prints, held to schemas, to programs that read it, and to pictures in
//! `tests/it/lint_outputs/`, which `SNAPSHOTS=overwrite` draws anew.

mod consumers;
mod gitlab;
mod junit;
mod random;
mod set;

use std::collections::BTreeSet;
use std::fs;

use anstream::adapter::strip_str;
use jsonschema::Validator;
use rauditctl::lint::{Finding, Selector, find};
use rauditctl::report::lint::{
    Findings, Look, explanation, github, gitlab, json, junit, sarif, text,
};
use rauditctl::rewrite::Edit;
use rauditctl::ruleset::FileSpan;
use rauditctl::source::Source;
use rauditctl::span::Span;
use serde_json::Value;
use set::{Format, Set};

use crate::snapshots::assert_recorded;

/// A schema, ready to be held to.
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

    fn hold(&self, value: &Value) {
        let errors = self.errors(value);
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The files of `fixtures/rules`.
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
fn json_and_sarif_are_as_their_schemas_say() {
    for set in [Set::made_up(), real(), Set::linted(Vec::new())] {
        Schema::ours().hold(&parsed(&set.printed(json)));
        Schema::oasis().hold(&parsed(&set.printed(sarif)));
        self::gitlab::hold(&parsed(&set.printed(gitlab)));
        self::junit::hold(&set, &set.printed(junit));
    }
    assert!(real().findings.len() > 5);
}

#[test]
fn the_schemas_refuse_what_is_none() {
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
fn every_format_looks_like_its_picture() {
    let plain: Format = |findings, out| text(findings, Look::default(), out);
    let narrow: Format =
        |findings, out| text(findings, Look { columns: 40, has_color: false }, out);
    let set = Set::made_up();
    picture("made-up.txt", &set.printed(plain));
    picture("made-up-narrow.txt", &set.printed(narrow));
    picture("made-up.json", &pretty(&parsed(&set.printed(json))));
    picture("made-up-github.txt", &set.printed(github));
    picture("made-up-junit.xml", &set.printed(junit));
    picture("made-up-gitlab.json", &pretty(&parsed(&set.printed(gitlab))));
    let mut log = parsed(&set.printed(sarif));
    // The pages of the lints are another matter.
    log["runs"][0]["tool"]["driver"].as_object_mut().expect("an object").remove("rules");
    picture("made-up.sarif", &pretty(&log));
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn picture(name: &str, text: &str) {
    assert_recorded(text, &xtask::root().join("tests/it/lint_outputs").join(name));
}

#[test]
fn colors_are_only_added() {
    let colored: Format =
        |findings, out| text(findings, Look { has_color: true, ..Look::default() }, out);
    let plain: Format = |findings, out| text(findings, Look::default(), out);
    for set in [Set::made_up(), real()] {
        let colored = set.printed(colored);
        assert!(colored.contains("\u{1b}["));
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), set.printed(plain));
    }
}

/// Lines of 6 kB are cut around what is said of them, in fixes too.
#[test]
fn long_lines_stay_readable() {
    let plain: Format = |findings, out| text(findings, Look::default(), out);
    let names = format!("{}opennat{}", "open,".repeat(600), ",open".repeat(500));
    let path = format!("{}.conf", "/x".repeat(1500));
    let lines = format!("-a always,exit -F arch=b64 -S {names} -k k\n-w {path} -p wa\n");
    let mut set = Set::linted(vec![Source::new("long.rules", lines.into_bytes())]);
    let has = |code| set.findings.iter().any(|finding| finding.lint.code == code);
    assert!(has("E020") && has("P101"));
    // A fix in the midst of a line is shown, with what is around it.
    let place = FileSpan { file: 0, span: Span::new(3030, 3037) };
    let edit = Edit { place, text: b"openat".to_vec() };
    let lint = find("P101").expect("a lint");
    set.findings.push(Finding::new(lint, place, "a typo").fix("mend it", vec![edit]));
    let printed = set.printed(plain);
    let longest = printed.lines().map(|line| line.chars().count()).max();
    assert!(longest < Some(250), "{printed}");
    assert!(printed.contains("open,openat,open"), "{printed}");
    assert!(printed.contains("write it as syscall rules (--fix --unsafe-fixes)\n"), "{printed}");
}

/// Lines that a fix takes out are shown, those around them are not, and a line that comes is told from them.
#[test]
fn whole_lines_are_shown_as_they_change() {
    let plain: Format = |findings, out| text(findings, Look::default(), out);
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
fn the_rules_of_sarif_are_the_pages_of_what_was_found() {
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

/// Findings are known again when lines are put before theirs, or its blanks change; and none is taken for
/// another.
#[test]
fn fingerprints_outlive_moved_lines() {
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
fn the_last_line_counts() {
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
