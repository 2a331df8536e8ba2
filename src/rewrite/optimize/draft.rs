//! The rules of a set between two steps.

use super::step::Step;
use crate::model::{KernelModel, Profile};
use crate::rule::{Placement, Rule};

/// A rule of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Optimal {
    /// The rule.
    pub rule: Rule,
    /// The rules that it comes from, by their [serials](crate::model::Entry::serial).
    pub from: Vec<usize>,
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
}

/// The rules of a set, in the kernel's order. A place stays empty when its rule is dropped, so that edits keep their
/// places.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    rules: Vec<Option<Optimal>>,
}

impl Draft {
    pub(super) fn of(kernel: &KernelModel) -> Self {
        let rules = kernel.entries().map(|entry| {
            let rule = entry.rule().clone();
            Some(Optimal { rule, from: vec![entry.serial()], steps: Vec::new() })
        });
        Draft { rules: rules.collect() }
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
        for edit in edits {
            let merged = edit.merged.iter().filter_map(|at| self.rules.get_mut(*at)?.take());
            let from: Vec<usize> = merged.flat_map(|rule| rule.from).collect();
            let Some(slot) = self.rules.get_mut(edit.at) else { continue };
            match (&edit.into, slot) {
                (Some(into), Some(rule)) => {
                    rule.rule = into.clone();
                    rule.from.extend(from);
                    rule.steps.push(step);
                }
                (_, slot) => *slot = None,
            }
        }
    }

    /// Returns a kernel with the rules; `None` if it refuses one.
    pub(super) fn kernel(&self, profile: Profile) -> Option<KernelModel> {
        let mut kernel = KernelModel::new(profile);
        for (_, rule) in self.rules() {
            kernel.add(&Rule { placement: Placement::Append, ..rule.clone() }).ok()?;
        }
        Some(kernel)
    }
}
