//! What each rule costs, as JSON and as text.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A watch arms every syscall; the others arm execve and openat.
const RULES: &str = "\
-a always,exit -F arch=b64 -S openat -F auid=1000 -k a
-a always,exit -F arch=b64 -S execve
-w /etc/passwd -p wa
";

fn run(rules: &str, options: &[&str]) -> String {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("audit.rules"), rules).expect("a file");
    std::fs::write(folder.path().join("counts"), "read,900\nopenat,100\n").expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_rauditctl"))
        .args(["explain", "--arch", "x86_64", "--kernel", "6.1", "--rule-cost"])
        .args(options)
        .arg("audit.rules")
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn json(rules: &str, options: &[&str]) -> Value {
    let text = run(rules, &[&["--format", "json"], options].concat());
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn json_matches_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/rule-cost.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).expect("text"));
    let validator = jsonschema::draft202012::new(&schema.expect("JSON")).expect("a schema");
    let twice = format!("{RULES}{RULES}");
    for rules in [RULES, "-D\n", &twice] {
        for options in [&[][..], &["--workload", "counts"]] {
            let mut report = json(rules, options);
            let errors: Vec<String> =
                validator.iter_errors(&report).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:#?}\n{report:#}");
            report["rules"] = Value::Null;
            assert!(!validator.is_valid(&report));
        }
    }
}

#[test]
fn without_the_watch_a_kernel_with_the_bitmap_arms_no_read() {
    let report = json(RULES, &["--workload", "counts"]);
    let rules = report["rules"].as_array().expect("rules");
    let watch = rules.iter().find(|row| row["rule"]["line"] == 3).expect("the watch");
    assert_eq!(watch["text"], "-w /etc/passwd -p wa");
    let of = |kernel: &str, figure: &str| watch[kernel][figure].as_f64().expect("a number");
    // 900 armed calls of read cost at least the arming.
    assert!(of("bitmap", "saved") > 900.0 * 340.0);
    assert_eq!(of("stock", "saved"), of("stock", "tested"));
    // A read looks up no path.
    assert_eq!(watch["recordable"], 100);
    assert_eq!(report["calls"], 1000);
}

#[test]
fn text_names_refused_rules_and_the_price_of_records() {
    let text = run(&format!("{RULES}{RULES}"), &[]);
    assert!(text.contains("refuses the rule of audit.rules:4"), "{text}");
    assert!(text.contains("records:   not included"), "{text}");
    let text = run("-a never,exit -S getpid\n", &[]);
    assert!(!text.contains("not included"), "{text}");
}
