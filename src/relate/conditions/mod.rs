//! The conditions of a rule: whether they can hold at all, and whether they hold whenever those of another rule
//! do. An answer is "yes" only if it is certain.
//!
//! The kernel compares three kinds of fields (`audit_filter_rules`, `audit_filter`):
//!
//! | kind | fields | two conditions on one field |
//! |---|---|---|
//! | one number | `auid`, `exit`, `arch`, `msgtype` ... | are about the same number |
//! | several numbers | `obj_uid`, `devmajor`, `inode` ... | may hold for different files of one syscall |
//! | anything else | texts, `-C`, `perm`, `filetype`; `gid` and `egid` with `=` and `!=`, which include the supplementary groups | are compared for equality only |
//!
//! An account with an unknown number is of the third kind. A key is not a condition.

mod by_field;
mod sharing;

use super::values::Values;
use super::word_size::WordSize;
use crate::catalog::{self, Operator, field};
use crate::model::is_tested;
use crate::model::{FIRST_ERROR, Results};
use crate::rule::{Field, FilterList, Op, Rule};
use by_field::ByField;
pub(crate) use sharing::Rare;

/// The auid of a process without a login.
const UNSET: u32 = u32::MAX;
/// The kernel's numbers for success and failure (`AUDITSC_SUCCESS`, `AUDITSC_FAILURE`). In a rule, any value but 0
/// means success.
pub(crate) const SUCCESS: u32 = 1;
pub(crate) const FAILURE: u32 = 2;

/// The conditions of a rule.
#[derive(Clone, Debug)]
pub struct Conditions<'r> {
    list: FilterList,
    /// By field: the numbers that all conditions on it allow together.
    single: ByField,
    /// By condition: the field, and the numbers that the condition allows.
    several: Vec<(u32, Values)>,
    others: Vec<&'r Field>,
    /// Whether the kernel tests every field of the rule on this list.
    is_tested: bool,
    /// Whether the number that `exit` compares shows for every call of the rule whether it fails.
    low_half_shows_errors: bool,
}

/// How conditions on `success` and `exit` contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResultConflict {
    /// No call meets both.
    Always,
    /// Only a call meets both that succeeds with a number such as this one.
    UnlessLarge(u32),
}

/// A condition that a rule is indexed by: every rule that implies this one has it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Anchor<'r> {
    /// A field that has one value.
    Number(u32, u32),
    /// A condition that is compared for equality.
    Field(&'r Field),
}

/// The way in which the kernel compares a field.
enum Compared {
    /// With one number of the call.
    Single,
    /// With several numbers of the call.
    Several,
    /// In another way.
    Otherwise,
}

fn compared(number: u32, operator: Operator, value: u32) -> Compared {
    match number {
        field::UID..=field::AUID | field::OBJ_UID | field::OBJ_GID
            if catalog::may_be_made_up(value) =>
        {
            Compared::Otherwise
        }
        field::GID | field::EGID => match operator {
            Operator::Equal | Operator::NotEqual => Compared::Otherwise,
            _ => Compared::Single,
        },
        field::PID..=field::MSGTYPE
        | field::PPID
        | field::LOGINUID_SET
        | field::SESSIONID
        | field::EXIT
        | field::SUCCESS
        | field::SADDR_FAM
        | field::A0..=field::A3 => Compared::Single,
        field::DEVMAJOR..=field::INODE | field::OBJ_UID | field::OBJ_GID => Compared::Several,
        _ => Compared::Otherwise,
    }
}

