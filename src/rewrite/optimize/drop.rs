//! Rules that decide nothing: their conditions contradict each other, or an earlier rule matches first.

use super::draft::{Draft, Edit};
use crate::relate::{Conditions, Implications};
use crate::rule::{FilterList, Mask};

pub(super) fn edits(draft: &Draft) -> Vec<Edit> {
    let mut earlier: Implications<'_, FilterList, &Mask> = Implications::new();
    let mut edits = Vec::new();
    for (at, rule) in draft.rules() {
        let conditions = Conditions::of(rule);
        let is_shadowed = || {
            let mut masks = earlier.implied_by(rule.list, &conditions);
            masks.any(|mask| !rule.list.has_mask() || mask.contains_all(&rule.mask))
        };
        if conditions.contradiction().is_some() || is_shadowed() {
            edits.push(Edit { at, into: None, merged: Vec::new() });
        } else {
            earlier.insert(rule.list, conditions, &rule.mask);
        }
    }
    edits
}
