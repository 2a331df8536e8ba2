//! Whether rules may share what another rule matches: a test of single events, before the question is put to
//! [`Deciding`](crate::relate::Deciding).
//!
//! Rules cover another one together only if each event of it is matched by one of them. So it is enough to find one
//! event that none of them certainly could match. Events are taken at both ends of each range of numbers and in its
//! middle; everything else has a value that no rule names.

use super::{Conditions, FAILURE, SUCCESS, implies};
use crate::catalog::{Operator, field};
use crate::eval::{clean_path, is_below};
use crate::model::FIRST_ERROR;
use crate::relate::values::{Pick, Values};
use crate::rule::{Field, Op};

/// A condition that a field has one of very many values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Rare<'r> {
    /// The number of a field.
    Number(u32, u32),
    /// The text of a field.
    Text(u32, &'r [u8]),
}

fn is_id(number: u32) -> bool {
    matches!(number, field::UID..=field::AUID | field::PID | field::PPID)
}

impl<'r> Conditions<'r> {
    /// Returns the conditions that name one of very many values. A rule can match a large part of what another rule
    /// matches only if that has these conditions too.
    pub(crate) fn rare(&self) -> impl Iterator<Item = Rare<'r>> {
        let texts = self.others.iter().filter_map(|field| match field {
            Field::Text { id, op: Op::EQUAL, text } if id.number() != field::DIR => {
                Some(Rare::Text(id.number(), text))
            }
            _ => None,
        });
        let numbers = self.single.iter().filter(|(number, _)| is_id(**number));
        let numbers =
            numbers.filter_map(|(number, own)| Some(Rare::Number(*number, own.single()?)));
        texts.chain(numbers)
    }

    /// Returns the values of the same kind that these conditions leave out.
    pub(crate) fn exceptions(&self) -> impl Iterator<Item = Rare<'r>> {
        let texts = self.others.iter().filter_map(|field| match field {
            Field::Text { id, op: Op::Known(Operator::NotEqual), text } => {
                Some(Rare::Text(id.number(), text))
            }
            _ => None,
        });
        let numbers = self.single.iter().filter(|(number, _)| is_id(**number));
        let numbers = numbers.flat_map(|(number, own)| {
            own.left_out().iter().map(|value| Rare::Number(*number, *value))
        });
        texts.chain(numbers)
    }

    /// Returns the path of a file or of a tree.
    pub(crate) fn path(&self) -> Option<&'r [u8]> {
        self.text(field::PATH).or_else(|| self.tree())
    }

    /// Returns the path of a tree.
    pub(crate) fn tree(&self) -> Option<&'r [u8]> {
        self.text(field::DIR)
    }

    fn text(&self, number: u32) -> Option<&'r [u8]> {
        self.others.iter().find_map(|field| match field {
            Field::Text { text, op: Op::EQUAL, .. } if field.number() == number => Some(&**text),
            _ => None,
        })
    }

    /// Returns whether a rule with these conditions may match the event that a pick takes of those that a rule with
    /// `narrower` matches, for programs of the arch with this ELF number. `perm` is not looked at.
    pub(crate) fn may_cover(&self, narrower: &Conditions<'_>, pick: Pick, arch: u32) -> bool {
        let exit = narrower.exit_at(pick);
        let at = |number: u32| match number {
            field::ARCH => Some(arch),
            field::EXIT => exit,
            field::SUCCESS => narrower.single(field::SUCCESS).or_else(|| exit.map(result_of)),
            _ => narrower
                .single
                .get(&number)
                .map_or_else(|| Values::any().pick(pick), |own| own.pick(pick)),
        };
        let has_single = |(number, values): (&u32, &Values)| {
            at(*number).is_none_or(|value| values.contains(value))
        };
        let has_several = |(number, values): &(u32, Values)| {
            let mut own = narrower.several.iter().filter(|(other, _)| other == number).peekable();
            let covers = |own: &Values| own.pick(pick).is_none_or(|value| values.contains(value));
            match own.peek() {
                None => covers(&Values::any()),
                Some(_) => own.any(|(_, own)| covers(own)),
            }
        };
        self.list == narrower.list
            && self.matches_something()
            && self.single.iter().all(has_single)
            && self.several.iter().all(has_several)
            && self.others.iter().all(|field| narrower.may_have(field))
    }

    /// Returns the result of a call that a pick takes. It fits the condition on `success`.
    fn exit_at(&self, pick: Pick) -> Option<u32> {
        let mut exit = self.single.get(&field::EXIT).cloned().unwrap_or_else(Values::any);
        match self.single(field::SUCCESS) {
            Some(SUCCESS) => exit.restrict(Operator::Less, FIRST_ERROR),
            Some(_) => exit.restrict(Operator::GreaterEqual, FIRST_ERROR),
            None => {}
        }
        exit.pick(pick)
    }

    /// Returns whether a condition may hold for an event of a rule with these conditions whose other values no rule
    /// names.
    fn may_have(&self, field: &Field) -> bool {
        if self.others.iter().any(|own| implies(own, field)) {
            return true;
        }
        match (field.number(), field.op()) {
            (field::PERM, _) => true,
            (field::DIR, Op::EQUAL) => {
                let Field::Text { text, .. } = field else { return true };
                self.path().is_some_and(|own| is_below(&clean_path(own), &clean_path(text)))
            }
            // Numbers of both ids may make them the same.
            (field::FIELD_COMPARE, Op::EQUAL) => self.single.len() > 1,
            (_, Op::EQUAL) => false,
            _ => true,
        }
    }
}

fn result_of(exit: u32) -> u32 {
    if exit >= FIRST_ERROR { FAILURE } else { SUCCESS }
}
