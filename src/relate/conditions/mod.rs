//! What the conditions of a rule leave possible: whether they can hold at all, and whether those of another
//! rule hold wherever they do.
//!
//! Three kinds of fields are told apart (`audit_filter_rules`, `audit_filter`):
//!
//! | kind | fields | two conditions on it |
//! |---|---|---|
//! | one number | `auid`, `exit`, `arch`, `msgtype` ... | are about the same number |
//! | several numbers | `obj_uid`, `devmajor`, `inode` ... | may hold for different files of one syscall |
//! | anything else | texts, `-C`, `perm`, `filetype`; `gid` and `egid` with `=` and `!=`, which look at the supplementary groups too | are compared word for word |
//!
//! An account whose number is not known here is no number either. Nothing is claimed that is not certain. A key is no condition.

use std::collections::BTreeMap;

use super::values::Values;
use crate::catalog::{Operator, field};
use crate::host::AnyHost;
use crate::rule::{Field, FilterList, Op, Rule};

/// An auid that is not set.
const UNSET: u32 = u32::MAX;
/// How the kernel tells failure from success (`AUDITSC_SUCCESS`, `AUDITSC_FAILURE`): any value but 0 asks
/// for success.
const SUCCESS: u32 = 1;
const FAILURE: u32 = 2;

/// The conditions of a rule.
#[derive(Clone, Debug)]
pub(crate) struct Conditions<'r> {
    list: FilterList,
    /// By field: what all conditions on it leave together.
    single: BTreeMap<u32, Values>,
    /// Field, and what each condition leaves.
    several: Vec<(u32, Values)>,
    others: Vec<&'r Field>,
}

/// A condition that a rule can be found by: whatever implies the rule has it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Anchor<'r> {
    /// A field that has one value.
    Number(u32, u32),
    /// A condition that is compared word for word.
    Field(&'r Field),
}

enum Kind {
    Single,
    Several,
    Other,
}

fn kind(number: u32, operator: Operator, value: u32) -> Kind {
    match number {
        field::UID..=field::AUID | field::OBJ_UID | field::OBJ_GID
            if AnyHost::may_be_made_up(value) =>
        {
            Kind::Other
        }
        field::GID | field::EGID => match operator {
            Operator::Equal | Operator::NotEqual => Kind::Other,
            _ => Kind::Single,
        },
        field::PID..=field::MSGTYPE
        | field::PPID
        | field::LOGINUID_SET
        | field::SESSIONID
        | field::EXIT
        | field::SUCCESS
        | field::SADDR_FAM
        | field::A0..=field::A3 => Kind::Single,
        field::DEVMAJOR..=field::INODE | field::OBJ_UID | field::OBJ_GID => Kind::Several,
        _ => Kind::Other,
    }
}

/// A condition on one number as one on the number that the kernel compares: whether an auid is set, and
/// whether a syscall succeeded, can be asked in more ways than one.
fn as_compared(number: u32, operator: Operator, value: u32) -> (u32, Operator, u32) {
    match (number, operator) {
        (field::LOGINUID_SET, Operator::Equal | Operator::NotEqual) => {
            let asks_for_set = (value == 0) == (operator == Operator::NotEqual);
            let operator = if asks_for_set { Operator::NotEqual } else { Operator::Equal };
            (field::AUID, operator, UNSET)
        }
        (field::SUCCESS, _) => (number, operator, if value == 0 { FAILURE } else { SUCCESS }),
        _ => (number, operator, value),
    }
}

impl<'r> Conditions<'r> {
    /// Those of a rule as the kernel keeps it.
    pub(crate) fn of(rule: &'r Rule) -> Self {
        Self::without(rule, field::KEY)
    }

    /// Those of a rule, but for the ones on one field.
    pub(crate) fn without(rule: &'r Rule, number: u32) -> Self {
        let (single, several, others) = (BTreeMap::new(), Vec::new(), Vec::new());
        let mut conditions = Conditions { list: rule.list, single, several, others };
        for field in rule.fields.iter().filter(|field| field.number() != number) {
            conditions.push(field);
        }
        conditions
    }

    fn push(&mut self, field: &'r Field) {
        match field {
            Field::Number { id, op: Op::Known(operator), value } => {
                match kind(id.number(), *operator, *value) {
                    Kind::Single => {
                        let (number, operator, value) = as_compared(id.number(), *operator, *value);
                        self.single
                            .entry(number)
                            .or_insert_with(|| all(number))
                            .restrict(operator, value);
                    }
                    Kind::Several => {
                        self.several.push((id.number(), Values::of(*operator, *value)))
                    }
                    Kind::Other => self.others.push(field),
                }
            }
            Field::Text { .. } if field.number() == field::KEY => {}
            _ => self.others.push(field),
        }
    }

