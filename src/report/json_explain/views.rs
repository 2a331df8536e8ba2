//! The views beside the counts.

use serde::Serialize;

use crate::analysis::{
    Advice, Arming, Candidate, Failure, Inspection, MissingSyscall, Narrowing, Verdict, Walk, Walks,
};
use crate::report::explain::advice::{cause_text, remedy_text};
use crate::report::explain::failure_text;
use crate::report::explain::gate::gate_name;
use crate::report::explain::inspect::{reason, winner};
use crate::report::explain::text::rule_text;

/// How the rules that arm everything can be narrowed.
#[derive(Debug, Serialize)]
pub(super) struct Narrowed {
    /// Syscalls armed with every remedy applied.
    would_arm: usize,
    advice: Vec<AdviceView>,
}

/// A rule that arms everything.
#[derive(Debug, Serialize)]
struct AdviceView {
    #[serde(rename = "where")]
    place: String,
    cause: String,
    then: String,
    /// Rules to write instead.
    instead: Vec<String>,
    /// Syscalls that these arm; none where nothing is proposed.
    arms: Option<usize>,
}

impl Narrowed {
    pub(super) fn new(arming: &Arming, narrowing: &Narrowing) -> Self {
        let view = |advice: &Advice| AdviceView {
            place: advice.origin.to_string(),
            cause: cause_text(advice.cause),
            then: remedy_text(arming, advice),
            instead: advice
                .remedy
                .iter()
                .flat_map(|remedy| &remedy.rules)
                .map(|rule| rule_text(rule, arming.arch))
                .collect(),
            arms: advice.remedy.as_ref().map(|remedy| remedy.arms),
        };
        Narrowed {
            would_arm: narrowing.would_arm,
            advice: narrowing.advice.iter().map(view).collect(),
        }
    }
}

/// The walks.
#[derive(Debug, Serialize)]
pub(super) struct WalkView {
    /// Rules on the exit list that are walked.
    list: usize,
    /// Rules of the exit list that are kept by inode.
    by_inode: usize,
    /// The syscalls that some rule is for. Every other one is tested against the whole list.
    syscalls: Vec<WalkOf>,
}

/// One walk.
#[derive(Debug, Serialize)]
pub(super) struct WalkOf {
    arch: &'static str,
    nr: u32,
    name: Option<&'static str>,
    best: usize,
    worst: usize,
    hits: usize,
    fields: usize,
    by_inode: usize,
}

impl WalkView {
    pub(super) fn new(walks: &Walks) -> Self {
        let is_met = |walk: &&Walk| walk.hits + walk.inode_rules > 0;
        WalkView {
            list: walks.list_len,
            by_inode: walks.hashed,
            syscalls: walks.walks.iter().filter(is_met).map(WalkOf::new).collect(),
        }
    }
}

impl WalkOf {
    fn new(walk: &Walk) -> Self {
        WalkOf {
            arch: walk.arch.common_name(),
            nr: walk.nr,
            name: walk.name,
            best: walk.best,
            worst: walk.worst,
            hits: walk.hits,
            fields: walk.fields,
            by_inode: walk.inode_rules,
        }
    }
}

/// A syscall that rules name and the kernel does not have.
#[derive(Debug, Serialize)]
pub(super) struct Missing {
    arch: &'static str,
    nr: u32,
    name: Option<&'static str>,
    since: Option<String>,
    #[serde(rename = "where")]
    places: Vec<String>,
}

impl Missing {
    pub(super) fn new(missing: &MissingSyscall) -> Self {
        Missing {
            arch: missing.arch.common_name(),
            nr: missing.nr,
            name: missing.name,
            since: missing.since.map(|since| since.to_string()),
            places: missing.rules.iter().map(ToString::to_string).collect(),
        }
    }
}

/// A syscall that was looked into.
#[derive(Debug, Serialize)]
pub(super) struct Inspected {
    armed: bool,
    walk: WalkOf,
    rules: Vec<RuleView>,
    wins: String,
}

/// A rule that has the syscall in its mask.
#[derive(Debug, Serialize)]
struct RuleView {
    #[serde(rename = "where")]
    place: String,
    /// Its place on the walk, from 1; none for a rule kept by inode.
    position: Option<usize>,
    action: String,
    matches: &'static str,
    why: Option<&'static str>,
    /// A rule that always matches stands before it.
    too_late: bool,
    rule: String,
}

impl Inspected {
    pub(super) fn new(arming: &Arming, inspection: &Inspection<'_>) -> Self {
        let rule = |one: &Candidate<'_>| RuleView {
            place: one.kernel_rule.origin.to_string(),
            position: one.place,
            action: one.kernel_rule.rule.action.name().into_owned(),
            matches: match one.verdict {
                Verdict::Never => "never",
                Verdict::Maybe => "maybe",
                Verdict::Always => "always",
            },
            why: one.obstacle.map(reason),
            too_late: one.is_shadowed,
            rule: rule_text(one.kernel_rule.rule, arming.arch),
        };
        Inspected {
            armed: inspection.is_armed,
            walk: WalkOf::new(&inspection.walk),
            rules: inspection.rules.iter().map(rule).collect(),
            wins: winner(inspection),
        }
    }
}

/// A gate that does not hold.
#[derive(Debug, Serialize)]
pub(super) struct GateFailure {
    gate: &'static str,
    reason: String,
    #[serde(rename = "where")]
    place: String,
}

impl GateFailure {
    pub(super) fn new(arming: &Arming, failure: &Failure) -> Self {
        GateFailure {
            gate: gate_name(&failure.gate),
            reason: failure_text(arming, failure),
            place: failure.rule.to_string(),
        }
    }
}
