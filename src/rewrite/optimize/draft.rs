//! The rules of a set between two steps.

use foldhash::HashSet;

use super::step::Step;
use crate::model::KernelModel;
use crate::rule::Rule;

/// A rule of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Optimal {
    /// The rule.
    pub rule: Rule,
    /// The rules that it comes from, by their [serials](crate::model::Entry::serial).
    pub from: Vec<usize>,
    /// The rules that were dropped because of it, alone or with others.
    pub dropped: Vec<usize>,
    /// The steps that made it; none for a rule as it was.
    pub steps: Vec<Step>,
}

/// An edit of a draft.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    /// The place of the rule.
    pub(super) at: usize,
    /// What it becomes; `None` if it is dropped.
    pub(super) into: Option<Rule>,
    /// The places of the rules that are merged into it.
    pub(super) merged: Vec<usize>,
    /// The places of the rules because of which it is dropped.
    pub(super) witnesses: Vec<usize>,
}

impl Edit {
    /// Returns the edit that changes one rule.
    pub(super) fn change(at: usize, into: Rule) -> Self {
        Edit { at, into: Some(into), merged: Vec::new(), witnesses: Vec::new() }
    }
}

/// The rules of a set, in the kernel's order. A place stays empty when its rule is dropped, so that edits keep their
/// places.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    rules: Vec<Option<Optimal>>,
    /// The places of rules that stay as they are.
    kept: HashSet<usize>,
}

impl Draft {
    /// Returns the rules of a kernel, of which some stay as they are, by their serials.
    pub(super) fn of(kernel: &KernelModel, kept: &[usize]) -> Self {
        let rules = kernel.entries().map(|entry| {
            let rule = entry.rule().clone();
            Optimal { rule, from: vec![entry.serial()], dropped: Vec::new(), steps: Vec::new() }
        });
        Self::with(rules.collect(), kept)
    }

    /// Returns rules of which some stay as they are, by the serials of what they come from.
    pub(super) fn with(rules: Vec<Optimal>, kept: &[usize]) -> Self {
        let kept: HashSet<usize> = kept.iter().copied().collect();
        let stays = |rule: &Optimal| rule.from.iter().any(|serial| kept.contains(serial));
        let places = rules.iter().enumerate().filter(|(_, rule)| stays(rule));
        let kept = places.map(|(at, _)| at).collect();
        Draft { rules: rules.into_iter().map(Some).collect(), kept }
    }

    /// Returns whether the rule at a place may change.
    pub(super) fn is_free(&self, at: usize) -> bool {
        !self.kept.contains(&at)
    }

    /// Returns the rules with their places.
    pub(super) fn rules(&self) -> impl Iterator<Item = (usize, &Rule)> {
        let rules = self.rules.iter().enumerate();
        rules.filter_map(|(at, slot)| Some((at, &slot.as_ref()?.rule)))
    }

    pub(super) fn into_rules(self) -> Vec<Optimal> {
        self.rules.into_iter().flatten().collect()
    }

    /// Returns the rules that an edit is about.
    pub(super) fn sources(&self, edit: &Edit) -> Vec<usize> {
        let places = std::iter::once(&edit.at).chain(&edit.merged);
        let slots = places.filter_map(|at| self.rules.get(*at)?.as_ref());
        slots.flat_map(|rule| &rule.from).copied().collect()
    }

    pub(super) fn apply(&mut self, step: Step, edits: &[Edit]) {
        // A rule that is dropped may be the witness of a later one.
        for edit in edits.iter().rev() {
            let merged = edit.merged.iter().filter_map(|at| self.rules.get_mut(*at)?.take());
            let merged: Vec<Optimal> = merged.collect();
            let Some(slot) = self.rules.get_mut(edit.at) else { continue };
            match (&edit.into, slot) {
                (Some(into), Some(rule)) => {
                    rule.rule = into.clone();
                    for other in merged {
                        rule.from.extend(other.from);
                        rule.dropped.extend(other.dropped);
                    }
                    if !rule.steps.contains(&step) {
                        rule.steps.push(step);
                    }
                }
                (_, slot) => {
                    let dropped = slot.take();
                    self.note_dropped(dropped, &edit.witnesses);
                }
            }
        }
    }

    /// Notes at the rules because of which a rule is dropped that it was dropped.
    fn note_dropped(&mut self, dropped: Option<Optimal>, witnesses: &[usize]) {
        let dropped: Vec<usize> =
            dropped.into_iter().flat_map(|rule| [rule.from, rule.dropped]).flatten().collect();
        for at in witnesses {
            if let Some(Some(witness)) = self.rules.get_mut(*at) {
                witness.dropped.extend_from_slice(&dropped);
            }
        }
    }

    /// Returns the rule at a place.
    pub(super) fn rule(&self, at: usize) -> Option<&Rule> {
        self.rules.get(at)?.as_ref().map(|rule| &rule.rule)
    }

    /// Returns the rules of the list on which an edit merges rules, from the first to the last of them, before and after
    /// it.
    pub(super) fn around(&self, edit: &Edit) -> (Vec<Rule>, Vec<Rule>) {
        let list = self.rule(edit.at).map(|rule| rule.list);
        let last = edit.merged.iter().chain(&edit.witnesses).max().map_or(edit.at, |last| *last);
        let first = edit.witnesses.iter().min().map_or(edit.at, |first| edit.at.min(*first));
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for (at, rule) in self.rules() {
            let is_meant = edit.witnesses.contains(&at) || edit.witnesses.is_empty();
            let is_within = at == edit.at || (first..=last.max(edit.at)).contains(&at) && is_meant;
            if Some(rule.list) != list || !is_within {
                continue;
            }
            before.push(rule.clone());
            match &edit.into {
                Some(into) if at == edit.at => after.push(into.clone()),
                None if at == edit.at => {}
                _ if edit.merged.contains(&at) => {}
                _ => after.push(rule.clone()),
            }
        }
        (before, after)
    }
}
