//! Compares the answers about conditions with made-up tasks, for which each condition holds or does not hold.

use proptest::prelude::*;

use super::{Conditions, ResultConflict};
use crate::relate::values::holds;
use crate::catalog::{Arch, Operator, field};
use crate::rule::{Action, Field, FieldId, FilterList, Op, Rule};

/// A task and its syscall. The numbers are few, so that conditions often overlap.
#[derive(Clone, Debug)]
struct World {
    uid: u32,
    auid: u32,
    gid: u32,
    groups: Vec<u32>,
    /// The low half of the result, of which the last 4095 numbers are errors unless the result is larger.
    exit: u32,
    is_large: bool,
    file_owners: Vec<u32>,
    perm: u32,
    a0: u32,
}

impl World {
    /// Returns what the kernel's `audit_filter_rules` returns.
    fn meets(&self, condition: &Field) -> bool {
        let Field::Number { id, op: Op::Known(op), value } = condition else { return true };
        match id.number() {
            field::UID => holds(self.uid, *op, *value),
            field::AUID => holds(self.auid, *op, *value),
            field::LOGINUID_SET => holds(u32::from(self.auid != u32::MAX), *op, *value),
            field::GID => match op {
                Operator::Equal => self.gid == *value || self.groups.contains(value),
                Operator::NotEqual => self.gid != *value && !self.groups.contains(value),
                _ => holds(self.gid, *op, *value),
            },
            field::SUCCESS => {
                let wanted = if *value == 0 { 2 } else { 1 };
                let succeeded = self.exit.cast_signed() >= 0 || self.is_large;
                holds(if succeeded { 1 } else { 2 }, *op, wanted)
            }
            field::EXIT => holds(self.exit, *op, *value),
            field::OBJ_UID => self.file_owners.iter().any(|owner| holds(*owner, *op, *value)),
            field::PERM => self.perm & value != 0,
            field::A0 => holds(self.a0, *op, *value),
            other => panic!("field {other} has no meaning here"),
        }
    }

    fn matches(&self, rule: &Rule) -> bool {
        rule.fields.iter().all(|field| self.meets(field))
    }
}

fn number() -> impl Strategy<Value = u32> {
    prop_oneof![6 => 0u32..5, 1 => Just(u32::MAX), 1 => Just(u32::MAX - 1)]
}

fn world() -> impl Strategy<Value = World> {
    let several = || proptest::collection::vec(number(), 0..3);
    let result = (number(), any::<bool>());
    (number(), number(), number(), several(), result, several(), 0u32..16, number())
        .prop_map(|(uid, auid, gid, groups, (exit, is_large), file_owners, perm, a0)| World {
            uid,
            auid,
            gid,
            groups,
            exit,
            is_large,
            file_owners,
            perm,
            a0,
        })
}

fn condition() -> impl Strategy<Value = Field> {
    let order = proptest::sample::select(&Operator::ALL[..6]);
    let any_operator = proptest::sample::select(&Operator::ALL[..]);
    let ordered =
        [field::UID, field::AUID, field::GID, field::SUCCESS, field::EXIT, field::OBJ_UID];
    let of = |number, op, value| match FieldId::of(number) {
        FieldId::Number(id) => Field::Number { id, op: Op::Known(op), value },
        FieldId::Text(_) => panic!("{number} is a text"),
    };
    prop_oneof![
        6 => (proptest::sample::select(ordered.to_vec()), order, number())
            .prop_map(move |(number, op, value)| of(number, op, value)),
        1 => (any::<bool>(), 0u32..2).prop_map(move |(equal, value)| {
            of(field::LOGINUID_SET, if equal { Operator::Equal } else { Operator::NotEqual }, value)
        }),
        1 => (1u32..16).prop_map(move |value| of(field::PERM, Operator::Equal, value)),
        2 => (any_operator, number()).prop_map(move |(op, value)| of(field::A0, op, value)),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    proptest::collection::vec(condition(), 0..4).prop_map(|fields| {
        let mut rule = Rule::new(FilterList::Exit, Action::Always);
        rule.fields = fields.into();
        rule
    })
}

/// Returns a rule about one syscall of x86_64 with a condition.
fn about(syscall: u32, number: u32, value: u32) -> Rule {
    let field = |number, value| match FieldId::of(number) {
        FieldId::Number(id) => Field::Number { id, op: Op::EQUAL, value },
        FieldId::Text(_) => panic!("{number} is a text"),
    };
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    assert!(rule.mask.insert(syscall));
    rule.fields = vec![field(field::ARCH, Arch::X86_64.elf()), field(number, value)].into();
    rule
}

const OPENAT: u32 = 257;
const MODIFY_LDT: u32 = 154;

/// The kernel gives the errors of modify_ldt as numbers without a sign, of which the low half is that of an error: they
/// are no failures (`SYSCALL_DEFINE3(modify_ldt)`, arch/x86/kernel/ldt.c).
#[test]
fn an_error_does_not_imply_the_failure_of_a_call_that_returns_words() {
    let error = 22_u32.wrapping_neg();
    for (syscall, expected) in [(OPENAT, true), (MODIFY_LDT, false)] {
        let wide = about(syscall, field::SUCCESS, 0);
        let narrow = about(syscall, field::EXIT, error);
        let is_implied = Conditions::of(&wide).implied_by(&Conditions::of(&narrow));
        assert_eq!(is_implied, expected, "{syscall}");
        let mut both = narrow.clone();
        both.fields.push(about(syscall, field::SUCCESS, 1).fields[1].clone());
        let conflict = match expected {
            true => ResultConflict::Always,
            false => ResultConflict::UnlessLarge(error),
        };
        assert_eq!(Conditions::of(&both).result_conflict(), Some(conflict), "{syscall}");
    }
}

#[test]
fn an_error_implies_the_failure() {
    let is_implied = |(number, value), (narrow, narrow_value)| {
        let (wide, narrow) = (about(OPENAT, number, value), about(OPENAT, narrow, narrow_value));
        Conditions::of(&wide).implied_by(&Conditions::of(&narrow))
    };
    let (failure, success) = ((field::SUCCESS, 0), (field::SUCCESS, 1));
    let (error, result) = ((field::EXIT, 13_u32.wrapping_neg()), (field::EXIT, 3));
    assert!(is_implied(failure, error) && is_implied(success, result));
    assert!(!is_implied(failure, result) && !is_implied(success, error));
    assert!(!is_implied(error, failure) && !is_implied(result, success));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn contradiction_and_implication_hold_for_every_task(
        wide in rule(),
        narrow in rule(),
        worlds in proptest::collection::vec(world(), 60),
    ) {
        let (outer, inner) = (Conditions::of(&wide), Conditions::of(&narrow));
        let is_implied = outer.implied_by(&inner);
        for world in worlds {
            prop_assert!(!(inner.contradiction().is_some() && world.matches(&narrow)), "{world:?}");
            prop_assert!(!(is_implied && world.matches(&narrow) && !world.matches(&wide)), "{world:?}");
        }
    }

    /// A rule with one more condition implies the rule, so that `implied_by` often answers "yes".
    #[test]
    fn one_more_condition_implies_the_rule(wide in rule(), more in condition()) {
        let mut narrow = wide.clone();
        narrow.fields.push(more);
        let (outer, inner) = (Conditions::of(&wide), Conditions::of(&narrow));
        prop_assert!(outer.implied_by(&inner));
    }
}
