//! What becomes of the rules of a set: which are there in the end, in which order the kernel asks them, and
//! which it refuses because it has them.

use std::collections::HashMap;

use super::compiled::CompiledLine;
use crate::model::{KernelModel, Profile};
use crate::rule::{Placement, Request, Rule};
use crate::ruleset::Sent;

/// What becomes of the rules, each as index of its line in the order in which lines are loaded.
#[derive(Clone, Debug, Default)]
pub(super) struct FinalRules {
    /// Those that are there in the end, in the order in which the kernel asks them; the lists are mixed.
    pub(super) order: Vec<usize>,
    /// Those that the kernel refuses, each with the equal one that it has.
    pub(super) again: Vec<(usize, usize)>,
}

impl FinalRules {
    pub(super) fn of(lines: &[CompiledLine<'_, '_>], profile: Profile) -> Self {
        let kernel = KernelModel::new(profile);
        let (mut rules, mut again) = (Rules::default(), Vec::new());
        for (index, line) in lines.iter().enumerate() {
            for (sent, _) in line.checked.sent() {
                match sent {
                    Sent::DeleteAll(key) => rules.delete_all(key),
                    Sent::Request(Request::Delete(rule)) => {
                        if let Ok(kernel_rule) = kernel.kernel_rule(rule) {
                            rules.delete(&kernel_rule);
                        }
                    }
                    Sent::Request(Request::Add(rule)) => {
                        let Some(kernel_rule) = &line.checked.kernel_rule else { continue };
                        if let Err(first) = rules.add(index, kernel_rule, rule.placement) {
                            again.push((index, first));
                        }
                    }
                    Sent::Request(Request::Control(_)) => {}
                }
            }
        }
        FinalRules { order: rules.order(), again }
    }
}

/// The rules that are there at some time.
#[derive(Default)]
struct Rules<'r> {
    lines: HashMap<&'r Rule, Vec<(usize, Placement)>>,
}

impl<'r> Rules<'r> {
    /// The kernel compares the placement too, and what it keeps has none: a rule that is put in front never
    /// equals one that is there.
    fn add(
        &mut self,
        line: usize,
        kernel_rule: &'r Rule,
        placement: Placement,
    ) -> Result<(), usize> {
        let equal = self.lines.entry(kernel_rule).or_default();
        match (placement, equal.first()) {
            (Placement::Append, Some((first, _))) => Err(*first),
            _ => {
                equal.push((line, placement));
                Ok(())
            }
        }
    }

    fn delete(&mut self, kernel_rule: &Rule) {
        let Some(equal) = self.lines.get_mut(kernel_rule) else { return };
        // The first on the list goes: the one that was put in front last.
        let front =
            equal.iter().rposition(|(_, placement)| *placement == Placement::Prepend).unwrap_or(0);
        equal.remove(front);
        if equal.is_empty() {
            self.lines.remove(kernel_rule);
        }
    }

    fn delete_all(&mut self, key: &[u8]) {
        self.lines.retain(|rule, _| !rule.has_key_containing(key));
    }

    fn order(self) -> Vec<usize> {
        let lines = self.lines.into_values().flatten();
        let (mut front, mut back): (Vec<_>, Vec<_>) =
            lines.partition(|(_, placement)| *placement == Placement::Prepend);
        front.sort_unstable_by_key(|(line, _)| std::cmp::Reverse(*line));
        back.sort_unstable_by_key(|(line, _)| *line);
        front.into_iter().chain(back).map(|(line, _)| line).collect()
    }
}
