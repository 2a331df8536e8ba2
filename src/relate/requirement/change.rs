//! The narrowest change of a set that covers a requirement.
//!
//! A rule of the requirement, limited to the syscalls that the set misses, records nothing but required calls. If a rule
//! of the set has the same conditions, the syscalls are added there. The whole change is proved before it is proposed.

use std::cmp::Reverse;

use super::{Judge, kernel_of};
use crate::catalog::field;
use crate::eval::Verdict;
use crate::model::{Entry, KernelModel};
use crate::relate::sets::Coverage;
use crate::rule::{Action, Field, Mask, Placement, Rule};

/// A rule with more syscalls is taken as a whole.
const MOST_SYSCALLS: usize = 40;
/// Maximum number of rules that are moved out of the way.
const MOST_STEPS: usize = 16;

/// A change of a set of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What to do.
    pub steps: Vec<Step>,
}

/// One step of a change. Rules of the set have their [serial](crate::model::Entry::serial).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Add syscalls to a rule.
    AddSyscalls {
        /// The rule.
        to: usize,
        /// The syscalls, as a rule that has only these.
        syscalls: Rule,
    },
    /// Add a rule.
    AddRule {
        /// The rule.
        rule: Rule,
        /// The number of the required rule if it is added as it is.
        whole: Option<usize>,
        /// The rule before which the new rule must come; `None` for any place.
        before: Option<usize>,
    },
    /// Delete a rule.
    Delete(usize),
}

/// Returns the narrowest change; `None` if none is known.
pub(super) fn narrowest(
    judge: &Judge<'_>,
    required: &[Rule],
    coverage: &Coverage,
) -> Option<Change> {
    let mut change = Change { steps: deleted(judge, coverage).map(Step::Delete).collect() };
    for (number, rule) in required.iter().enumerate() {
        let set = change.made_in(judge.set)?;
        if let Some(missed) = missed_part(judge, rule, &set) {
            let step = step_for(judge, &missed, (number, rule), &change)?;
            change.steps.push(step);
        }
    }
    let set = change.made_in(judge.set)?;
    let required = kernel_of(judge.set.profile(), required);
    judge.misses(&required, &set).is_complete().then_some(change)
}

/// Returns the rules of other lists that keep required calls from being recorded: nothing else can help.
fn deleted(judge: &Judge<'_>, coverage: &Coverage) -> impl Iterator<Item = usize> {
    let is_on_other_list = |verdict| matches!(verdict, Verdict::Excluded | Verdict::NoContext);
    let of_verdict = |serial: &usize| {
        let mut missed = coverage.missed.iter();
        missed.any(|one| one.new.rule == Some(*serial) && is_on_other_list(one.new.verdict))
    };
    let serials: Vec<usize> = judge.set.entries().map(Entry::serial).filter(of_verdict).collect();
    serials.into_iter()
}

/// Returns a rule with the syscalls that a set misses; `None` if it misses none.
fn missed_part(judge: &Judge<'_>, rule: &Rule, set: &KernelModel) -> Option<Rule> {
    let profile = judge.set.profile();
    let is_covered = |rule: &Rule| {
        judge.misses(&kernel_of(profile, std::slice::from_ref(rule)), set).is_complete()
    };
    if is_covered(rule) {
        return None;
    }
    let numbers: Vec<u32> = rule.mask.iter().take(MOST_SYSCALLS + 1).collect();
    if numbers.len() > MOST_SYSCALLS || numbers.len() < 2 {
        return Some(rule.clone());
    }
    let of = |number: u32| {
        let mut part = Rule { mask: Mask::EMPTY, ..rule.clone() };
        part.mask.insert(number).then_some(part)
    };
    let mut missed = Rule { mask: Mask::EMPTY, ..rule.clone() };
    for part in numbers.into_iter().filter_map(of).filter(|part| !is_covered(part)) {
        missed.mask.extend_with(&part.mask);
    }
    Some(missed)
}

