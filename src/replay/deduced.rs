//! What a log shows of the rules that made it: which of them matched an event, and which did not.
//!
//! The kernel compares files where a log has only names, so that a rule can be in doubt about an event that another rule
//! has recorded. But if a rule has recorded it, none of a higher priority matched, and a new rule with the same conditions
//! does not match either.

use std::collections::HashSet;

use foldhash::HashMap;

use super::maker::Maker;
use super::outcome::{Fate, Judge, Outcome};
use crate::catalog::field;
use crate::eval::{Event, Syscall};
use crate::ingest::{Described, Group};
use crate::model::{Entry, Home, KernelModel};
use crate::rule::{Action, FilterList, Mask, Placement, Rule};

/// Maximum number of rules that are kept for questions that were asked.
const MOST_RULES: usize = 60_000;
/// What a question takes besides its rules, as rules: the tables of syscalls.
const QUESTION: usize = 50;

/// Finds what new rules do with an event, knowing what old rules did with it.
pub(super) struct Deduction {
    new: Vec<Held>,
    old: Vec<Held>,
    /// Whether all rules that decide calls are the same, in the same order.
    is_same: bool,
    /// Rules that record each call, besides those that judge no calls.
    recording: Option<Known>,
    known: HashMap<Question, Known>,
    /// The number of rules that are kept.
    kept: usize,
}

/// A rule of a kernel.
struct Held {
    entry: Entry,
    /// The number of its conditions: rules with the same conditions have the same.
    conditions: usize,
}

/// What the known results of rules depend on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    /// The rules that may have made the event, by serial.
    makers: Vec<usize>,
    /// The keys of the record.
    keys: Vec<Vec<u8>>,
    number: Option<u32>,
    has_one_name: bool,
}

/// The new rules whose results are not known.
struct Known {
    judge: Judge,
    /// The serials of the new rules; `None` for what stands for several.
    serials: Vec<Option<usize>>,
}

impl Known {
    /// Takes rules, each with its serial among the new ones. They decide as `judge` does.
    fn of(judge: &Judge, rules: impl Iterator<Item = (Rule, Option<usize>)>) -> Self {
        let mut kernel = KernelModel::new(judge.profile());
        let mut serials = Vec::new();
        for (rule, serial) in rules {
            // Without its conditions, a rule can be equal to one before it.
            if kernel.add_kernel_rule(rule, Placement::Append).is_ok() {
                serials.push(serial);
            }
        }
        Known { judge: judge.for_rules(&kernel), serials }
    }

    /// Returns the serial of the rule that decides, among the new ones.
    fn rule(&self, outcome: &Outcome) -> Option<usize> {
        self.serials.get(outcome.rule?).copied().flatten()
    }
}

impl Deduction {
    /// Takes new rules and those that made a log; `None` if the lists differ that decide what the other rules see.
    pub(super) fn new(new: &KernelModel, old: &KernelModel) -> Option<Self> {
        let is_same = |list| of_list(new, list).eq(of_list(old, list));
        if !is_same(FilterList::Filesystem) {
            return None;
        }
        let mut numbers = HashMap::default();
        let mut held = |kernel: &KernelModel| {
            let rules = kernel.entries().map(|entry| {
                let next = numbers.len();
                let conditions = *numbers.entry(conditions(entry.rule())).or_insert(next);
                Held { entry: entry.clone(), conditions }
            });
            rules.collect()
        };
        Some(Deduction {
            new: held(new),
            old: held(old),
            is_same: [FilterList::Exit, FilterList::IoUring, FilterList::Task]
                .into_iter()
                .all(is_same),
            recording: None,
            known: HashMap::default(),
            kept: 0,
        })
    }

    /// Returns what the new rules do with an event of a maker; `None` if nothing is known about them. `seen` is the
    /// event as they shall decide it, and `judge` has all of them.
    pub(super) fn outcome(
        &mut self,
        judge: &Judge,
        maker: &Maker,
        group: &Group,
        seen: &Described,
    ) -> Option<Outcome> {
        if maker.rules().is_empty() {
            return None;
        }
        if self.is_same {
            return Some(self.kept_by_same(judge, maker, group, seen));
        }
        let question = Question {
            makers: maker.rules().to_vec(),
            keys: seen.keys.clone(),
            number: number_of(&seen.event),
            has_one_name: seen.event.names.as_ref().is_some_and(|names| names.len() < 2),
        };
        if !self.known.contains_key(&question) {
            let known = self.known(judge, &question);
            let cost = known.serials.len() + QUESTION;
            if self.kept + cost > MOST_RULES {
                self.known.clear();
                self.kept = 0;
            }
            self.kept += cost;
            self.known.insert(question.clone(), known);
        }
        let known = self.known.get(&question)?;
        let outcome = known.judge.outcome(group, seen);
        Some(Outcome { rule: known.rule(&outcome), ..outcome })
    }

