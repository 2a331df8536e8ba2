//! The formats of the answers.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use super::{CHMOD, Case, root};

pub(crate) fn validated(schema: &str, value: &Value) {
    let text = std::fs::read_to_string(root().join(schema)).expect("the schema");
    let schema = serde_json::from_str(&text).expect("JSON");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema);
    let validator = validator.expect("a schema");
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
}

/// One requirement for each answer.
fn every_answer() -> Case {
    let case = Case::new(
        "#@ source A guide\n\
         #@ id covered\n#@ attack T1222.002\n-a always,exit -F arch=b64 -S chmod\n\
         #@ id partly\n#@ attack T1222.002 T1098\n-a always,exit -F arch=b64 -S chmod,fchmod\n\
         #@ id silenced\n#@ title A <title> & more\n-a always,exit -F arch=b64 -S unlink -k T1070.004_1\n\
         #@ id missing\n-a always,exit -F arch=b64 -S mount -k T1078_Accounts\n\
         #@ id lacking\n#@ attack T1000\n-a always,exit -F arch=b64 -S umount\n\
         #@ id accepted\n-e 2\n\
         #@ id undecided\n-a always,exit -F arch=b64 -S openat -F inode=5\n",
        "-a never,exit -F arch=b64 -S unlink -F uid=0\n\
         -a always,exit -F arch=b64 -S chmod,unlink\n\
         -a always,exit -F arch=b64 -S openat\n\
         -a never,filesystem -F fstype=tracefs\n\
         -e 1\n",
    );
    case.write(
        "rauditctl.toml",
        "[[covers.accepted]]\nid = \"accepted\"\nreason = \"SEC-1\"\nuntil = 9999-12-31\n",
    );
    case
}

#[test]
fn json_matches_its_schema() {
    let report = every_answer().json(&[]);
    validated("docs/schema/covers.schema.json", &report);
    assert_eq!(
        report["totals"],
        json!({"requirements": 7, "covered": 1, "partly": 2, "missing": 1, "not_applicable": 1, "accepted": 1,
               "undecided": 1})
    );
    let row = |id: &str| {
        let mut rows = report["requirements"].as_array().expect("rows").iter();
        rows.find(|row| row["id"] == id).cloned().expect("the requirement")
    };
    let silenced = row("silenced");
    assert_eq!(silenced["missed"][0]["decision"], "silenced");
    assert_eq!(silenced["missed"][0]["rule"]["line"], 1);
    assert_eq!(silenced["too_late"]["line"], 2);
    assert_eq!(row("undecided")["depends_on"], json!(["fstype"]));
    // The schema does not accept everything.
    let path = root().join("docs/schema/covers.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).expect("text")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut wrong = report.clone();
    wrong["requirements"][0]["state"] = json!("perhaps");
    assert!(!validator.is_valid(&wrong));
    let mut wrong = report.clone();
    wrong["requirements"][1]["change"][0] = json!({"do": "add-rule"});
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn sarif_matches_its_schema() {
    let report = super::json(&every_answer().covers(&["--format", "sarif"]));
    validated("fixtures/schemas/sarif-2.1.0.json", &report);
    let results = report["runs"][0]["results"].as_array().expect("results");
    let of = |field: &str| results.iter().map(|one| one[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("ruleId"), ["partly", "silenced", "missing", "accepted", "undecided"]);
    assert_eq!(of("level"), ["error", "error", "error", "error", "note"]);
    let suppressed: Vec<bool> = results.iter().map(|one| one["suppressions"].is_array()).collect();
    assert_eq!(suppressed, [false, false, false, true, false]);
}

#[test]
fn junit_counts_its_cases() {
    let output = every_answer().covers(&["--format", "junit"]);
    let text = String::from_utf8(output.stdout).expect("text");
    let mut reader = Reader::from_str(&text);
    let (mut cases, mut failures, mut skipped) = (0, 0, 0);
    loop {
        match reader.read_event().expect("XML") {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "testcase" => cases += 1,
                "failure" => failures += 1,
                "skipped" => skipped += 1,
                _ => {}
            },
            _ => {}
        }
    }
    assert_eq!((cases, failures, skipped), (7, 4, 2));
    assert!(text.contains("tests=\"7\" failures=\"4\""), "{text}");
    assert!(text.contains("silenced: A &lt;title&gt; &amp; more"), "{text}");
}

/// The members that layer format 4.5 of the ATT&CK Navigator requires, and the scores.
#[test]
fn navigator_layers_score_techniques() {
    let layer = super::json(&every_answer().covers(&["--format", "navigator"]));
    assert_eq!(layer["versions"]["layer"], "4.5");
    assert_eq!(layer["domain"], "enterprise-attack");
    assert!(layer["name"].is_string());
    let description = layer["description"].as_str().expect("a description");
    assert!(description.starts_with("Telemetry, not detection"), "{description}");
    let techniques = layer["techniques"].as_array().expect("techniques").iter();
    let scores: Vec<(&str, u64)> = techniques
        .clone()
        .map(|one| {
            let id = one["techniqueID"].as_str().expect("an id");
            (id, one["score"].as_u64().expect("a score"))
        })
        .collect();
    assert_eq!(scores, [("T1070.004", 50), ("T1078", 0), ("T1098", 50), ("T1222.002", 50)]);
    let missed = techniques.filter_map(|one| one["comment"].as_str()).collect::<Vec<_>>();
    assert_eq!(missed[0], "silenced partly: missed: syscall=unlink uid=0");
    let whole = Case::new(&format!("{CHMOD}#@ attack T1222\n"), "-a always,exit -S all\n");
    let layer = super::json(&whole.covers(&["--format", "navigator"]));
    assert_eq!(layer["techniques"][0]["score"], 100);
}

/// Comparisons of two sets, with every kind of difference and with an undecided one.
#[test]
fn comparisons_match_their_schema() {
    let old = "-a always,exit -F arch=b64 -S chmod -k a\n-a always,exit -F arch=b64 -S unlink -k a\n\
               -a always,exit -F arch=b64 -S openat -F inode=5\n";
    let new = "-a always,exit -F arch=b64 -S chmod -k b\n-a always,exit -F arch=b64 -S rename -k a\n\
               -a always,exit -F arch=b64 -S openat -F inode=5\n-a never,filesystem -F fstype=tracefs\n";
    let case = Case::new(old, new);
    let compare = |arguments: &[&str]| {
        let fixed = ["compare", "--arch=x86_64", "--format=json"];
        super::json(&case.run(&[&fixed, arguments].concat()))
    };
    let report = compare(&["required.rules", "set.rules"]);
    validated("docs/schema/compare.schema.json", &report);
    for list in ["lost", "gained", "rekeyed", "undecided"] {
        assert!(!report[list].as_array().expect("a list").is_empty(), "{list}: {report:#}");
    }
    let same = compare(&["set.rules", "set.rules"]);
    validated("docs/schema/compare.schema.json", &same);
    assert_eq!(same["result"], "same");
    validated(
        "docs/schema/explain.schema.json",
        &compare(&["--arming", "required.rules", "set.rules"]),
    );
    let path = root().join("docs/schema/compare.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).expect("text")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut wrong = report;
    wrong["lost"][0]["old"]["decision"] = json!("perhaps");
    assert!(!validator.is_valid(&wrong));
}