/// Rewrites a condition as one on the number that the kernel compares. A rule can test in several ways whether an
/// auid is set, and whether a syscall succeeded.
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
    /// Returns the conditions of a rule as the kernel stores it.
    pub fn of(rule: &'r Rule) -> Self {
        Self::without(rule, field::KEY)
    }

    /// Returns the conditions of a rule without those on one field.
    pub(crate) fn without(rule: &'r Rule, number: u32) -> Self {
        let (single, several, others) = (ByField::default(), Vec::new(), Vec::new());
        let is_tested = rule.fields.iter().all(|field| is_tested(rule.list, field));
        let low_half_shows_errors = low_half_shows_errors(rule);
        let mut conditions = Conditions {
            list: rule.list,
            single,
            several,
            others,
            is_tested,
            low_half_shows_errors,
        };
        for field in rule.fields.iter().filter(|field| field.number() != number) {
            conditions.push(field);
        }
        conditions
    }

    fn push(&mut self, field: &'r Field) {
        match field {
            Field::Number { id, op: Op::Known(operator), value } => {
                match compared(id.number(), *operator, *value) {
                    Compared::Single => {
                        let (number, operator, value) = as_compared(id.number(), *operator, *value);
                        self.single.restrict(number, operator, value);
                    }
                    Compared::Several => {
                        self.several.push((id.number(), Values::of(*operator, *value)))
                    }
                    Compared::Otherwise => self.others.push(field),
                }
            }
            Field::Text { .. } if field.number() == field::KEY => {}
            _ => self.others.push(field),
        }
    }

    /// Returns a field whose conditions cannot hold together. Returns `None` for the filesystem list, where one
    /// condition is enough to match (`__audit_inode`).
    pub fn contradiction(&self) -> Option<u32> {
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

    /// Returns how the conditions on `success` and `exit` contradict each other: a call succeeds unless its whole
    /// result is an error, and `exit` compares the low half of it (`__audit_syscall_exit`, `audit_filter_rules`).
    pub(crate) fn result_conflict(&self) -> Option<ResultConflict> {
        let success = self.single(field::SUCCESS)?;
        let exit = self.single.get(&field::EXIT)?;
        let mut left = exit.clone();
        let operator = if success == SUCCESS { Operator::Less } else { Operator::GreaterEqual };
        left.restrict(operator, FIRST_ERROR);
        match success {
            _ if !left.is_empty() => None,
            SUCCESS if !self.low_half_shows_errors => {
                Some(ResultConflict::UnlessLarge(exit.single().unwrap_or(FIRST_ERROR)))
            }
            _ => Some(ResultConflict::Always),
        }
    }

    /// Returns whether calls certainly succeed or fail, if the condition on `exit` allows only one of the two.
    fn outcome(&self) -> Option<u32> {
        self.usual_outcome().filter(|outcome| *outcome == SUCCESS || self.low_half_shows_errors)
    }

    /// Returns whether calls succeed or fail, if the condition on `exit` allows only one of the two for results that
    /// are an `int`. Few calls return more.
    pub(crate) fn usual_outcome(&self) -> Option<u32> {
        let exit = self.single.get(&field::EXIT)?;
        let errors = Values::of(Operator::GreaterEqual, FIRST_ERROR);
        let others = Values::of(Operator::Less, FIRST_ERROR);
        match (exit.is_within(&errors), exit.is_within(&others)) {
            (true, false) => Some(FAILURE),
            (false, true) => Some(SUCCESS),
            _ => None,
        }
    }

    /// Returns the field of a group that is both required and excluded.
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
            .find(|required| of(Operator::NotEqual).any(|excluded| excluded == *required))
            .map(|(n, _)| n)
    }

    /// Returns whether a rule with these conditions certainly matches every call that a rule with `narrower`
    /// matches, if both are for the same syscalls.
    pub fn implied_by(&self, narrower: &Conditions<'_>) -> bool {
        let has_single = |(number, values): (&u32, &Values)| match narrower.single.get(number) {
            Some(own) => own.is_within(values),
            None => {
                *number == field::SUCCESS
                    && narrower.outcome().is_some_and(|outcome| values.contains(outcome))
            }
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

    /// Returns `false` if a rule with these conditions may match nothing: on some lists a rule without conditions
    /// never matches (`audit_filter`), and on some lists the kernel does not test every field. On the filesystem list
    /// the order does not matter.
    fn matches_something(&self) -> bool {
        match self.list {
            FilterList::Filesystem => false,
            FilterList::User | FilterList::Exclude => self.is_tested && self.count() > 0,
            _ => self.is_tested,
        }
    }

    /// Returns `false` if a rule with these conditions certainly has no effect, or if it is on the filesystem list.
    pub(crate) fn can_match(&self) -> bool {
        self.matches_something() && self.contradiction().is_none()
    }

    /// Returns `false` if certainly no call meets these conditions and `other`.
    pub(crate) fn may_meet(&self, other: &Conditions<'_>) -> bool {
        let meets = |(number, values): (&u32, &Values)| {
            other.single.get(number).is_none_or(|others| !values.both(others).is_empty())
        };
        let excludes = |field: &&Field| other.others.iter().any(|one| is_exclusive(field, one));
        self.single.iter().all(meets) && !self.others.iter().any(excludes)
    }

    /// Returns the only number that the conditions on a field allow, if there is one.
    pub(crate) fn single(&self, number: u32) -> Option<u32> {
        self.single.get(&number).and_then(Values::single)
    }

    /// Returns the conditions with one more: that a field with one number has this number.
    pub(crate) fn with(&self, number: u32, value: u32) -> Self {
        let mut conditions = self.clone();
        conditions.single.restrict(number, Operator::Equal, value);
        conditions
    }

    /// Returns whether the conditions on a field with one number allow this number.
    pub(crate) fn allow(&self, number: u32, value: u32) -> bool {
        self.single.get(&number).is_none_or(|values| values.contains(value))
    }

    fn count(&self) -> usize {
        self.single.len() + self.several.len() + self.others.len()
    }

    /// Returns the conditions that a rule can be indexed by.
    pub(crate) fn anchors(&self) -> impl Iterator<Item = Anchor<'r>> {
        let is_exact = |field: &&&Field| field.number() != field::PERM;
        let others = self.others.iter().filter(is_exact).map(|field| Anchor::Field(field));
        // A condition on `exit` may imply one on `success`.
        let numbers = self.single.iter().filter(|(number, _)| **number != field::SUCCESS);
        let numbers =
            numbers.filter_map(|(number, values)| Some(Anchor::Number(*number, values.single()?)));
        others.chain(numbers)
    }
}

