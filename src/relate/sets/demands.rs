//! What the conditions of rules tell apart.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{of_any, of_this};
use super::numbers::{NumberTest, Regions};
use super::space::{USUAL_ID, Value};
use super::test::{Fact, NameTest, Role, Test, Trait, UNSET, When, compared_ids};
use crate::catalog::field;
use crate::model::FIRST_ERROR;
use crate::rule::Op;

/// What the rules ask for.
#[derive(Default)]
pub(super) struct Demands<'r> {
    pub(super) numbers: BTreeMap<Trait, Vec<NumberTest>>,
    pub(super) results: Vec<NumberTest>,
    pub(super) families: Vec<NumberTest>,
    pub(super) has_results: bool,
    pub(super) texts: BTreeMap<Trait, BTreeSet<Vec<u8>>>,
    pub(super) facts: BTreeSet<Fact>,
    pub(super) has_access: bool,
    /// Whether it matters what the call does to the judged name.
    pub(super) has_fates: bool,
    pub(super) paths: BTreeSet<&'r [u8]>,
    pub(super) trees: BTreeSet<&'r [u8]>,
}

impl<'r> Demands<'r> {
    pub(super) fn add(&mut self, test: Test<'r>, role: Role) {
        self.has_fates |= role == Role::ByInode;
        match test {
            Test::Number(of, op, value) | Test::Argument(of, op, value) => {
                self.numbers.entry(of).or_default().push((op, value));
            }
            Test::Group(of, when, op, value) => {
                self.numbers.entry(of).or_default().push((op, value));
                self.facts.insert(Fact::InGroup(value, when));
            }
            Test::LoggedIn(when, ..) => {
                let auid = Trait::Number(field::AUID, when);
                self.numbers.entry(auid).or_default().push((Op::EQUAL, UNSET));
            }
            Test::Access { .. } => {
                self.has_access = true;
                // The argument of socketcall decides.
                let a0 = Trait::Number(field::A0, When::Now);
                self.numbers.entry(a0).or_default().push((Op::EQUAL, 2));
            }
            Test::Result(op, value) => {
                self.has_results = true;
                self.results.push((op, value));
            }
            Test::Success(..) => self.has_results = true,
            Test::Family(op, value) => self.families.push((op, value)),
            Test::Exe { path, .. } => {
                self.texts.entry(Trait::Exe).or_default().insert(path);
            }
            Test::Label(part, when, op, text) => {
                self.texts.entry(Trait::Label(part, when)).or_default().insert(text.to_vec());
                self.facts.extend(ordered(part, when, op, text));
            }
            Test::Fact(fact, _) => {
                let comparison = of_any(&fact).filter(|test| test.field == field::FIELD_COMPARE);
                if let Some((id, _)) = comparison.and_then(|test| compared_ids(test.value)) {
                    self.numbers.entry(Trait::Number(id, When::Now)).or_default();
                }
                if let Fact::Account(id, .., when) = &fact {
                    self.numbers.entry(Trait::Number(*id, *when)).or_default();
                }
                if let Some(test) = of_any(&fact).filter(|_| role == Role::ByInode) {
                    self.facts.insert(Fact::EarlyName(test.clone()));
                }
                self.facts.insert(fact);
            }
            Test::SameIds { pair, when, .. } => {
                self.facts.insert(Fact::SameIds(pair, when));
                for of in compared(pair, when).into_iter().flatten() {
                    self.numbers.entry(of).or_default();
                }
            }
            Test::Inside(dir) => {
                self.trees.insert(dir);
            }
            Test::At(path) => {
                self.paths.insert(path);
            }
            Test::Arch(..) | Test::Known(_) | Test::Ends => {}
        }
    }

    /// Adds the numbers that conditions on owners have to the ids that rules compare with owners.
    fn link_owners(&mut self) {
        let compared: Vec<(u32, u32)> = self
            .facts
            .iter()
            .filter_map(of_name)
            .filter(|test| test.field == field::FIELD_COMPARE)
            .filter_map(|test| compared_ids(test.value))
            .collect();
        for (id, owner) in compared {
            let tests = self.facts.iter().filter_map(of_name).filter(|test| test.field == owner);
            let tests: Vec<NumberTest> = tests.map(|test| (test.op(), test.value)).collect();
            self.numbers.entry(Trait::Number(id, When::Now)).or_default().extend(tests);
        }
    }

    /// Gives ids that rules compare with each other, or with owners of files, the same regions.
    pub(super) fn link_ids(&mut self) {
        self.link_owners();
        let pairs: Vec<[Trait; 2]> = self
            .facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::SameIds(pair, when) => compared(*pair, *when),
                _ => None,
            })
            .collect();
        for _ in &pairs {
            for pair in &pairs {
                let tests: BTreeSet<_> = pair
                    .iter()
                    .flat_map(|of| self.numbers.get(of).into_iter().flatten())
                    .map(|(op, value)| (op.bits(), *value))
                    .collect();
                for of in pair {
                    let tests = tests.iter().map(|(op, value)| (Op::from_bits(*op), *value));
                    self.numbers.insert(*of, tests.collect());
                }
            }
        }
    }
}

/// Returns the condition on a name that a fact is.
fn of_name(fact: &Fact) -> Option<&NameTest> {
    of_any(fact).or_else(|| of_this(fact))
}

/// Returns the fact of how a label compares with a text that it does not have, for the operators of an order.
pub(super) fn ordered(part: u32, when: When, op: Op, text: &[u8]) -> Option<Fact> {
    use crate::catalog::Operator::{Equal, NotEqual};
    let has_order = !matches!(op, Op::Known(Equal | NotEqual));
    has_order.then(|| Fact::Ordered(part, op.bits(), text.into(), when))
}

pub(super) fn compared(pair: u32, when: When) -> Option<[Trait; 2]> {
    let (one, other) = compared_ids(pair)?;
    Some([Trait::Number(one, when), Trait::Number(other, when)])
}

/// Returns the values of the result that the conditions tell apart. The kernel compares the low half.
pub(super) fn results(tests: &[NumberTest]) -> Vec<Value> {
    const EACCES: u32 = 13;
    let errors = (Op::Known(crate::catalog::Operator::GreaterEqual), FIRST_ERROR);
    let mut tests = tests.to_vec();
    tests.push(errors);
    let regions = Regions::of(&tests, &[0, EACCES.wrapping_neg()]);
    let numbers: Vec<u32> = regions.numbers.iter().map(|(number, _)| *number).collect();
    let signed = |number: &u32| Value::Result(i64::from(number.cast_signed()));
    // A large result can have the low half of an error.
    let large = numbers.iter().filter(|number| **number >= FIRST_ERROR);
    let large = large.map(|number| Value::Result(i64::from(*number)));
    numbers.iter().map(signed).chain(large).collect()
}

/// Returns the value of a number that examples have where possible.
pub(super) fn preferred(of: Trait) -> u32 {
    match of {
        Trait::Number(field::UID..=field::FSGID | field::AUID | field::PID | field::PPID, _)
        | Trait::Thread => USUAL_ID,
        Trait::Number(field::SESSIONID, _) => 1,
        Trait::Fstype => super::filesystems::USUAL,
        // AUDIT_USER_AUTH, a message of programs, and near it a record of the kernel.
        Trait::Number(field::MSGTYPE, _) => 1100,
        _ => 0,
    }
}
