//! The form of a plan: what is printed as JSON, and saved.

use serde::{Deserialize, Serialize};

/// A plan, as it is printed and saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanReport {
    /// The version of this form.
    pub format_version: String,
    /// Whether the kernel is as it shall be.
    pub state: State,
    /// The rules that differ.
    pub changes: Vec<RuleChange>,
    /// The settings that differ.
    pub settings: Vec<Setting>,
    /// The requests for the rules, in order.
    pub requests: Vec<PlannedRequest>,
    /// How many rules there are of each kind.
    pub count: Count,
    /// The places of the rules whose events may be missed for a moment.
    pub gap: Vec<String>,
    /// The settings that cannot be undone before the next boot.
    pub cannot_undo: Vec<String>,
    /// The rules that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// An estimate of the time.
    pub seconds: f64,
}

/// A rule that is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its place in the rules files.
    pub source: String,
    /// Why.
    pub why: Lack,
    /// What this machine lacks, or the error of the kernel, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Why a rule is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lack {
    /// This machine lacks its path or account.
    Absent,
    /// The kernel refused it.
    Refused,
}

/// Whether a kernel is as it shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// There is nothing to do.
    Same,
    /// It differs.
    Differs,
    /// It differs, and is locked: only the next boot can change it.
    NextBoot,
}

/// A rule that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleChange {
    /// What happens to it.
    pub change: Kind,
    /// The rule, as `-l` lists it.
    pub rule: String,
    /// Its place in the rules files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its number in the listing of the kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loaded: Option<usize>,
    /// What records its events while it moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meanwhile: Option<Cover>,
    /// The end of the list to which it moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<End>,
}

/// What happens to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It is added.
    Add,
    /// It is deleted.
    Delete,
    /// It gets another place.
    Move,
}

/// What records the events of a rule that moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cover {
    /// A bridge: a rule of the same meaning.
    Bridge,
    /// Nothing has to.
    Unneeded,
    /// Nothing does.
    Gap,
}

/// An end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The front.
    Front,
    /// The end.
    End,
}

/// A setting that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Its name in the output of `-s`.
    pub name: String,
    /// Its value.
    pub from: u32,
    /// The value that it shall have.
    pub to: u32,
    /// Its place in the rules files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRequest {
    /// What it does.
    #[serde(rename = "do")]
    pub action: Action,
    /// The rule, as a line of a rules file; as the kernel lists it if no line has its meaning.
    pub rule: String,
    /// The rule in bytes (`audit_rule_data`), as hexadecimal digits, if no line has its meaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Requests with the same number are sent together; the next number waits for them.
    pub wave: usize,
    /// The place of the rule in the rules files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The number of the rule in the listing of the kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loaded: Option<usize>,
    /// Whether the rule is a bridge, which records only while another one moves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bridge: bool,
}

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Adds a rule at the end of its list.
    Append,
    /// Adds a rule at the front of its list.
    Prepend,
    /// Deletes a rule.
    Delete,
}

/// How many rules there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Rules that are added.
    pub add: usize,
    /// Rules that are deleted.
    pub delete: usize,
    /// Rules that move.
    #[serde(rename = "move")]
    pub moved: usize,
    /// Rules that stay where they are.
    pub stay: usize,
    /// Rules that stay, and are written differently in the rules files.
    pub written_differently: usize,
    /// Rules that stay in another order than in the rules files, where the order cannot matter.
    pub in_another_order: usize,
    /// Rules of others, which are left alone.
    #[serde(default)]
    pub others: usize,
}
