//! An answer of the comparison, judged by the events of the universe.

use std::collections::BTreeSet;

use rauditctl::catalog::KernelVersion;
use rauditctl::eval::{Decision, Evaluator, Event, Files, Kind, Name, Nametype, Verdict};
use rauditctl::relate::sets::{Change, Comparison, Keys, Relation, compare};
use rauditctl::rule::Rule;

use super::events::Choices;
use super::universe::{Case, written};

pub(crate) const VERSION: KernelVersion = KernelVersion::NEWEST;

/// How the comparison answered a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Same,
    Different,
    Undecided,
}

/// Returns the changes of the events of a case, found by deciding them with both sets, each with an event.
fn enumerated(case: &Case, few: usize) -> Vec<(Change, Event)> {
    let evaluator =
        |rules: &[Rule]| Evaluator::new(&Case::kernel(rules), VERSION, Files::default());
    let (old, new) = (evaluator(&case.old), evaluator(&case.new));
    let mut changes: Vec<(Change, Event)> = Vec::new();
    Choices::each_event(case, few, &mut |event| {
        if changes.len() == 3 {
            return;
        }
        let (old, new) = (old.decide(event), new.decide(event));
        if [&old, &new].into_iter().any(|decision| decision.verdict == Verdict::Undecided) {
            assert!(removes_a_tree(event), "{event:?}");
            return;
        }
        let change = match (is_recorded(event, &old), is_recorded(event, &new)) {
            (true, false) => Change::Lost,
            (false, true) => Change::Gained,
            (true, true) if old.keys != new.keys => Change::Rekeyed,
            _ => return,
        };
        if !changes.iter().any(|(known, _)| *known == change) {
            changes.push((change, event.clone()));
        }
    });
    changes
}

/// Returns whether a call removes the directory of a `dir=` rule: whether the rule goes with it is not known.
fn removes_a_tree(event: &Event) -> bool {
    let trees: [&[u8]; 2] = [b"/a", b"/a/d"];
    let is_tree = |name: &Name| name.path.as_deref().is_some_and(|path| trees.contains(&path));
    let mut names = event.names.iter().flatten();
    names.any(|name| name.nametype == Some(Nametype::Delete) && is_tree(name))
}

/// Returns whether an event leaves a record. The record of a program or of the kernel is written unless a list drops it.
pub(crate) fn is_recorded(event: &Event, decision: &Decision) -> bool {
    match event.kind {
        Kind::Record(_) | Kind::User(_) => {
            !matches!(decision.verdict, Verdict::Excluded | Verdict::Silenced)
        }
        _ => decision.verdict == Verdict::Recorded,
    }
}

pub(crate) fn compared(old: &[Rule], new: &[Rule]) -> Comparison {
    compare(&Case::kernel(old), &Case::kernel(new), VERSION, Keys::Count)
}

/// Compares the sets of a case and judges the answer by its events: by all if they are at most `few`.
///
/// # Errors
/// What is wrong with the answer.
pub(super) fn judge(case: &Case, few: usize) -> Result<Answer, String> {
    let comparison = compared(&case.old, &case.new);
    let found: BTreeSet<Change> =
        comparison.differences.iter().map(|evidence| evidence.change).collect();
    let real = enumerated(case, few);
    let rules = || format!("old\n  {}\nnew\n  {}", written(&case.old), written(&case.new));
    for evidence in &comparison.differences {
        let evaluator =
            |rules: &[Rule]| Evaluator::new(&Case::kernel(rules), VERSION, Files::default());
        let (old, new) = (evaluator(&case.old), evaluator(&case.new));
        let (old, new) = (old.decide(&evidence.event), new.decide(&evidence.event));
        let is_recorded = |decision| match evidence.event.kind {
            Kind::Filesystem => false,
            _ => is_recorded(&evidence.event, decision),
        };
        let is_real = match evidence.change {
            Change::Lost => is_recorded(&old) && !is_recorded(&new),
            Change::Gained => !is_recorded(&old) && is_recorded(&new),
            Change::Rekeyed => is_recorded(&old) && is_recorded(&new) && old.keys != new.keys,
        };
        if !is_real && evidence.event.kind != Kind::Filesystem {
            return Err(format!("no {:?}: {:?}\n{}", evidence.change, evidence.event, rules()));
        }
    }
    let is_open = comparison.is_open();
    let missed = real.iter().find(|(change, _)| !found.contains(change));
    if let Some((change, event)) = missed.filter(|_| !is_open) {
        return Err(format!("{change:?} is not found: {event:?}\n{}", rules()));
    }
    match comparison.relation() {
        Relation::Same if real.is_empty() => Ok(Answer::Same),
        Relation::Same => Err(format!("not the same, {:?}\n{}", real[0], rules())),
        _ if is_open && missed.is_some() => Ok(Answer::Undecided),
        Relation::Undecided => Ok(Answer::Undecided),
        _ => Ok(Answer::Different),
    }
}
