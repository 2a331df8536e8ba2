//! What `never` rules silence, against all events of a small universe, and on the command line.

use std::process::Command;

use rauditctl::eval::{Evaluator, Files, Verdict};
use rauditctl::relate::silences::silences;
use rauditctl::rule::Action;
use serde_json::Value;

use super::universe::{Case, Random, written};
use super::{FEW, VERSION};
use crate::no_panic::cases_or;

#[test]
fn silenced_events_are_those_of_all_events() {
    let (mut takes, mut idle) = (0, 0);
    for seed in 0..u64::from(cases_or(FEW)) {
        let case = Case::random(&mut Random::new(seed + 700_000));
        if !case.has_calls_only() {
            continue;
        }
        let kernel = Case::kernel(&case.old);
        let with = Evaluator::new(&kernel, VERSION, Files::default());
        for silence in silences(&kernel, VERSION) {
            let entry = kernel.entries().find(|entry| entry.serial() == silence.rule);
            let rule = entry.expect("the rule").rule().clone();
            assert_eq!(rule.action, Action::Never);
            let mut fewer = kernel.clone();
            fewer.delete(&rule).expect("the rule is there");
            let without = Evaluator::new(&fewer, VERSION, Files::default());
            let is_recorded = |evaluator: &Evaluator, event: &_| {
                evaluator.decide(event).verdict == Verdict::Recorded
            };
            for taken in &silence.takes {
                let event = &taken.evidence.event;
                assert!(is_recorded(&without, event) && !is_recorded(&with, event));
            }
            for late in &silence.too_late {
                assert!(is_recorded(&with, &late.evidence.event));
            }
            // Not all events are enumerated: those that a rule takes are confirmed above.
            let mut is_silencing = !silence.takes.is_empty();
            case.each_event(&mut |event| {
                is_silencing |= is_recorded(&without, event) && !is_recorded(&with, event);
            });
            assert!(!silence.is_idle() || !is_silencing, "{seed}: {}", written(&case.old));
            takes += usize::from(is_silencing);
            idle += usize::from(silence.is_idle());
        }
    }
    assert!(takes > 0 && idle > 0, "{takes} {idle}");
}

const RULES: &str = "-a always,exit -F arch=b64 -S execve -k exec
-a never,exit -F arch=b64 -S execve -F exe=/usr/bin/runc
-a never,exit -F arch=b64 -S unlink -F uid=33
-a always,exit -F arch=b64 -S unlink,rename -F auid>=1000 -k delete
-a never,exit -F arch=b64 -S getpid
-a never,exit -F arch=b64 -S rename -F uid=33
-a always,exclude -F msgtype=CWD
-a never,user -F uid=33
";

/// A rule by its line: its effect, and the lines of the rules that it takes from and is too late for.
type Row = (u64, String, Vec<u64>, Vec<u64>);

/// Returns what each rule silences, and the whole report.
fn report(rules: &str) -> (Vec<Row>, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.rules"), rules).expect("a file is written");
    let output = Command::new(env!("CARGO_BIN_EXE_rauditctl"))
        .args(["explain", "--never", "--arch=x86_64", "--format=json", "a.rules"])
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    assert!(output.status.success());
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let lines = |all: &Value| {
        let all = all.as_array().expect("events").iter();
        all.map(|one| one["from"]["line"].as_u64().unwrap_or(0)).collect::<Vec<u64>>()
    };
    let rows = report["rules"].as_array().expect("rules").iter().map(|row| {
        let effect = row["effect"].as_str().expect("an effect").to_owned();
        (
            row["rule"]["line"].as_u64().unwrap(),
            effect,
            lines(&row["takes"]),
            lines(&row["too_late"]),
        )
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort();
    (rows, report)
}

#[test]
fn names_what_each_rule_takes_and_comes_too_late_for() {
    let (rows, report) = report(RULES);
    let row = |line, effect: &str, takes: &[u64], late: &[u64]| {
        (line, effect.to_owned(), takes.to_vec(), late.to_vec())
    };
    assert_eq!(
        rows,
        [
            row(2, "none", &[], &[1]),
            row(3, "silences", &[4], &[]),
            row(5, "none", &[], &[]),
            row(6, "none", &[], &[4]),
            // Records need no rule.
            row(7, "silences", &[0], &[]),
            row(8, "silences", &[0], &[]),
        ]
    );
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/never.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).expect("text")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&report).map(|one| one.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut wrong = report;
    wrong["rules"][0]["effect"] = "perhaps".into();
    assert!(!validator.is_valid(&wrong));
}

/// Without exceptions there is nothing to report.
#[test]
fn rules_that_record_are_not_listed() {
    assert!(report("-a always,exit -S chmod\n").0.is_empty());
}
