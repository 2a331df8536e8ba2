//! The requirements of "Code Quality report format" in GitLab's documentation.

use std::collections::BTreeSet;

use serde_json::Value;

/// Checks that every required field is present and has the right type.
pub(super) fn assert_valid(report: &Value) {
    let mut seen = BTreeSet::new();
    for issue in report.as_array().expect("an array") {
        for name in ["description", "check_name", "fingerprint", "severity"] {
            assert!(issue[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {issue}");
        }
        let severities = ["info", "minor", "major", "critical", "blocker"];
        assert!(severities.contains(&issue["severity"].as_str().unwrap()), "{issue}");
        // "Don't prefix with ./"
        let path = issue["location"]["path"].as_str().expect("a path");
        assert!(!path.starts_with("./"), "{issue}");
        assert!(issue["location"]["lines"]["begin"].as_u64() > Some(0), "{issue}");
        assert!(seen.insert(issue["fingerprint"].to_string()), "twice: {issue}");
    }
}
