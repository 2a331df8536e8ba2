//! Events that rules by inode can miss, although the order of each list is right.
//!
//! The kernel tests these rules after the lists, name by name. It ends with the first rule that matches and has a higher
//! priority than the match before (`audit_filter_inodes`, kernel/auditsc.c).

use foldhash::HashSet;

use super::silence::{may_meet, path, silences};
use super::{About, Step};
use crate::model::Home;
use crate::rule::{Placement, Request, Rule};

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
    let overtaking = Overtaking::of(steps);
    let all = wanted.iter().enumerate();
    let recording = all.filter(|(_, rule)| !silences(rule));
    let missed = recording
        .filter(|(at, rule)| is_passed(rule) || is_late(*at, rule) || overtaking.overtakes(rule));
    missed.map(|(at, _)| at).collect()
}

/// What can overtake a rule of a path. When a call removes the file at a watched path, the kernel tests the rules by inode
/// early (`audit_update_watch`, kernel/audit_watch.c), and the first match ends that test, also one of low priority. A rule
/// that silences and is not deleted yet then takes the event from it, and the rule of the path has lost its file.
struct Overtaking<'s> {
    /// The rules by inode that are appended.
    appended: Vec<&'s Rule>,
    /// The rules that silence until they are deleted.
    silencing: Vec<&'s Rule>,
}

impl<'s> Overtaking<'s> {
    fn of(steps: &'s [Step]) -> Self {
        let (mut appended, mut silencing) = (Vec::new(), Vec::new());
        for step in steps {
            match &step.request {
                Request::Add(rule)
                    if rule.placement == Placement::Append
                        && is_by_inode(rule)
                        && !silences(rule) =>
                {
                    appended.push(rule);
                }
                Request::Delete(rule) if silences(rule) => silencing.push(rule),
                _ => {}
            }
        }
        Overtaking { appended, silencing }
    }

    fn overtakes(&self, rule: &Rule) -> bool {
        let meets = |others: &[&Rule]| others.iter().any(|other| may_meet(rule, other));
        path(rule).is_some() && meets(&self.appended) && meets(&self.silencing)
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
