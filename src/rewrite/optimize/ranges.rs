//! Rules that differ only in a range of numbers, where the ranges join.

use super::draft::{Draft, Edit};
use super::merge::{Shape, merged};
use crate::catalog::{Arch, Operator, field};
use crate::rule::{Field, FieldId, Fields, FilterList, Op, Rule};

/// Fields that are compared with one number. `gid` and `egid` look at the supplementary groups too.
const FIELDS: [u32; 15] = [
    field::PID,
    field::UID,
    field::EUID,
    field::SUID,
    field::FSUID,
    field::SGID,
    field::FSGID,
    field::AUID,
    field::PPID,
    field::SESSIONID,
    field::EXIT,
    field::A0,
    field::A1,
    field::A2,
    field::A3,
];

/// Merges rules whose numbers for one field join. The field is the first that has such rules.
pub(super) fn edits(draft: &Draft, machine: Arch) -> Vec<Edit> {
    let mut by_field = FIELDS.into_iter().map(|number| by_field(draft, machine, number));
    by_field.find(|edits| !edits.is_empty()).unwrap_or_default()
}

fn by_field<'d>(draft: &'d Draft, machine: Arch, number: u32) -> Vec<Edit> {
    let shape = |rule: &'d Rule| {
        Range::of(rule, number)?;
        (rule.list == FilterList::Exit).then(|| Shape::without(rule, number, Some(&rule.mask)))
    };
    let join = |rule: &Rule, other: &Rule| {
        let joined = Range::of(rule, number)?.joined(Range::of(other, number)?)?;
        joined.put_into(rule, number)
    };
    merged(draft, machine, shape, join)
}

/// The numbers that a rule allows for a field, as the kernel compares them: without sign (`audit_comparator`).
#[derive(Clone, Copy)]
struct Range {
    low: u32,
    high: u32,
}

impl Range {
    /// Returns the range that all conditions on a field allow together; `None` without a condition, and if they allow no
    /// number or no range.
    fn of(rule: &Rule, number: u32) -> Option<Self> {
        let mut range = Range { low: 0, high: u32::MAX };
        let mut conditions = rule.fields.iter().filter(|field| field.number() == number).peekable();
        conditions.peek()?;
        for condition in conditions {
            let Field::Number { op: Op::Known(operator), value, .. } = condition else {
                return None;
            };
            let (low, high) = match operator {
                Operator::Equal => (*value, *value),
                Operator::Greater => (value.checked_add(1)?, u32::MAX),
                Operator::GreaterEqual => (*value, u32::MAX),
                Operator::Less => (0, value.checked_sub(1)?),
                Operator::LessEqual => (0, *value),
                _ => return None,
            };
            range = Range { low: range.low.max(low), high: range.high.min(high) };
        }
        (range.low <= range.high).then_some(range)
    }

    /// Returns both ranges as one; `None` if there are numbers between them.
    fn joined(self, other: Self) -> Option<Self> {
        let touch = self.low.max(other.low) <= self.high.min(other.high).saturating_add(1);
        touch.then(|| Range { low: self.low.min(other.low), high: self.high.max(other.high) })
    }

    /// Returns the rule with this range in place of its conditions on the field.
    fn put_into(self, rule: &Rule, number: u32) -> Option<Rule> {
        let FieldId::Number(id) = FieldId::of(number) else { return None };
        let condition = |op, value| Field::Number { id, op: Op::Known(op), value };
        let mut new = Vec::new();
        if self.low == self.high {
            new.push(condition(Operator::Equal, self.low));
        } else {
            if self.low > 0 {
                new.push(condition(Operator::GreaterEqual, self.low));
            }
            if self.high < u32::MAX {
                new.push(condition(Operator::LessEqual, self.high));
            }
        }
        let at = rule.fields.iter().position(|field| field.number() == number)?;
        let (before, after) = rule.fields.split_at_checked(at)?;
        let others = after.iter().filter(|field| field.number() != number);
        let fields: Fields = before.iter().cloned().chain(new).chain(others.cloned()).collect();
        Some(Rule { fields, ..rule.clone() })
    }
}
