//! Events that rules by inode can miss, although the order of each list is right.
//!
//! The kernel tests these rules after the lists, name by name. It ends with the first rule that matches and has a higher
//! priority than the match before (`audit_filter_inodes`, kernel/auditsc.c).

use foldhash::HashSet;

use super::silence::{may_meet, silences};
use super::{About, Step};
use crate::model::Home;
use crate::rule::{Request, Rule};

/// Returns the wanted rules whose events may be missed for a moment.
pub(super) fn gaps(steps: &[Step], loaded: &[Rule], wanted: &[Rule]) -> Vec<usize> {
    let added: HashSet<usize> = steps.iter().filter_map(added).collect();
    let silencing: Vec<&Rule> =
        loaded.iter().chain(wanted).filter(|rule| is_by_inode(rule) && silences(rule)).collect();
    let new: Vec<&Rule> =
        added.iter().filter_map(|at| wanted.get(*at)).filter(|rule| silences(rule)).collect();
    let is_recording =
        |step: &Step| matches!(&step.request, Request::Delete(rule) if !silences(rule));
    let loses_recording = steps.iter().any(is_recording);
    // Until it is deleted, a rule that records takes the turn of the rule by inode, but not that of a new rule for
    // another name of the call.
    let is_passed = |rule: &Rule| {
        is_by_inode(rule)
            && loses_recording
            && new.iter().any(|other| is_by_inode(other) && may_meet(rule, other))
    };
    // Rules by inode of the list io_uring are tested for syscalls, too. Of two lists, the rule that was added first
    // decides.
    let is_late = |at: usize, rule: &Rule| {
        added.contains(&at) && silencing.iter().any(|other| other.list != rule.list)
    };
    let all = wanted.iter().enumerate();
    let recording = all.filter(|(_, rule)| !silences(rule));
    let missed = recording.filter(|(at, rule)| is_passed(rule) || is_late(*at, rule));
    missed.map(|(at, _)| at).collect()
}

fn is_by_inode(rule: &Rule) -> bool {
    Home::of(rule) == Home::InodeHash
}

/// Returns the wanted rule that a step adds.
fn added(step: &Step) -> Option<usize> {
    match (&step.request, step.about) {
        (Request::Add(_), About::Wanted(at)) => Some(at),
        _ => None,
    }
}