    /// A field whose conditions cannot hold together. On the filesystem list one condition is enough to
    /// match (`__audit_inode`), so that nothing can be said of it.
    pub(crate) fn contradiction(&self) -> Option<u32> {
        if self.list == FilterList::Filesystem {
            return None;
        }
        let single =
            self.single.iter().find(|(_, values)| values.is_empty()).map(|(number, _)| *number);
        let several = || self.several.iter().find(|(_, values)| values.is_empty());
        single
            .or_else(|| several().map(|(number, _)| *number))
            .or_else(|| self.group_contradiction())
    }

    /// A group that is asked for and excluded.
    fn group_contradiction(&self) -> Option<u32> {
        let of = |wanted: Operator| {
            self.others.iter().filter_map(move |field| match field {
                Field::Number { id, op, value } if *op == Op::Known(wanted) => match id.number() {
                    number @ (field::GID | field::EGID) => Some((number, *value)),
                    _ => None,
                },
                _ => None,
            })
        };
        of(Operator::Equal)
            .find(|asked| of(Operator::NotEqual).any(|other| other == *asked))
            .map(|(n, _)| n)
    }

    /// Whether it is certain that a rule with these conditions matches wherever one with `narrower` does,
    /// for the same syscalls. Both are on the same list.
    pub(crate) fn implied_by(&self, narrower: &Conditions<'_>) -> bool {
        let has_single = |(number, values): (&u32, &Values)| match narrower.single.get(number) {
            Some(own) => own.is_within(values),
            None => false,
        };
        let has_several = |(number, values): &(u32, Values)| {
            narrower.several.iter().any(|(other, own)| other == number && own.is_within(values))
        };
        let has_other = |field: &&Field| narrower.others.iter().any(|own| implies(own, field));
        self.list == narrower.list
            && self.matches_something()
            && self.single.iter().all(has_single)
            && self.several.iter().all(has_several)
            && self.others.iter().all(has_other)
    }

    /// On some lists a rule without conditions never matches (`audit_filter`), and on the filesystem list
    /// the order does not matter.
    fn matches_something(&self) -> bool {
        match self.list {
            FilterList::Filesystem => false,
            FilterList::User | FilterList::Exclude => self.count() > 0,
            _ => true,
        }
    }

    fn count(&self) -> usize {
        self.single.len() + self.several.len() + self.others.len()
    }

    /// What a rule can be found by.
    pub(crate) fn anchors(&self) -> impl Iterator<Item = Anchor<'r>> {
        let is_exact = |field: &&&Field| field.number() != field::PERM;
        let others = self.others.iter().filter(is_exact).map(|field| Anchor::Field(field));
        let numbers = self.single.iter();
        let numbers =
            numbers.filter_map(|(number, values)| Some(Anchor::Number(*number, values.single()?)));
        others.chain(numbers)
    }
}

/// What a field can be before any condition.
fn all(number: u32) -> Values {
    let mut values = Values::any();
    if number == field::SUCCESS {
        values.restrict(Operator::GreaterEqual, SUCCESS);
        values.restrict(Operator::LessEqual, FAILURE);
    }
    values
}

/// Whether `narrow` holds only where `wide` does. `perm` matches when one of its bits does.
fn implies(narrow: &Field, wide: &Field) -> bool {
    match (narrow, wide) {
        (
            Field::Number { id, op, value },
            Field::Number { id: other, op: other_op, value: other_value },
        ) if id.number() == field::PERM => {
            id == other && *op == Op::EQUAL && *other_op == Op::EQUAL && value & !other_value == 0
        }
        _ => narrow == wide,
    }
}

/// The conditions of a rule in an order of their own, keys and the fields of these numbers left out: equal for
/// rules that differ in nothing else.
pub(crate) fn sorted_without<'r>(rule: &'r Rule, left_out: &[u32]) -> Vec<&'r Field> {
    let counts =
        |field: &&Field| field.number() != field::KEY && !left_out.contains(&field.number());
    let mut fields: Vec<&Field> = rule.fields.iter().filter(counts).collect();
    fields.sort_by_cached_key(|field| {
        let (value, text) = match field {
            Field::Number { value, .. } => (*value, None),
            Field::Text { text, .. } => (0, Some(text)),
        };
        (field.number(), field.op().bits(), value, text)
    });
    fields.dedup();
    fields
}
