//! A kernel's rules and status as JSON; the schemas are in `docs/schema`.

use serde::Serialize;

use super::hexadecimal::hexadecimal;
use super::request::RuleReport;
use crate::catalog::Arch;
use crate::rule::Rule;
use crate::wire::{self, FeatureSet, Status};

/// The rules of a kernel (`rauditctl -l --format json`).
#[derive(Clone, Debug, Serialize)]
pub struct RulesReport<'r> {
    /// The rules, in the kernel's order.
    pub rules: Vec<ListedRule<'r>>,
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
}

impl<'r> RulesReport<'r> {
    /// Returns the report of rules with their texts. `machine` is the arch of rules without one.
    pub fn new(
        rules: impl IntoIterator<Item = (&'r Rule, Vec<u8>)>,
        machine: Option<Arch>,
    ) -> Self {
        let listed = |(rule, text): (&'r Rule, Vec<u8>)| ListedRule {
            text: String::from_utf8_lossy(text.trim_ascii_end()).into_owned(),
            payload: hexadecimal(&wire::encode(rule)),
            rule: RuleReport::new(rule, machine),
        };
        RulesReport { rules: rules.into_iter().map(listed).collect() }
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
