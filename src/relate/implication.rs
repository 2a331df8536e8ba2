//! Rules found by their conditions: those that match wherever another does.

use std::collections::HashMap;
use std::hash::Hash;

use super::conditions::{Anchor, Conditions};

/// How many rules are looked at for each condition of the one that is asked for: a set with more that are
/// alike is not searched to its end.
const MOST: usize = 200;

type Alike<'r, T> = Vec<(Conditions<'r>, T)>;

/// Rules of several kinds, each with something that is asked for.
pub(crate) struct Implications<'r, K, T> {
    rules: HashMap<(K, Option<Anchor<'r>>), Alike<'r, T>>,
}

impl<'r, K: Copy + Eq + Hash, T> Implications<'r, K, T> {
    pub(crate) fn new() -> Self {
        Implications { rules: HashMap::new() }
    }

    /// Takes in a rule.
    pub(crate) fn insert(&mut self, kind: K, conditions: Conditions<'r>, value: T) {
        let anchor = conditions.anchors().next();
        self.rules.entry((kind, anchor)).or_default().push((conditions, value));
    }

    /// What was taken in with rules of this kind that match wherever one with these conditions does.
    pub(crate) fn implied_by<'a>(
        &'a self,
        kind: K,
        conditions: &'a Conditions<'r>,
    ) -> impl Iterator<Item = &'a T> {
        let anchors = conditions.anchors().map(Some).chain([None]);
        let alike = anchors.filter_map(move |anchor| self.rules.get(&(kind, anchor)));
        let rules = alike.flat_map(|rules| rules.iter().take(MOST));
        let wider = rules.filter(|(wider, _)| wider.implied_by(conditions));
        wider.map(|(_, value)| value)
    }
}
