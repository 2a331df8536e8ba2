//! The answers about conditions that many rules share: each is found once for an event.

use std::cell::Cell;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::truth::Truth;
use crate::rule::Field;

/// The number of a condition among the different ones.
pub(super) type ConditionId = u32;

/// The different conditions of some rules.
#[derive(Default)]
pub(super) struct Conditions {
    by_field: HashMap<Field, ConditionId, RandomState>,
    count: ConditionId,
}

impl Conditions {
    /// Returns the number of a condition whose answer depends on nothing else of its rule.
    pub(super) fn shared(&mut self, field: &Field) -> ConditionId {
        if let Some(known) = self.by_field.get(field) {
            return *known;
        }
        let id = self.own();
        self.by_field.insert(field.clone(), id);
        id
    }

    /// Returns the number of a condition of one rule.
    pub(super) fn own(&mut self) -> ConditionId {
        let id = self.count;
        self.count = self.count.saturating_add(1);
        id
    }

    pub(super) fn count(&self) -> usize {
        self.count as usize
    }
}

/// The answers that were found for an event.
#[derive(Default)]
pub(super) struct Answers(Vec<Cell<Answer>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It was not asked, or what it depends on is unknown.
    Open,
    No,
    Yes,
}

impl Answers {
    /// Begins with these answers, each about the condition with its number.
    pub(super) fn new(known: &[Answer]) -> Self {
        Answers(known.iter().copied().map(Cell::new).collect())
    }

    /// Sets the answer about a condition.
    pub(super) fn set(&self, id: ConditionId, answer: Answer) {
        if let Some(known) = self.0.get(id as usize) {
            known.set(answer);
        }
    }

    /// Returns whether a condition is known to be false.
    pub(super) fn is_no(&self, id: ConditionId) -> bool {
        self.0.get(id as usize).is_some_and(|known| matches!(known.get(), Answer::No))
    }

    /// Returns the answer about a condition, which `find` finds.
    pub(super) fn get(&self, id: ConditionId, find: impl FnOnce() -> Truth) -> Truth {
        let known = self.0.get(id as usize);
        match known.map(Cell::get) {
            Some(Answer::Yes) => return Truth::True,
            Some(Answer::No) => return Truth::False,
            Some(Answer::Open) | None => {}
        }
        let found = find();
        if let Some(known) = known {
            known.set(match found {
                Truth::True => Answer::Yes,
                Truth::False => Answer::No,
                Truth::Unknown(_) => Answer::Open,
            });
        }
        found
    }
}
