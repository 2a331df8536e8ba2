//! Lists without repetitions. A few values are compared one by one, and many are looked up: what is unknown about an
//! event can concern every rule.

use std::hash::Hash;

use foldhash::{HashMap, HashSet};

use super::attribute::Attributes;
use super::decision::Doubt;

/// Maximum number of values that are compared one by one.
const FEW: usize = 16;

/// A list without repetitions.
pub(super) struct Distinct<T> {
    list: Vec<T>,
    /// The values of the list, if they are many.
    seen: HashSet<T>,
}

impl<T: Copy + Eq + Hash> Distinct<T> {
    /// Returns an empty list.
    pub(super) fn new() -> Self {
        // Mostly, there is one.
        Distinct { list: Vec::with_capacity(1), seen: HashSet::default() }
    }

    /// Adds a value at the end unless it is there.
    pub(super) fn add(&mut self, value: T) {
        if self.list.len() < FEW {
            if !self.list.contains(&value) {
                self.list.push(value);
            }
            return;
        }
        if self.seen.is_empty() {
            self.seen.extend(self.list.iter().copied());
        }
        if self.seen.insert(value) {
            self.list.push(value);
        }
    }

    /// Adds each value that is not there.
    pub(super) fn extend(&mut self, values: impl IntoIterator<Item = T>) {
        values.into_iter().for_each(|value| self.add(value));
    }

    /// Returns the list.
    pub(super) fn into_list(self) -> Vec<T> {
        self.list
    }
}

/// What is unknown, with one entry for each rule.
#[derive(Default)]
pub(super) struct Doubts {
    list: Vec<Doubt>,
    /// The places of rules in the list, if they are many.
    places: HashMap<Option<usize>, usize>,
}

impl Doubts {
    /// Adds what is unknown about a rule.
    pub(super) fn add(&mut self, rule: Option<usize>, attributes: Attributes) {
        let place = if self.list.len() < FEW {
            self.list.iter().position(|doubt| doubt.rule == rule)
        } else {
            if self.places.is_empty() {
                self.places.extend(self.list.iter().map(|doubt| doubt.rule).zip(0..));
            }
            self.places.get(&rule).copied()
        };
        if let Some(known) = place.and_then(|place| self.list.get_mut(place)) {
            known.attributes = known.attributes.with(attributes);
            return;
        }
        if !self.places.is_empty() {
            self.places.insert(rule, self.list.len());
        }
        self.list.push(Doubt { rule, attributes });
    }

    /// Returns the list.
    pub(super) fn into_list(self) -> Vec<Doubt> {
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::super::attribute::Attribute;
    use super::*;

    #[test]
    fn few_and_many_are_alike() {
        let numbers = || (0..100_usize).map(|number| number * 7 % 40);
        let mut distinct = Distinct::new();
        distinct.extend(numbers());
        let mut expected: Vec<usize> = numbers().collect();
        expected.truncate(40);
        assert_eq!(distinct.into_list(), expected);
        let mut doubts = Doubts::default();
        for (rule, attribute) in
            numbers().map(|rule| (rule, Attribute::Path)).chain([(7, Attribute::Dev)])
        {
            doubts.add(Some(rule), Attributes::of(attribute));
        }
        doubts.add(None, Attributes::of(Attribute::Arch));
        let doubts = doubts.into_list();
        let rules: Vec<usize> = doubts.iter().filter_map(|doubt| doubt.rule).collect();
        assert_eq!((rules, doubts.len()), (expected, 41));
        let of = Attributes::of;
        assert_eq!(doubts[1].attributes, of(Attribute::Path).with(of(Attribute::Dev)));
    }
}
