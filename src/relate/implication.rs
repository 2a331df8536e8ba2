//! Finds the rules that match whenever another rule does, by their conditions.

use std::hash::Hash;

use foldhash::HashMap;

use super::conditions::{Anchor, Conditions};

/// Maximum number of rules compared for each condition: limits the time for a set with many similar rules.
const MOST: usize = 200;

type Rules<'r, T> = Vec<(Conditions<'r>, T)>;

/// Rules of several kinds, each with a value.
pub(crate) struct Implications<'r, K, T> {
    rules: HashMap<(K, Option<Anchor<'r>>), Rules<'r, T>>,
}

impl<'r, K: Copy + Eq + Hash, T> Implications<'r, K, T> {
    pub(crate) fn new() -> Self {
        Implications { rules: HashMap::default() }
    }

    /// Adds a rule.
    pub(crate) fn insert(&mut self, kind: K, conditions: Conditions<'r>, value: T) {
        let anchor = conditions.anchors().next();
        // Most conditions are those of one rule, and a vector that grows has room for four.
        let rules = self.rules.entry((kind, anchor)).or_insert_with(|| Vec::with_capacity(1));
        rules.push((conditions, value));
    }

    /// Returns the values of the rules of this kind that match whenever a rule with these conditions does.
    pub(crate) fn implied_by<'a>(
        &'a self,
        kind: K,
        conditions: &'a Conditions<'r>,
    ) -> impl Iterator<Item = &'a T> {
        let anchors = conditions.anchors().map(Some).chain([None]);
        let candidates = anchors.filter_map(move |anchor| self.rules.get(&(kind, anchor)));
        let rules = candidates.flat_map(|rules| rules.iter().take(MOST));
        let implied = rules.filter(|(others, _)| others.implied_by(conditions));
        implied.map(|(_, value)| value)
    }
}