    /// Returns what the same rules do: they record the event again, and other lists may drop its records.
    fn kept_by_same(
        &mut self,
        judge: &Judge,
        maker: &Maker,
        group: &Group,
        seen: &Described,
    ) -> Outcome {
        let Deduction { new, old, recording, .. } = self;
        let recording = recording.get_or_insert_with(|| {
            let others = new.iter().filter(|held| !is_about_calls(held.entry.rule()));
            let others = others.map(|held| (held.entry.rule().clone(), Some(held.entry.serial())));
            let all = [FilterList::Exit, FilterList::IoUring]
                .map(|list| (Rule { mask: Mask::ALL, ..Rule::new(list, Action::Always) }, None));
            Known::of(judge, others.chain(all))
        });
        let outcome = recording.judge.outcome(group, seen);
        let rule = recording.rule(&outcome);
        match outcome.fate {
            Fate::Kept | Fate::Renamed { .. } => {
                let rule = maker.rule().and_then(|maker| same_rule(old, new, maker));
                Outcome { fate: Fate::Kept, rule, ..outcome }
            }
            _ => Outcome { rule, ..outcome },
        }
    }

    /// Returns the new rules without those that do not match.
    fn known(&self, judge: &Judge, question: &Question) -> Known {
        let is_maker = |held: &&Held| question.makers.contains(&held.entry.serial());
        let makers: Vec<&Held> = self.old.iter().filter(is_maker).collect();
        let unmatched: HashSet<usize> =
            self.unmatched(question, &makers).map(|held| held.conditions).collect();
        let matched = match makers.as_slice() {
            [only] if is_tested(&only.entry, question) => Some(only.conditions),
            _ => None,
        };
        let is_out = |held: &Held| {
            let rule = held.entry.rule();
            let is_of_other_call = rule.list == FilterList::Exit
                && question.number.is_some_and(|number| !rule.mask.contains(number));
            is_of_other_call || unmatched.contains(&held.conditions)
        };
        let left: Vec<&Held> = self.new.iter().filter(|held| !is_out(held)).collect();
        let rules = left.iter().map(|held| {
            let rule = held.entry.rule();
            let is_matched =
                matched == Some(held.conditions) && !has_keyless_before(&left, &held.entry);
            let rule = if is_matched { unconditional(rule) } else { rule.clone() };
            (rule, Some(held.entry.serial()))
        });
        Known::of(judge, rules)
    }

    /// Returns the old rules that the kernel tested before it recorded the event, and that did not match.
    fn unmatched<'d>(
        &'d self,
        question: &'d Question,
        makers: &'d [&Held],
    ) -> impl Iterator<Item = &'d Held> {
        let highest = makers.iter().map(|held| held.entry.priority()).max();
        let list = makers.first().map(|held| held.entry.rule().list);
        // Once a rule that is kept by inode matches a name, such rules are not tested for the next names.
        let all_tested =
            question.has_one_name || makers.iter().all(|held| held.entry.home() == Home::List);
        self.old.iter().filter(move |Held { entry, .. }| {
            Some(entry.rule().list) == list
                && highest.is_some_and(|highest| entry.priority() > highest)
                && (all_tested || entry.home() == Home::List)
        })
    }
}

/// Returns the serial of the new rule that is an old one.
fn same_rule(old: &[Held], new: &[Held], serial: usize) -> Option<usize> {
    let rule = old.iter().find(|held| held.entry.serial() == serial)?.entry.rule();
    new.iter().find(|held| held.entry.rule() == rule).map(|held| held.entry.serial())
}

/// Returns whether the new rules test a rule that has recorded the event, unless one of a higher priority matches, and show
/// its keys then: a rule without a key that is kept by inode shows those of a rule on the list.
fn is_tested(rule: &Entry, question: &Question) -> bool {
    let keys = keys_of(rule.rule());
    let is_of_list = rule.home() == Home::List;
    keys == question.keys && (is_of_list || question.has_one_name && !keys.is_empty())
}

fn keys_of(rule: &Rule) -> Vec<Vec<u8>> {
    rule.keys().map(<[u8]>::to_vec).collect()
}

/// Returns whether a rule without a key has a higher priority: it would show the key of a rule that matched before.
fn has_keyless_before(rules: &[&Held], rule: &Entry) -> bool {
    rules.iter().any(|Held { entry, .. }| {
        let other = entry.rule();
        is_about_calls(other)
            && entry.priority() > rule.priority()
            && other.action == Action::Always
            && other.keys().next().is_none()
    })
}

/// Returns the rules of a list, in its order.
pub(super) fn of_list(kernel: &KernelModel, list: FilterList) -> impl Iterator<Item = &Rule> {
    kernel.rules().filter(move |rule| rule.list == list)
}

fn is_about_calls(rule: &Rule) -> bool {
    matches!(rule.list, FilterList::Exit | FilterList::IoUring)
}

fn number_of(event: &Event) -> Option<u32> {
    match event.call.syscall {
        Some(Syscall::Number(number)) => Some(number),
        _ => None,
    }
}

/// Returns a rule with its conditions alone.
fn conditions(rule: &Rule) -> Rule {
    Rule { action: Action::Always, ..rule.without_keys() }
}

/// Returns a rule that matches each of its calls.
fn unconditional(rule: &Rule) -> Rule {
    let mut rule = rule.clone();
    rule.fields.retain(|condition| condition.number() == field::KEY);
    rule
}
