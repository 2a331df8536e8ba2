//! The rules in which two lists differ, as few as possible.

use foldhash::{HashMap, HashSet};

use super::roles::has_key;
use crate::model::Entry;
use crate::rule::{Action, Rule};

/// The rules in which two lists differ.
#[derive(Default)]
pub(super) struct Difference<'r> {
    /// The rules of both lists that are not in the other at the same place, as few as possible.
    pub(super) entries: Vec<&'r Entry>,
    /// The number of those of the old list, which come first.
    pub(super) of_old: usize,
    /// Those that are in both lists, in another order.
    pub(super) moved: HashSet<&'r Rule>,
    /// For the changed rules of each list, the number of rules before them that did not change.
    places: [HashMap<&'r Rule, usize>; 2],
    /// The actions of the rules that did not change, in their order.
    kept: Vec<Action>,
}

impl<'r> Difference<'r> {
    pub(super) fn of([old, new]: [&[&'r Entry]; 2]) -> Self {
        // A rule that is there twice decides only at its first place.
        let mut places: HashMap<&Rule, usize> = HashMap::default();
        for (at, entry) in new.iter().enumerate() {
            places.entry(entry.rule()).or_insert(at);
        }
        let mut seen = HashSet::default();
        let common: Vec<(&Entry, usize)> = old
            .iter()
            .filter(|entry| seen.insert(entry.rule()))
            .filter_map(|entry| Some((*entry, *places.get(entry.rule())?)))
            .collect();
        let kept = longest_ascending(&common.iter().map(|(_, at)| *at).collect::<Vec<_>>());
        let kept: HashSet<&Rule> =
            kept.into_iter().filter_map(|at| Some(common.get(at)?.0.rule())).collect();
        let is_changed = |entry: &&&Entry| !kept.contains(entry.rule());
        let moved = common.iter().map(|(entry, _)| entry.rule());
        let mut difference = Difference {
            entries: old.iter().chain(new).filter(is_changed).copied().collect(),
            of_old: old.iter().filter(is_changed).count(),
            moved: moved.filter(|rule| !kept.contains(rule)).collect(),
            places: [HashMap::default(), HashMap::default()],
            kept: Vec::new(),
        };
        for (list, places) in [old, new].into_iter().zip(&mut difference.places) {
            difference.kept.clear();
            let mut seen = HashSet::default();
            for rule in list.iter().map(|entry| entry.rule()).filter(|rule| seen.insert(*rule)) {
                match kept.contains(rule) {
                    true => difference.kept.push(rule.action),
                    false => {
                        places.insert(rule, difference.kept.len());
                    }
                }
            }
        }
        difference
    }

    /// Adds rules of both lists that are in both, but that the kernel tests in another order at some time.
    pub(super) fn extend(&mut self, [old, new]: [&[&'r Entry]; 2]) {
        let known: HashSet<&Rule> = self.entries.iter().map(|entry| entry.rule()).collect();
        let more = |list: &[&'r Entry]| {
            list.iter().filter(|entry| !known.contains(entry.rule())).copied().collect()
        };
        let (old, new): (Vec<&Entry>, Vec<&Entry>) = (more(old), more(new));
        self.moved.extend(old.iter().chain(&new).map(|entry| entry.rule()));
        let at = self.of_old;
        self.of_old += old.len();
        self.entries.splice(at..at, old);
        self.entries.extend(new);
    }

    /// Returns whether the one rule came where the other went.
    pub(super) fn is_replaced(&self, old: &Rule, new: &Rule) -> bool {
        let [of_old, of_new] = &self.places;
        let place = of_old.get(old);
        let is_moved = |rule| self.moved.contains(rule);
        place.is_some() && place == of_new.get(new) && !is_moved(old) && !is_moved(new)
    }

    /// Returns whether a rule moved, but not past a rule that silences.
    pub(super) fn keeps_side(&self, rule: &Rule) -> bool {
        let [of_old, of_new] = &self.places;
        let (Some(old), Some(new)) = (of_old.get(rule), of_new.get(rule)) else { return false };
        let passed = self.kept.get(*old.min(new)..*old.max(new)).unwrap_or_default();
        let is_recording = |rule: &Rule| rule.action != Action::Never;
        is_recording(rule)
            && passed.iter().all(|action| *action != Action::Never)
            && self.entries.iter().all(|entry| is_recording(entry.rule()))
    }

    /// Returns whether only the key of a rule changed.
    pub(super) fn is_rekeyed(&self, rule: &Rule) -> bool {
        let is_like = |other: &Rule| {
            other != rule && has_key(other) && other.without_keys() == rule.without_keys()
        };
        rule.action != Action::Never
            && has_key(rule)
            && self.entries.iter().map(|entry| entry.rule()).any(|other| {
                is_like(other) && (self.is_replaced(rule, other) || self.is_replaced(other, rule))
            })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Returns the places of the longest sequence of ascending numbers.
fn longest_ascending(numbers: &[usize]) -> Vec<usize> {
    // For each length, the last place of the sequence that ends lowest.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    let number = |at: usize| numbers.get(at).copied().unwrap_or(0);
    for at in 0..numbers.len() {
        let length = ends.partition_point(|end| number(*end) < number(at));
        previous.push(length.checked_sub(1).and_then(|before| ends.get(before).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let last = ends.last().copied();
    std::iter::successors(last, |at| previous.get(*at).copied().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_longest_ascending_sequence() {
        for (numbers, length) in
            [(&[][..], 0), (&[3], 1), (&[1, 2, 3], 3), (&[3, 2, 1], 1), (&[2, 0, 1, 4, 3], 3)]
        {
            let places = longest_ascending(numbers);
            assert_eq!(places.len(), length);
            assert!(
                places.is_sorted_by(|one, other| one > other && numbers[*one] > numbers[*other])
            );
        }
    }
}
