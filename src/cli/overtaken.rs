//! Rules of other owners that may decide before a rule that is added, with `--own-keys`.
//!
//! The first rule that matches decides. A rule that is appended comes after all rules of other owners on its list, which
//! the plan leaves alone.

use super::desired::Desired;
use super::own_rules::{OwnKeys, is_own};
use super::planned::{Loaded, Planned, style};
use super::report;
use super::restored::listed;
use crate::model::Profile;
use crate::plan::About;
use crate::relate::Deciding;
use crate::rule::{FilterList, Placement, Request, Rule};

/// The most pairs of rules that are compared, which takes time.
const MOST: usize = 500;

/// A rule of another owner.
struct Other<'o> {
    /// Its number in the listing.
    number: usize,
    rule: &'o Rule,
}

/// Returns the notes about rules that are added.
pub(super) fn notes(
    desired: &Desired,
    planned: &Planned,
    loaded: &Loaded,
    own_keys: &[OwnKeys],
) -> Vec<String> {
    let others: Vec<Other<'_>> = (1..)
        .zip(&loaded.rules)
        .filter(|(_, rule)| !is_own(rule, own_keys))
        .map(|(number, rule)| Other { number, rule })
        .collect();
    let target = planned.target;
    let deciding = Deciding::new(Profile::newest(target.arch), target.version);
    let (mut notes, mut left, mut unasked) = (Vec::new(), MOST, 0);
    for (at, rule) in appended(planned) {
        let before: Vec<&Other<'_>> =
            others.iter().filter(|other| can_meet(other.rule, rule)).collect();
        if before.len() > left {
            unasked += 1;
            continue;
        }
        left -= before.len();
        let takes = |other: &&Other<'_>| deciding.taken(&[other.rule], rule).is_some();
        if let Some(first) = before.into_iter().find(takes) {
            notes.push(format!(
                "{}: some of its events are decided before by loaded rule {}, which `--own-keys` leaves alone: {}",
                planned.place(desired, at),
                first.number,
                listed(style(target.arch), first.rule)
            ));
        }
    }
    if unasked > 0 {
        let rules = report::count(unasked, "rule");
        notes.push(format!(
            "{rules} not compared with those that `--own-keys` leaves alone, which are too many"
        ));
    }
    notes
}

/// Returns the rules that are appended to a list where the first match decides, each with its index.
fn appended(planned: &Planned) -> impl Iterator<Item = (usize, &Rule)> {
    planned.change.plan.steps.iter().filter_map(|step| match (&step.request, step.about) {
        (Request::Add(rule), About::Wanted(at)) if rule.placement == Placement::Append => {
            let is_deciding =
                matches!(rule.list, FilterList::Exit | FilterList::Task | FilterList::IoUring);
            is_deciding.then_some((at, rule))
        }
        _ => None,
    })
}

/// Returns whether a list and a syscall exist for which both are tested.
fn can_meet(other: &Rule, rule: &Rule) -> bool {
    let is_masked = rule.list != FilterList::Task;
    other.list == rule.list && (!is_masked || other.mask.intersects(&rule.mask))
}
