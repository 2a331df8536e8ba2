//! What a log shows of the rules that made it: which of them matched an event, and which did not.
//!
//! The kernel compares files where a log has only names, so that a rule can be in doubt about an event that another rule
//! has recorded. But if a rule has recorded it, none of a higher priority matched, and a new rule with the same conditions
//! does not match either.

use std::collections::HashSet;

use foldhash::HashMap;

use super::maker::Maker;
use super::outcome::{Judge, Outcome};
use crate::catalog::KernelVersion;
use crate::eval::{Event, Syscall, Tasks};
use crate::ingest::{Described, Group};
use crate::model::{Entry, Home, KernelModel};
use crate::rule::{Action, Field, Fields, FilterList, KEY_SEPARATOR, Op, Rule, TextId};

/// Maximum number of rules that are kept for questions that were asked.
const MOST_RULES: usize = 500_000;

/// Finds what new rules do with an event, knowing what old rules did with it.
pub(super) struct Deduction {
    new: KernelModel,
    old: KernelModel,
    version: KernelVersion,
    tasks: Tasks,
    /// Whether all rules that decide calls are the same, in the same order.
    is_same: bool,
    known: HashMap<Question, Known>,
    /// The number of rules that are kept.
    kept: usize,
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
    /// The serials of the new rules.
    serials: Vec<usize>,
}

impl Deduction {
    /// Takes new rules and those that made a log; `None` if the lists differ that decide what the other rules see.
    pub(super) fn new(
        new: &KernelModel,
        old: &KernelModel,
        version: KernelVersion,
        tasks: Tasks,
    ) -> Option<Self> {
        let is_same = |list| of_list(new, list).eq(of_list(old, list));
        is_same(FilterList::Filesystem).then(|| Deduction {
            new: new.clone(),
            old: old.clone(),
            version,
            tasks,
            is_same: [FilterList::Exit, FilterList::IoUring, FilterList::Task]
                .into_iter()
                .all(is_same),
            known: HashMap::default(),
            kept: 0,
        })
    }

    /// Returns what the new rules do with an event of a maker; `None` if nothing is known about them. `seen` is the
    /// event as they shall decide it.
    pub(super) fn outcome(
        &mut self,
        maker: &Maker,
        group: &Group,
        seen: &Described,
    ) -> Option<Outcome> {
        if maker.rules().is_empty() {
            return None;
        }
        let question = Question {
            makers: maker.rules().to_vec(),
            keys: seen.keys.clone(),
            number: number_of(&seen.event),
            has_one_name: seen.event.names.as_ref().is_some_and(|names| names.len() < 2),
        };
        if !self.known.contains_key(&question) {
            let known = self.known(&question);
            if self.kept + known.serials.len() > MOST_RULES {
                self.known.clear();
                self.kept = 0;
            }
            self.kept += known.serials.len();
            self.known.insert(question.clone(), known);
        }
        let Known { judge, serials } = self.known.get(&question)?;
        let outcome = judge.outcome(group, seen);
        let is_known = question.makers.len() == 1 || !self.is_same;
        let rule =
            outcome.rule.filter(|_| is_known).and_then(|serial| serials.get(serial).copied());
        Some(Outcome { rule, ..outcome })
    }

    /// Returns the new rules without those that do not match.
    fn known(&self, question: &Question) -> Known {
        let makers: Vec<&Entry> =
            self.old.entries().filter(|entry| question.makers.contains(&entry.serial())).collect();
        if self.is_same
            && let Some(maker) = makers.first()
        {
            // Whichever it was, it is there.
            let is_in =
                |entry: &&Entry| !is_about_calls(entry.rule()) || entry.rule() == maker.rule();
            let entries: Vec<&Entry> = self.new.entries().filter(is_in).collect();
            let matched = |entry: &Entry| {
                is_about_calls(entry.rule()).then(|| unconditional(entry.rule(), &question.keys))
            };
            return self.with(&entries, matched);
        }
        let unmatched: HashSet<Rule> = self.unmatched(question, &makers).map(conditions).collect();
        let matched = match makers.as_slice() {
            [only] if is_tested(only, question) => Some(conditions(only.rule())),
            _ => None,
        };
        let is_out = |entry: &Entry| {
            let rule = entry.rule();
            let other_call = is_about_calls(rule)
                && question.number.is_some_and(|number| !rule.mask.contains(number));
            other_call && rule.list == FilterList::Exit || unmatched.contains(&conditions(rule))
        };
        let entries: Vec<&Entry> = self.new.entries().filter(|entry| !is_out(entry)).collect();
        self.with(&entries, |entry| {
            let rule = entry.rule();
            let is_matched =
                matched.as_ref() == Some(&conditions(rule)) && !has_keyless_before(&entries, entry);
            is_matched.then(|| unconditional(rule, &keys_of(rule)))
        })
    }

    /// Returns these rules, or what stands for them.
    fn with(&self, entries: &[&Entry], instead: impl Fn(&Entry) -> Option<Rule>) -> Known {
        let mut kernel = KernelModel::new(self.new.profile());
        let mut serials = Vec::new();
        for entry in entries {
            let rule = instead(entry).unwrap_or_else(|| entry.rule().clone());
            let placement = rule.placement;
            let added = kernel.add_kernel_rule(rule, placement);
            if added.is_ok() {
                serials.push(entry.serial());
            }
        }
        Known { judge: Judge::new(&kernel, self.version, self.tasks), serials }
    }

    /// Returns the old rules that the kernel tested before it recorded the event, and that did not match.
    fn unmatched<'d>(
        &'d self,
        question: &'d Question,
        makers: &'d [&Entry],
    ) -> impl Iterator<Item = &'d Rule> {
        let highest = makers.iter().map(|entry| entry.priority()).max();
        let list = makers.first().map(|entry| entry.rule().list);
        let is_of_list = |home| makers.iter().all(|entry| entry.home() == home);
        // Once a rule that is kept by inode matches a name, such rules are not tested for the next names.
        let all_tested = question.has_one_name || is_of_list(Home::List);
        let before = self.old.entries().filter(move |entry| {
            Some(entry.rule().list) == list
                && highest.is_some_and(|highest| entry.priority() > highest)
                && (all_tested || entry.home() == Home::List)
        });
        before.map(Entry::rule)
    }
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
fn has_keyless_before(entries: &[&Entry], rule: &Entry) -> bool {
    entries.iter().any(|entry| {
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

/// Returns a rule with these keys that matches each of its calls.
fn unconditional(rule: &Rule, keys: &[Vec<u8>]) -> Rule {
    let text = keys.join(&KEY_SEPARATOR);
    let field = Field::Text { id: TextId::KEY, op: Op::EQUAL, text: text.into() };
    let fields = if keys.is_empty() { Fields::default() } else { [field].into_iter().collect() };
    Rule { fields, ..rule.clone() }
}
