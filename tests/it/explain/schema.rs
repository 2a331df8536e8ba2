//! The JSON matches `docs/schema/explain.schema.json`.

use std::path::Path;

use rauditctl::analysis::{Comparison, Gate, Questions};
use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::report::explain::json::{AnalysisReport, ComparisonReport};
use serde::Serialize;
use serde_json::{Value, json};

use super::{analysis_of_lines, arming_of_lines};

const LINES: [&str; 6] = [
    "-a always,exit -F arch=b64 -S openat,500 -F auid=1000 -k a",
    "-a always,exit -F arch=b32 -S openat",
    "-w /etc/passwd -p wa -k b",
    "-a always,exit -F uid=0",
    "-a never,task -F uid=1",
    "-a never,task -F uid=1",
];

fn errors(value: &Value) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/explain.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema");
    let schema = serde_json::from_str(&text).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect()
}

fn check(value: &impl Serialize) -> Value {
    let value = serde_json::to_value(value).expect("JSON");
    let errors = errors(&value);
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
    value
}

fn check_lines(lines: &[&str]) -> Value {
    check(&AnalysisReport::new(&analysis_of_lines(lines, Questions::default())))
}

fn gates() -> [Gate; 4] {
    let deny = Gate::DenyArm { arch: Arch::X86_64, nr: 0 };
    [deny, Gate::MaxArmed(1), Gate::MaxWalk(0), Gate::DenyStockArm]
}

#[test]
fn analyses_match_the_schema() {
    check_lines(&[]);
    for count in 0..=LINES.len() {
        let questions = Questions {
            version: KernelVersion::parse(b"6.1"),
            syscalls: Some(vec![(Arch::X86_64, 257), (Arch::I386, 295)]),
            gates: gates().to_vec(),
            ..Questions::default()
        };
        let analysis = analysis_of_lines(&LINES[..count], questions);
        let value = check(&AnalysisReport::new(&analysis));
        assert_eq!(value["inspected"].as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn comparisons_match_the_schema() {
    let (old, new) = (arming_of_lines(&LINES[..2]), arming_of_lines(&LINES[1..]));
    let without_gates = Comparison::new(old.clone(), new.clone(), Vec::new());
    assert!(check(&ComparisonReport::new(&without_gates))["failed_gates"].is_null());
    let comparison = Comparison::new(old, new, gates().to_vec());
    let value = check(&ComparisonReport::new(&comparison));
    assert_eq!(value["failed_gates"].as_array().map(Vec::len), Some(4));
}

#[test]
fn schema_rejects_malformed_values() {
    assert!(!errors(&json!({})).is_empty());
    let mut value = check_lines(&LINES[..1]);
    value["bitmap"]["armed_count"] = json!("many");
    assert!(!errors(&value).is_empty());
}

#[test]
fn schema_describes_every_member() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/explain.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let value = check_lines(&LINES);
    let described = schema["$defs"]["explanation"]["properties"].as_object().expect("an object");
    for name in value.as_object().expect("an object").keys() {
        assert!(described.contains_key(name), "{name} is not in the schema");
    }
}
