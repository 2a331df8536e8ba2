//! Events that rules by inode can miss, although the order of each list is right.
//!
//! The kernel tests these rules after the lists, name by name. It ends with the first rule that matches and has a higher
//! priority than the match before (`audit_filter_inodes`, kernel/auditsc.c).

use foldhash::HashSet;

use super::silence::{may_meet, path, silences};
use super::{About, Step, Wave};
use crate::model::Home;
use crate::rule::{Placement, Request, Rule};

/// Returns the wanted rules whose events may be missed for a moment.
pub(super) fn gaps(steps: &[Step], loaded: &[Rule], wanted: &[Rule]) -> Vec<usize> {
    let silencing: Vec<&Rule> =
        loaded.iter().chain(wanted).filter(|rule| silences(rule) && is_by_inode(rule)).collect();
    // As in the first load of a kernel.
    if silencing.is_empty() && !steps.iter().any(Step::deletes) {
        return Vec::new();
    }
    let added: HashSet<usize> = steps.iter().filter_map(added).collect();
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

/// Lets rules that silence be deleted before rules by inode are appended, where these could overtake the rule of a path.
/// When a call removes the file at a watched path, the kernel tests the rules by inode early (`audit_update_watch`,
/// kernel/audit_watch.c), and the first match ends that test, also one of low priority. A rule that silences then takes
/// the event from it, and the rule of the path has lost its file.
pub(super) fn delete_early(steps: &mut [Step], wanted: &[Rule]) {
    if !steps.iter().any(Step::deletes) {
        return;
    }
    let appended = steps.iter().filter_map(|step| match &step.request {
        Request::Add(rule) => Some(rule).filter(|rule| {
            rule.placement == Placement::Append && is_by_inode(rule) && !silences(rule)
        }),
        _ => None,
    });
    let appended: Vec<&Rule> = appended.collect();
    let is_overtaken =
        |rule: &&Rule| path(rule).is_some() && appended.iter().any(|other| may_meet(rule, other));
    let overtaken: Vec<&Rule> = wanted.iter().filter(is_overtaken).collect();
    let takes = |step: &Step| {
        matches!(&step.request, Request::Delete(rule)
            if silences(rule) && overtaken.iter().any(|other| may_meet(rule, other)))
    };
    let early: Vec<usize> =
        steps.iter().enumerate().filter(|(_, step)| takes(step)).map(|(at, _)| at).collect();
    for at in early {
        if let Some(step) = steps.get_mut(at) {
            step.wave = step.wave.min(Wave::Moving);
        }
    }
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
