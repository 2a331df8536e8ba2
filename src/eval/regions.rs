//! Events that leave out numbers: one value of each region between the constants that rules compare decides them.
//!
//! A walk takes the unknown attributes of different rules as independent. So it finds that `auid>=1000` and
//! `auid<1000` may both not match. Here the number gets a value of each region, and the decision is what all of them
//! agree on. Conditions that compare bits, and comparisons with another unknown number, have no such regions.

use std::collections::BTreeSet;

use super::attribute::Attribute;
use super::decision::{Decision, Verdict, Way};
use super::distinct::Doubts;
use super::evaluator::Evaluator;
use super::event::{Event, Ids, Outcome, UNSET};
use super::filters::Filter;
use super::history::History;
use crate::catalog::{self, Operator, field};
use crate::rule::{Field, Op};

/// The number of decisions after which an event stays undecided.
const MOST_DECISIONS: usize = 256;

impl Evaluator {
    /// Decides an event which the walk leaves undecided, if only numbers are unknown and all their values agree.
    pub(super) fn refined(&self, history: &History, event: &Event, decision: Decision) -> Decision {
        let mut ways = Vec::new();
        let mut left = MOST_DECISIONS;
        if self.add_ways(history, event, &decision, &mut left, &mut ways).is_none() {
            return decision;
        }
        let agreed = Decision::of(ways);
        match agreed.verdict {
            Verdict::Undecided => decision,
            Verdict::Recorded => {
                let mut doubts = Doubts::default();
                let dropped = self.dropped(event, &mut doubts);
                Decision { dropped, doubts: doubts.into_list(), ..agreed }
            }
            _ => agreed,
        }
    }

    /// Adds the ways in which the values of the unknown numbers end; `None` if some stay undecided, or differ.
    fn add_ways(
        &self,
        history: &History,
        event: &Event,
        decision: &Decision,
        left: &mut usize,
        ways: &mut Vec<Way>,
    ) -> Option<()> {
        if decision.verdict != Verdict::Undecided {
            let way =
                Way { verdict: decision.verdict, keys: decision.keys.clone(), rule: decision.rule };
            let first = ways.first().unwrap_or(&way);
            if (first.verdict, &first.keys) != (way.verdict, &way.keys) {
                return None;
            }
            if !ways.contains(&way) {
                ways.push(way);
            }
            return Some(());
        }
        let unknown = decision.depends_on();
        // Each must be a number: the others are not independent of it.
        if !unknown.iter().all(|attribute| is_number(event, attribute)) {
            return None;
        }
        let attribute = unknown.iter().next()?;
        let serials = decision.doubts.iter().filter_map(|doubt| doubt.rule).collect();
        let mut event = event.clone();
        for value in self.values(&event, attribute, &serials)? {
            *left = left.checked_sub(1)?;
            set(&mut event, attribute, value);
            let decision = self.walked(history, &event);
            self.add_ways(history, &event, &decision, left, ways)?;
        }
        Some(())
    }

    /// Returns one value of each region of a number; `None` if the rules in doubt compare it otherwise.
    fn values(
        &self,
        event: &Event,
        attribute: Attribute,
        serials: &BTreeSet<usize>,
    ) -> Option<BTreeSet<u32>> {
        if attribute == Attribute::Success {
            return Some(BTreeSet::from([0, 1]));
        }
        let mut values = BTreeSet::from([0]);
        for filter in self.filters.all().filter(|filter| serials.contains(&filter.serial)) {
            for constant in constants(filter, event, attribute)? {
                values.extend([Some(constant), constant.checked_add(1)].into_iter().flatten());
            }
        }
        Some(values)
    }
}

/// Returns whether an attribute that the event leaves out is a number with regions.
fn is_number(event: &Event, attribute: Attribute) -> bool {
    match attribute {
        Attribute::Success => {
            matches!(event.call.outcome, Outcome::Returned { value: None, success: None })
        }
        _ => set(&mut Event::default(), attribute, 0),
    }
}

/// Sets a number of the task, or whether the call succeeds; returns whether the attribute is one of these.
fn set(event: &mut Event, attribute: Attribute, value: u32) -> bool {
    if attribute == Attribute::Success {
        event.call.outcome = Outcome::Returned { value: None, success: Some(value != 0) };
        return true;
    }
    event.task.number_mut(attribute).map(|number| *number = Some(value)).is_some()
}

/// Returns the numbers with which a rule compares an attribute; `None` if it compares bits, or unknown numbers.
fn constants(filter: &Filter, event: &Event, attribute: Attribute) -> Option<Vec<u32>> {
    let mut constants = Vec::new();
    for condition in &filter.rule.fields {
        let Field::Number { op, value, .. } = condition else { continue };
        match condition.number() {
            field::FIELD_COMPARE => constants.extend(compared(event, attribute, *value)?),
            field::LOGINUID_SET if attribute == Attribute::Auid => constants.push(UNSET),
            number if compares(number, attribute) => {
                if matches!(op, Op::Known(Operator::BitMask | Operator::BitTest) | Op::Raw(_)) {
                    return None;
                }
                constants.push(*value);
            }
            _ => {}
        }
    }
    Some(constants)
}

/// Returns whether a field compares an attribute of the task. In the lists task, user and exclude, `pid` can compare
/// another number than that of the process.
fn compares(number: u32, attribute: Attribute) -> bool {
    match attribute {
        Attribute::Pid | Attribute::Tid => number == field::PID,
        Attribute::Ppid => matches!(number, field::PPID | field::PID),
        Attribute::Auid => number == field::AUID,
        Attribute::SessionId => number == field::SESSIONID,
        Attribute::Pers => number == field::PERS,
        _ => Ids::field(attribute) == Some(number),
    }
}

/// Returns the number with which a comparison of two fields compares an attribute, if it does; `None` if that number
/// is unknown, or one of a file.
fn compared(event: &Event, attribute: Attribute, pair: u32) -> Option<Option<u32>> {
    let Some((left, right)) = catalog::compare_pair(pair) else { return Some(None) };
    let other = match attribute.name() {
        name if name == left => right,
        name if name == right => left,
        _ => return Some(None),
    };
    let task = &event.task;
    match Attribute::from_name(other)? {
        Attribute::Auid => task.auid.map(Some),
        other => task.ids.get(Ids::field(other)?).map(Some),
    }
}