/// Returns the step that makes a set record what a required rule records, after another change.
fn step_for(
    judge: &Judge<'_>,
    missed: &Rule,
    (number, required_rule): (usize, &Rule),
    before: &Change,
) -> Option<Step> {
    let required = kernel_of(judge.set.profile(), std::slice::from_ref(required_rule));
    let with = |step: &Step| {
        let mut change = before.clone();
        change.steps.push(step.clone());
        let set = change.made_in(judge.set)?;
        let coverage = judge.misses(&required, &set);
        Some((coverage.is_complete(), silencing(judge.set, &set, &coverage)))
    };
    let has_same_conditions = |entry: &&Entry| {
        let rule = entry.rule();
        rule.list == missed.list
            && rule.action == Action::Always
            && conditions(rule) == conditions(missed)
            && !rule.mask.is_all()
            && rule.mask.intersects(&required_rule.mask)
    };
    let similar = judge.set.entries().find(has_same_conditions);
    let add =
        similar.map(|entry| Step::AddSyscalls { to: entry.serial(), syscalls: missed.clone() });
    if let Some(step) = add.filter(|step| with(step).is_some_and(|(is_complete, _)| is_complete)) {
        return Some(step);
    }
    let whole = (missed == required_rule).then_some(number);
    // The rule comes before each rule that silences its calls.
    let mut place = None;
    for _ in 0..MOST_STEPS {
        let step = Step::AddRule { rule: missed.clone(), whole, before: place };
        let (is_complete, earliest) = with(&step)?;
        if is_complete {
            return Some(step);
        }
        let earliest = earliest?;
        if place.is_some_and(|place| rank_of(judge.set, place) <= rank_of(judge.set, earliest)) {
            return None;
        }
        place = Some(earliest);
    }
    None
}

/// Returns the first rule of a set, by its serial, that decides calls which the changed set misses.
fn silencing(set: &KernelModel, changed: &KernelModel, coverage: &Coverage) -> Option<usize> {
    let deciding: Vec<usize> =
        coverage.missed.iter().filter_map(|missed| missed.new.rule).collect();
    let rules = changed.entries().filter(|entry| deciding.contains(&entry.serial()));
    let serials = rules.filter_map(|entry| Some(set.find(entry.rule())?.serial()));
    serials.min_by_key(|serial| rank_of(set, *serial))
}

/// Returns the rank of a rule among the rules that are tested for calls.
fn rank_of(set: &KernelModel, serial: usize) -> Option<Reverse<u64>> {
    let mut entries = set.entries();
    entries.find(|entry| entry.serial() == serial).map(|entry| Reverse(entry.priority()))
}

/// Returns the conditions of a rule without its keys, in one order.
pub(super) fn conditions(rule: &Rule) -> Vec<String> {
    let fields = rule.fields.iter().filter(|condition| condition.number() != field::KEY);
    let mut conditions: Vec<String> =
        fields.map(|condition: &Field| format!("{condition:?}")).collect();
    conditions.sort();
    conditions.dedup();
    conditions
}

impl Change {
    /// Returns a set after the change; `None` if the kernel refuses a rule.
    pub(super) fn made_in(&self, set: &KernelModel) -> Option<KernelModel> {
        let mut entries: Vec<&Entry> = set.entries().collect();
        // By priority, so that rules of all lists keep their order.
        entries.sort_by_key(|entry| Reverse(entry.priority()));
        let mut changed = KernelModel::new(set.profile());
        let mut add = |rule: &Rule| match changed.add(rule) {
            Ok(()) => Some(()),
            // Two rules have become equal.
            Err(_) => changed
                .kernel_rule(rule)
                .ok()
                .filter(|rule| changed.find(rule).is_some())
                .map(|_| ()),
        };
        for entry in entries {
            let serial = entry.serial();
            let mut rule = Rule { placement: Placement::Append, ..entry.rule().clone() };
            let mut is_deleted = false;
            for step in &self.steps {
                match step {
                    Step::AddSyscalls { to, syscalls } if *to == serial => {
                        rule.mask.extend_with(&syscalls.mask);
                    }
                    Step::AddRule { rule, before: Some(before), .. } if *before == serial => {
                        add(rule)?
                    }
                    Step::Delete(deleted) => is_deleted |= *deleted == serial,
                    _ => {}
                }
            }
            if !is_deleted {
                add(&rule)?;
            }
        }
        for step in &self.steps {
            if let Step::AddRule { rule, before: None, .. } = step {
                add(rule)?;
            }
        }
        Some(changed)
    }
}
