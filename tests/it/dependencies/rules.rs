//! The rules in `deny.toml`. An option that these tests do not implement is an error, so cargo-deny and the tests agree.

use serde::Deserialize;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    #[expect(dead_code, reason = "only cargo-deny uses it")]
    graph: Value,
    #[expect(dead_code, reason = "only cargo-deny uses it")]
    advisories: Value,
    pub(super) licenses: Licenses,
    pub(super) bans: Bans,
    pub(super) sources: Sources,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Licenses {
    pub(super) allow: Vec<String>,
    include_dev: bool,
    pub(super) exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exception {
    #[serde(rename = "crate")]
    pub(super) name: String,
    pub(super) allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Bans {
    #[expect(dead_code, reason = "only `deny` can be read")]
    multiple_versions: Level,
    multiple_versions_include_dev: bool,
    #[expect(dead_code, reason = "only `deny` can be read")]
    wildcards: Level,
    allow_wildcard_paths: bool,
    pub(super) deny: Vec<Banned>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Banned {
    #[serde(rename = "crate")]
    pub(super) name: String,
    pub(super) reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Sources {
    #[expect(dead_code, reason = "only `deny` can be read")]
    unknown_registry: Level,
    #[expect(dead_code, reason = "only `deny` can be read")]
    unknown_git: Level,
    pub(super) allow_registry: Vec<String>,
    #[expect(dead_code, reason = "only an empty list can be read")]
    allow_git: [String; 0],
}

/// The only level that these tests implement.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Deny,
}

impl Rules {
    pub(super) fn read() -> Self {
        let path = xtask::root().join("deny.toml");
        let text = std::fs::read_to_string(path).expect("deny.toml");
        Self::from_toml(&text).expect("rules that these tests know")
    }

    fn from_toml(text: &str) -> serde_json::Result<Self> {
        let rules: Self = serde_json::from_value(json(text))?;
        // The checks are written for these values.
        assert!(rules.licenses.include_dev);
        assert!(!rules.bans.multiple_versions_include_dev);
        assert!(rules.bans.allow_wildcard_paths);
        Ok(rules)
    }
}

/// TOML as JSON.
pub(crate) fn json(text: &str) -> Value {
    table(DeTable::parse(text).expect("TOML").get_ref())
}

fn table(entries: &DeTable) -> Value {
    let entries = entries.iter();
    entries.map(|(key, entry)| (key.get_ref().to_string(), value(entry.get_ref()))).collect()
}

fn value(value: &DeValue) -> Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(truth) => (*truth).into(),
        DeValue::Integer(number) => number.to_string().parse::<i64>().expect("a number").into(),
        DeValue::Array(items) => items.iter().map(|item| self::value(item.get_ref())).collect(),
        DeValue::Table(entries) => table(entries),
        DeValue::Float(_) | DeValue::Datetime(_) => panic!("no such value is in our files"),
    }
}

#[test]
fn rejects_options_that_the_tests_ignore() {
    let text = std::fs::read_to_string(xtask::root().join("deny.toml")).expect("deny.toml");
    assert!(Rules::from_toml(&text).is_ok());
    let changes = [
        ("wildcards = \"deny\"", "wildcards = \"warn\""),
        ("allow-git = []", "allow-git = [\"https://example.org\"]"),
        ("[bans]", "[bans]\nskip = [\"syn\"]"),
        ("[sources]", "[sources]\nprivate = []"),
    ];
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        assert!(Rules::from_toml(&text.replace(from, to)).is_err(), "{to}");
    }
}
