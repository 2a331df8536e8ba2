//! Computes the final rule list after all adds and deletes, in the kernel's order, and the rules that the kernel
//! refuses because it has an equal rule.

use std::collections::HashSet;

use super::compiled::CompiledLine;
use super::line_checker::Sent;
use crate::model::{KernelModel, Profile, Reason};
use crate::rule::{Request, Rule};

/// The final rules of a set, each as the index of its line in load order.
#[derive(Clone, Debug, Default)]
pub(super) struct FinalRules {
    /// The rules that the kernel holds, list by list, each list in the order in which the kernel tests it.
    pub(super) order: Vec<usize>,
    /// The rules that the kernel refuses, each with the equal rule that it has.
    pub(super) again: Vec<(usize, usize)>,
    /// The rules that a later line deletes.
    pub(super) deleted: HashSet<usize>,
}

impl FinalRules {
    pub(super) fn of(lines: &[CompiledLine<'_, '_>], profile: Profile) -> Self {
        let mut kernel = Kernel { model: KernelModel::new(profile), lines: Vec::new() };
        let mut again = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            for (sent, _) in line.checked.sent() {
                match sent {
                    Sent::DeleteAll(key) => kernel.model.delete_all(key),
                    Sent::Request(Request::Delete(rule)) => kernel.delete(rule),
                    Sent::Request(Request::Add(rule)) => {
                        let kernel_rule = line.checked.kernel_rule.as_ref();
                        let held = kernel_rule.and_then(|held| kernel.add(index, rule, held));
                        again.extend(held.map(|first| (index, first)));
                    }
                    Sent::Request(Request::Control(_)) => {}
                }
            }
        }
        let order = kernel.order();
        let mut deleted = HashSet::new();
        if order.len() < kernel.lines.len() {
            deleted.extend(kernel.lines);
            order.iter().for_each(|held| {
                deleted.remove(held);
            });
        }
        FinalRules { order, again, deleted }
    }
}

/// A kernel, and the line of every accepted rule, by [`crate::model::Entry::serial`].
struct Kernel {
    model: KernelModel,
    lines: Vec<usize>,
}

impl Kernel {
    /// Adds a rule. If the kernel refuses it because of an equal rule, returns the line of the equal rule.
    fn add(&mut self, line: usize, rule: &Rule, kernel_rule: &Rule) -> Option<usize> {
        match self.model.add(rule) {
            Ok(()) => {
                self.lines.push(line);
                None
            }
            Err(refusal) if refusal.reason == Reason::Exists => {
                let first = self.model.find(kernel_rule)?;
                self.lines.get(first.serial()).copied()
            }
            Err(_) => None,
        }
    }

    /// Deletes a rule. If the kernel does not have the rule, it refuses the request and nothing changes.
    fn delete(&mut self, rule: &Rule) {
        let _ = self.model.delete(rule);
    }

    fn order(&self) -> Vec<usize> {
        let entries = self.model.entries();
        entries.filter_map(|entry| self.lines.get(entry.serial()).copied()).collect()
    }
}
