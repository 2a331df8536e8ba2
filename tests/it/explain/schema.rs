//! The JSON is as `docs/schema/explain.schema.json` says.

use std::path::Path;

use rauditctl::analysis::{Gate, compare, failures, inspect, walks};
use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::report::json_explain::{ComparisonReport, Explanation};
use serde::Serialize;
use serde_json::{Value, json};

use super::arming_of_lines;

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

fn gates() -> [Gate; 4] {
    let deny = Gate::DenyArm { arch: Arch::X86_64, nr: 0 };
    [deny, Gate::MaxArmed(1), Gate::MaxWalk(0), Gate::DenyStockArm]
}

#[test]
fn explanations_are_as_the_schema_says() {
    check(&Explanation::new(&arming_of_lines(&[])));
    for count in 0..=LINES.len() {
        let arming = arming_of_lines(&LINES[..count]);
        let walks = walks(&arming);
        let found: Vec<_> = [(Arch::X86_64, 257), (Arch::I386, 295)]
            .iter()
            .filter_map(|(arch, nr)| inspect(&arming, &walks, *arch, *nr))
            .collect();
        let explanation = Explanation::on_kernel(&arming, &walks, KernelVersion::parse(b"6.1"))
            .with_inspections(&arming, &found)
            .with_failures(&arming, &failures(&arming, &walks, &gates()));
        let value = check(&explanation);
        assert_eq!(value["inspected"].as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn comparisons_are_as_the_schema_says() {
    let (old, new) = (arming_of_lines(&LINES[..2]), arming_of_lines(&LINES[1..]));
    let comparison = compare(&old, &new);
    check(&ComparisonReport::new(&old, &new, &comparison));
    let failures = failures(&new, &walks(&new), &gates());
    let report = ComparisonReport::new(&old, &new, &comparison).with_failures(&new, &failures);
    assert_eq!(check(&report)["failed_gates"].as_array().map(Vec::len), Some(4));
}

#[test]
fn the_schema_refuses_what_is_none() {
    assert!(!errors(&json!({})).is_empty());
    let mut value = check(&Explanation::new(&arming_of_lines(&LINES[..1])));
    value["bitmap"]["armed_count"] = json!("many");
    assert!(!errors(&value).is_empty());
}

#[test]
fn every_member_is_described() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/explain.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let value = check(&Explanation::new(&arming_of_lines(&LINES)));
    let described = schema["$defs"]["explanation"]["properties"].as_object().expect("an object");
    for name in value.as_object().expect("an object").keys() {
        assert!(described.contains_key(name), "{name} is not in the schema");
    }
}
