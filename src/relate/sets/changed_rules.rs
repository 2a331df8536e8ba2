//! The rules in which two sets differ, by their numbers, and the changes that names can show because of them.

use foldhash::{HashMap, HashSet};

use super::changed::Changed;
use super::ends::Changes;
use super::evidence::Change;
use super::outcomes::{Judgment, NO_RECORD};
use super::side::Side;
use super::units::Unit;

/// The rules in which two sets differ.
pub(super) struct ChangedRules<'c, 'r> {
    pub(super) changed: &'c Changed<'r>,
    /// The changes that can be because of each.
    pub(super) possible: HashMap<u32, Changes>,
    pub(super) moved: HashSet<u32>,
    /// The changes that can be at all.
    pub(super) all: Changes,
    /// The rules with the changes of which events are known.
    pub(super) shown: HashSet<(u32, Change)>,
}

impl ChangedRules<'_, '_> {
    /// Returns whether both sets have a rule, but in another order.
    pub(super) fn is_moved(&self, rule: u32) -> bool {
        self.moved.contains(&rule)
    }

    /// Returns the first changed rules of both sets that match a name; `None` if none does.
    pub(super) fn rules(&self, unit: Unit) -> Option<[u32; 2]> {
        let first = |set| {
            let rules = unit.matches().flat_map(move |name| name.rules_of(set));
            rules.into_iter().find(|rule| self.possible.contains_key(rule))
        };
        let rules = [first(0), first(1)];
        rules.iter().any(Option::is_some).then(|| rules.map(Option::unwrap_or_default))
    }

    /// Returns whether a change is known of both rules, where there are two.
    pub(super) fn is_shown(&self, rules: [u32; 2], change: Change) -> bool {
        let mut rules = rules.into_iter().filter(|rule| *rule != 0).peekable();
        rules.peek().is_some() && rules.all(|rule| self.shown.contains(&(rule, change)))
    }

    pub(super) fn show(&mut self, rules: [u32; 2], change: Change) {
        self.shown.extend(rules.into_iter().filter(|rule| *rule != 0).map(|rule| (rule, change)));
    }

    /// Returns the changes that can be because of an odd name.
    pub(super) fn possible(&self, sides: [&Side<'_>; 2], unit: Unit) -> Changes {
        let rules = unit.matches().flat_map(|name| [0, 1].map(|set| name.rules_of(set)));
        let possible = rules.flatten().filter_map(|rule| self.possible.get(&rule));
        let possible = possible.copied().reduce(|all, changes| all | changes);
        let same_watches = unit.matches().all(|name| name.of(0)[3] == name.of(1)[3]);
        match possible.filter(|_| same_watches) {
            Some(possible) => self.of_replaced(sides, unit).unwrap_or(possible),
            None => self.all,
        }
    }

    /// Returns the changes that can be if one rule came where another went, and both record.
    fn of_replaced(&self, sides: [&Side<'_>; 2], unit: Unit) -> Option<Changes> {
        let different = unit.matches().flat_map(|name| {
            let [old, new] = [0, 1].map(|set| name.rules_of(set));
            old.into_iter().zip(new).filter(|(old, new)| old != new)
        });
        let mut different: Vec<(u32, u32)> = different.collect();
        different.dedup();
        let [(old, new)] = *different.as_slice() else { return None };
        let is_other = |rule: &u32| !self.possible.contains_key(rule) || [old, new].contains(rule);
        let mut rules =
            unit.matches().flat_map(|name| [0, 1].map(|set| name.rules_of(set))).flatten();
        if !rules.all(|rule| is_other(&rule)) {
            return None;
        }
        let [rule, other] = [sides[0].entry(old)?.rule(), sides[1].entry(new)?.rule()];
        if !self.changed.calls.is_replaced(rule, other) {
            return None;
        }
        let outcomes = [(sides[0], old), (sides[1], new)]
            .map(|(side, winner)| side.outcome(Judgment { winner, keeper: 0 }));
        match outcomes {
            // A key that is kept can decide.
            _ if ![(sides[0], old), (sides[1], new)]
                .iter()
                .all(|(side, rule)| side.has_key(*rule)) =>
            {
                None
            }
            [NO_RECORD, _] | [_, NO_RECORD] => None,
            [old, new] if old == new => Some(Changes::default()),
            _ => Some(Changes::only(Change::Rekeyed)),
        }
    }
}
