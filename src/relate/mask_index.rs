//! The masks of rules, found by the conditions of the rules, one field left out.

use std::hash::Hash;

use foldhash::HashMap;

use super::conditions::{Conditions, sorted_without};
use super::implication::Implications;
use crate::rule::{Field, Mask, Rule};

/// Masks of rules of several kinds. The conditions on one field do not count.
pub(crate) struct MaskIndex<'r, K> {
    left_out: u32,
    equal: HashMap<(K, Vec<&'r Field>), Mask>,
    all: Implications<'r, K, &'r Mask>,
}

impl<'r, K: Copy + Eq + Hash> MaskIndex<'r, K> {
    /// Returns an empty index that leaves out the conditions on one field.
    pub(crate) fn new(left_out: u32) -> Self {
        MaskIndex { left_out, equal: HashMap::default(), all: Implications::new() }
    }

    /// Adds a rule.
    pub(crate) fn insert(&mut self, kind: K, rule: &'r Rule) {
        let equal = self.equal.entry((kind, sorted_without(rule, &[self.left_out])));
        equal.or_insert(Mask::EMPTY).extend_with(&rule.mask);
        self.all.insert(kind, Conditions::without(rule, self.left_out), &rule.mask);
    }

    /// Returns the syscalls of all rules of this kind with the same conditions as `rule`.
    pub(crate) fn equal(&self, kind: K, rule: &'r Rule) -> Option<&Mask> {
        self.equal.get(&(kind, sorted_without(rule, &[self.left_out])))
    }

    /// Returns the masks of the rules of this kind that match whenever `rule` does.
    pub(crate) fn implied_by(&self, kind: K, rule: &'r Rule) -> Vec<&'r Mask> {
        let conditions = Conditions::without(rule, self.left_out);
        self.all.implied_by(kind, &conditions).copied().collect()
    }
}