/// Returns whether all calls of a rule return a number whose low half shows whether it is an error. A rule without one
/// arch may be for any.
fn low_half_shows_errors(rule: &Rule) -> bool {
    let WordSize::Only(arch) = WordSize::of(rule) else { return false };
    let has_exit = rule.fields.iter().any(|field| field.number() == field::EXIT);
    let shows_errors = |number| {
        let name = catalog::kernel_syscall_name(arch, number);
        name.is_some_and(|name| Results::of(name).low_half_shows_errors())
    };
    has_exit && rule.mask.iter().all(shows_errors)
}

/// Returns whether `wide` holds whenever `narrow` does. `perm` matches if one of its bits does.
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

/// Returns whether two conditions cannot hold together, for fields that have one text: the program and the label of a
/// process.
fn is_exclusive(one: &Field, other: &Field) -> bool {
    let (Field::Text { id, op, text }, Field::Text { id: same, op: other_op, text: other_text }) =
        (one, other)
    else {
        return false;
    };
    let is_single = matches!(id.number(), field::EXE | field::SUBJ_USER..=field::SUBJ_TYPE);
    let is = |wanted: Operator, op: &Op| *op == Op::Known(wanted);
    let (equal, not_equal) = (Operator::Equal, Operator::NotEqual);
    is_single
        && id == same
        && match text == other_text {
            true => {
                is(equal, op) && is(not_equal, other_op) || is(not_equal, op) && is(equal, other_op)
            }
            false => is(equal, op) && is(equal, other_op),
        }
}

/// Returns the conditions of a rule in a canonical order, without keys and without those on the fields `left_out`.
/// The result is equal for rules that differ only in order, keys and these fields.
pub(crate) fn sorted_without<'r>(rule: &'r Rule, left_out: &[u32]) -> Vec<&'r Field> {
    let counts =
        |field: &&Field| field.number() != field::KEY && !left_out.contains(&field.number());
    let mut fields: Vec<&Field> = rule.fields.iter().filter(counts).collect();
    fields.sort_by(|a, b| rank(a).cmp(&rank(b)));
    fields.dedup();
    fields
}

/// Returns the place of a condition in the canonical order.
fn rank(field: &Field) -> (u32, u32, u32, Option<&[u8]>) {
    let (value, text) = match field {
        Field::Number { value, .. } => (*value, None),
        Field::Text { text, .. } => (0, Some(&**text)),
    };
    (field.number(), field.op().bits(), value, text)
}

/// Returns whether all conditions of a rule are on these fields. Keys do not count.
pub(crate) fn has_only(rule: &Rule, numbers: &[u32]) -> bool {
    rule.fields
        .iter()
        .all(|field| field.number() == field::KEY || numbers.contains(&field.number()))
}
