//! The advice, the walks, the missing and inspected syscalls, and the failed gates.

use serde::Serialize;

use crate::analysis::{
    Advice, Analysis, Arming, Candidate, Gate, GateFailure, Inspection, MissingSyscall, Verdict,
    Walk, Walks,
};
use crate::report::explain::sentences::advice::{Remedies, cause_text};
use crate::report::explain::sentences::gate::{failure_text, gate_name};
use crate::report::explain::sentences::rule::{instead_text, rule_text};
use crate::report::explain::sentences::syscall::{obstacle_text, winner};

/// The advice for the rules that arm every syscall.
#[derive(Debug, Serialize)]
pub(super) struct Narrowed {
    /// Syscalls armed with every remedy applied.
    would_arm: usize,
    /// Rules on the walk.
    advice: Vec<AdviceView>,
}

/// A rule that arms every syscall.
#[derive(Debug, Serialize)]
struct AdviceView {
    #[serde(rename = "where")]
    origin: String,
    cause: String,
    then: String,
    /// The rule to write instead: one, or none.
    instead: Vec<String>,
    /// The number of syscalls that these arm; none without a proposal.
    arms: Option<usize>,
}

impl Narrowed {
    pub(super) fn new(analysis: &Analysis) -> Self {
        let (arming, narrowing) = (&analysis.arming, analysis.narrowing());
        let remedies = Remedies::of(analysis);
        let view = |advice: &Advice| AdviceView {
            origin: advice.origin.to_string(),
            cause: cause_text(advice.cause),
            then: remedies.text(advice),
            instead: advice
                .remedy
                .iter()
                .flat_map(|remedy| &remedy.rule)
                .map(|rule| instead_text(rule, arming))
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
    /// The syscalls in the mask of a rule. For every other one the kernel tests the whole list.
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

/// A syscall that rules name but the kernel does not have.
#[derive(Debug, Serialize)]
pub(super) struct Missing {
    arch: &'static str,
    nr: u32,
    name: Option<&'static str>,
    since: Option<String>,
    #[serde(rename = "where")]
    origins: Vec<String>,
}

impl Missing {
    pub(super) fn new(missing: &MissingSyscall) -> Self {
        Missing {
            arch: missing.arch.common_name(),
            nr: missing.nr,
            name: missing.name,
            since: missing.since.map(|since| since.to_string()),
            origins: missing.rules.iter().map(ToString::to_string).collect(),
        }
    }
}

/// An inspected syscall.
#[derive(Debug, Serialize)]
pub(super) struct Inspected {
    armed: bool,
    walk: WalkOf,
    rules: Vec<RuleView>,
    wins: String,
}

/// A rule with the syscall in its mask.
#[derive(Debug, Serialize)]
struct RuleView {
    #[serde(rename = "where")]
    origin: String,
    /// Its position on the walk, from 1; none for a rule kept by inode.
    position: Option<usize>,
    action: String,
    matches: &'static str,
    why: Option<&'static str>,
    /// Whether a rule before it always matches.
    too_late: bool,
    rule: String,
}

/// Returns the inspected syscall, once for each arch that has it.
pub(super) fn inspected(arming: &Arming, inspections: &[Inspection]) -> Vec<Inspected> {
    let one = |inspection: &Inspection| Inspected {
        armed: inspection.is_armed,
        walk: WalkOf::new(&inspection.walk),
        rules: inspection.rules.iter().map(|one| RuleView::new(arming, one)).collect(),
        wins: winner(inspection),
    };
    inspections.iter().map(one).collect()
}

impl RuleView {
    fn new(arming: &Arming, candidate: &Candidate) -> Self {
        RuleView {
            origin: candidate.origin.to_string(),
            position: candidate.position,
            action: candidate.rule.action.name().into_owned(),
            matches: match candidate.verdict {
                Verdict::Never => "never",
                Verdict::Maybe => "maybe",
                Verdict::Always => "always",
            },
            why: candidate.obstacle.map(obstacle_text),
            too_late: candidate.is_shadowed,
            rule: rule_text(&candidate.rule, arming),
        }
    }
}

/// A gate that the rules do not meet.
#[derive(Debug, Serialize)]
pub(super) struct FailedGate {
    gate: &'static str,
    reason: String,
    #[serde(rename = "where")]
    origin: String,
}

/// Returns the gates that the rules do not meet; `None` if no gates were checked.
pub(super) fn failed_gates(
    arming: &Arming,
    gates: &[Gate],
    failures: &[GateFailure],
) -> Option<Vec<FailedGate>> {
    let failed = |failure: &GateFailure| FailedGate {
        gate: gate_name(&failure.gate),
        reason: failure_text(arming, failure),
        origin: failure.rule.to_string(),
    };
    (!gates.is_empty()).then(|| failures.iter().map(failed).collect())
}
