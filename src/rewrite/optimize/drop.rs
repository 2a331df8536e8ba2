//! Rules that decide nothing: their conditions contradict each other, or an earlier rule matches first.

use super::draft::{Draft, Edit};
use crate::relate::{Conditions, Implications};
use crate::rule::{FilterList, Mask};

pub(super) fn edits(draft: &Draft) -> Vec<Edit> {
    let mut earlier: Implications<'_, FilterList, (usize, &Mask)> = Implications::new();
    let mut edits = Vec::new();
    for (at, rule) in draft.rules().filter(|(at, _)| draft.is_free(*at)) {
        let conditions = Conditions::of(rule);
        let covers = |mask: &Mask| !rule.list.has_mask() || mask.contains_all(&rule.mask);
        let shadowing =
            earlier.implied_by(rule.list, &conditions).find(|(_, mask)| covers(mask)).copied();
        match shadowing {
            Some((place, _)) => edits.push(drop(at, vec![place])),
            None if conditions.contradiction().is_some() => edits.push(drop(at, Vec::new())),
            None => earlier.insert(rule.list, conditions, (at, &rule.mask)),
        }
    }
    edits
}

fn drop(at: usize, witnesses: Vec<usize>) -> Edit {
    Edit { at, into: None, merged: Vec::new(), witnesses }
}
