//! The cost of a workload, as JSON and as text.

use std::path::Path;

use rauditctl::analysis::cost::{Calibration, Coefficients, Rules};
use rauditctl::analysis::workload::Workload;
use rauditctl::analysis::{Analysis, Questions};
use rauditctl::report::explain::json::AnalysisReport;
use rauditctl::report::explain::text::{Layout, View, write_explanation};
use serde_json::Value;

use super::analysis_of_lines;

const LINES: [&str; 2] = [
    "-a always,exit -F arch=b64 -S openat -F auid=1000 -k a",
    "-a always,exit -F arch=b64 -S execve",
];

const COUNTS: &str = "name,count\nopenat,100\nread,900\nfrobnicate,3\n";

fn analysis(lines: &[&str], seconds: Option<f64>) -> Analysis {
    let mut workload = Workload::parse(COUNTS).expect("a workload");
    workload.seconds = seconds;
    let calibration = Calibration::of_kernel(None);
    let workload = Some((workload, calibration));
    analysis_of_lines(lines, Questions { workload, ..Questions::default() })
}

fn json(lines: &[&str], seconds: Option<f64>) -> Value {
    serde_json::to_value(AnalysisReport::new(&analysis(lines, seconds))).expect("JSON")
}

#[test]
fn json_matches_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/explain.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).expect("the schema"));
    let validator = jsonschema::draft202012::new(&schema.expect("JSON")).expect("a schema");
    for lines in [&LINES[..], &[]] {
        for seconds in [None, Some(2.5)] {
            let value = json(lines, seconds);
            let errors: Vec<String> =
                validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
        }
    }
}

#[test]
fn counts_armed_and_needless_calls() {
    let value = json(&LINES, Some(10.0));
    let cost = &value["cost"];
    assert_eq!(cost["calls"], 1000);
    // No rule is for read, but a stock kernel arms it and tests both rules.
    assert_eq!(cost["stock"]["armed"], 1000);
    assert_eq!(cost["stock"]["needless"], 900);
    assert_eq!(cost["stock"]["needless_share"], 0.9);
    assert_eq!(cost["stock"]["tests"], 2000.0);
    assert_eq!(cost["stock"]["tests_per_second"], 200.0);
    assert_eq!(cost["bitmap"]["armed"], 100);
    assert_eq!(cost["bitmap"]["needless"], 0);
    assert_eq!(cost["unknown"][0]["name"], "frobnicate");
    assert!(json(&LINES, None)["cost"]["stock"]["tests_per_second"].is_null());
}

#[test]
fn text_has_the_same_figures() {
    let analysis = analysis(&LINES, None);
    let mut text = String::new();
    write_explanation(&mut text, &analysis, &[View::Cost], Layout::default()).expect("a String");
    let has = |words: &[&str]| {
        text.lines()
            .any(|line| words.iter().all(|word| line.split_whitespace().any(|w| w == *word)))
    };
    assert!(has(&["stock", "1000", "900", "90.0%", "2000"]), "{text}");
    assert!(has(&["bitmap", "100", "0", "0.0%", "200"]), "{text}");
    assert!(has(&["900", "2.0", "on", "stock", "only", "read"]), "{text}");
    assert!(has(&["frobnicate", "(3)"]), "{text}");
}

#[test]
fn document_has_the_figures_of_the_calibration() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cost.md");
    let text = std::fs::read_to_string(path).expect("the document");
    let is_figure = |row: &Vec<&str>| row[0].starts_with("for ") || row[0].contains(" rules, ");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = rows.map(|row| row.split(" | ").collect()).filter(is_figure);
    let rows: Vec<Vec<&str>> = rows.collect();
    let figures = |column: usize| -> Vec<f64> {
        rows.iter().map(|row| row[column].replace(',', "").parse().expect("a figure")).collect()
    };
    for (column, own) in (1..).zip(Calibration::built_in()) {
        let Coefficients { armed, path, mask_misses, mask_holds, field, perm, dir, file } =
            own.coefficients;
        let mut expected = vec![armed, path, mask_misses, mask_holds, perm, dir, file, field];
        let unarmed = own.point(Rules::None, 0).expect("a point").getpid;
        for count in [50, 200] {
            let point = own.point(Rules::MaskMisses, count).expect("a point");
            expected.push((armed + f64::from(count) * mask_misses).round());
            expected.push((point.getpid - unarmed).round());
        }
        assert_eq!(figures(column), expected, "{}", own.kernel);
    }
}
