//! A kernel's rules and status as JSON; the schemas are in `docs/schema`.

use serde::Serialize;

use super::listing::{Listing, Style};
use super::loaded_from::{SourceLines, SourceMap};
use super::place::Place;
use super::request::RuleReport;
use crate::catalog::Arch;
use crate::rule::Rule;
use crate::wire::{self, FeatureSet, Status, to_digits};

/// The rules of a kernel (`rauditctl -l --format json`).
#[derive(Clone, Debug, Serialize)]
pub struct RulesReport<'r> {
    /// The rules, in the kernel's order.
    pub rules: Vec<ListedRule<'r>>,
    /// With a source: its rules that the kernel does not have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_loaded: Option<Vec<ListedRule<'r>>>,
}

/// One rule of a kernel.
#[derive(Clone, Debug, Serialize)]
pub struct ListedRule<'r> {
    /// The rule as `-l` prints it; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// The bytes of the rule (`audit_rule_data`), hexadecimal.
    pub payload: String,
    /// The decoded rule.
    #[serde(flatten)]
    pub rule: RuleReport<'r>,
    /// With a source: where the rule comes from, or `None` for a rule that the source does not have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Option<SourceReport<'r>>>,
}

/// Where a rule comes from.
#[derive(Clone, Debug, Serialize)]
pub struct SourceReport<'r> {
    /// Its place in the file that was loaded.
    #[serde(flatten)]
    place: Place<'r>,
    /// The rules that it was made from.
    from: Vec<Place<'r>>,
}

impl<'r> From<&'r SourceLines> for SourceReport<'r> {
    fn from(lines: &'r SourceLines) -> Self {
        let from = lines.origins.iter().flat_map(|origins| &origins.from);
        SourceReport { place: Place::from(&lines.line), from: from.map(Place::from).collect() }
    }
}

impl<'r> RulesReport<'r> {
    /// Returns the report of rules with their texts. `machine` is the arch of rules without one.
    pub fn new(
        rules: impl IntoIterator<Item = (&'r Rule, Vec<u8>)>,
        machine: Option<Arch>,
    ) -> Self {
        let listed = |(rule, text)| ListedRule::new(rule, text, machine);
        RulesReport { rules: rules.into_iter().map(listed).collect(), not_loaded: None }
    }

    /// Returns the report of the rules of a kernel whose keys contain `key`, each with its source.
    pub fn with_source(
        loaded: &'r [Rule],
        map: &'r SourceMap,
        style: Style<'_>,
        key: &[u8],
    ) -> Self {
        let listed = |rule: &'r Rule, source: Option<&'r SourceLines>| ListedRule {
            source: Some(source.map(SourceReport::from)),
            ..ListedRule::new(rule, Listing::of(style, [rule]), style.machine)
        };
        let wanted = loaded.iter().filter(|rule| rule.has_key_containing(key));
        let not_loaded = map.not_loaded(loaded, key);
        RulesReport {
            rules: wanted.map(|rule| listed(rule, map.lines_of(rule))).collect(),
            not_loaded: Some(not_loaded.map(|(rule, lines)| listed(rule, Some(lines))).collect()),
        }
    }
}

impl<'r> ListedRule<'r> {
    fn new(rule: &'r Rule, text: Vec<u8>, machine: Option<Arch>) -> Self {
        ListedRule {
            text: String::from_utf8_lossy(text.trim_ascii_end()).into_owned(),
            payload: to_digits(&wire::encode(rule)),
            rule: RuleReport::new(rule, machine),
            source: None,
        }
    }
}

/// The status of a kernel (`rauditctl -s --format json`).
#[derive(Clone, Debug, Serialize)]
pub struct StatusReport {
    /// Settings and counters as numbers, with the names that `-s` prints.
    #[serde(flatten)]
    pub status: Status,
    /// Whether a login UID cannot be changed once it is set; missing on kernels before 3.13.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loginuid_immutable: Option<Feature>,
}

/// A feature of a kernel.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Feature {
    /// Whether it is on.
    pub enabled: bool,
    /// Whether that cannot be changed until the next boot.
    pub locked: bool,
}

impl StatusReport {
    /// Returns the report of a status and the kernel's features.
    pub fn new(status: Status, features: Option<FeatureSet>) -> Self {
        let bit = FeatureSet::LOGINUID_IMMUTABLE;
        let known = features.filter(|features| features.mask & bit != 0);
        let loginuid_immutable = known.map(|features| Feature {
            enabled: features.features & bit != 0,
            locked: features.lock & bit != 0,
        });
        StatusReport { status, loginuid_immutable }
    }
}
