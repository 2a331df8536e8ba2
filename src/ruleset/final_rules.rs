//! Computes the final rule list after all adds and deletes, in the kernel's order, and the rules that the kernel
//! refuses because it has an equal rule, or does not have the rule.

use foldhash::HashSet;

use super::compiled::CompiledLine;
use super::line_checker::Sent;
use crate::model::{Entry, KernelModel, Profile, Reason};
use crate::rule::{Placement, Request, Rule};

/// The final rules of a set, each as the index of its line in load order.
#[derive(Clone, Debug, Default)]
pub(super) struct FinalRules {
    /// The rules that the kernel holds, list by list, each list in the order in which the kernel tests it.
    pub(super) order: Vec<usize>,
    /// The rules that the kernel refuses, each with the equal rule that it has.
    pub(super) again: Vec<(usize, usize)>,
    /// The rules that a later line deletes.
    pub(super) deleted: HashSet<usize>,
    /// The lines that delete a rule that no earlier line adds. Before the first `-D`, it is unknown which rules the
    /// kernel holds.
    pub(super) missing: Vec<usize>,
    /// Whether a kernel without other rules refuses a request.
    pub(super) is_refused: bool,
}

impl FinalRules {
    pub(super) fn of(lines: &[CompiledLine<'_, '_>], profile: Profile) -> Self {
        let mut kernel = Kernel {
            model: KernelModel::with_capacity(profile, lines.len()),
            lines: Vec::with_capacity(lines.len()),
        };
        let (mut again, mut missing) = (Vec::new(), Vec::new());
        let (mut is_known, mut is_refused) = (false, false);
        for (index, line) in lines.iter().enumerate() {
            for (sent, _) in line.checked.sent() {
                match sent {
                    Sent::DeleteAll(key) => {
                        is_known |= key.is_empty();
                        kernel.model.delete_all(key);
                    }
                    Sent::Request(Request::Delete(rule)) => {
                        let deleted = kernel.model.delete(rule);
                        is_refused |= deleted.is_err();
                        let is_missing =
                            deleted.is_err_and(|refusal| refusal.reason == Reason::NotFound);
                        missing.extend((is_known && is_missing).then_some(index));
                    }
                    Sent::Request(Request::Add(rule)) => {
                        let kernel_rule = line.checked.kernel_rule.as_ref();
                        let added = kernel_rule.map(|held| kernel.add(index, rule.placement, held));
                        is_refused |= added != Some(Ok(()));
                        again.extend(added.and_then(Result::err).map(|first| (index, first)));
                    }
                    Sent::Request(Request::Control(_)) => {}
                }
            }
        }
        let order = kernel.order();
        let mut deleted = HashSet::default();
        if order.len() < kernel.lines.len() {
            deleted.extend(kernel.lines);
            order.iter().for_each(|held| {
                deleted.remove(held);
            });
        }
        FinalRules { order, again, deleted, missing, is_refused }
    }
}

/// A kernel, and the line of every accepted rule, by [`crate::model::Entry::serial`].
struct Kernel {
    model: KernelModel,
    lines: Vec<usize>,
}

impl Kernel {
    /// Adds a rule, or returns the line of the equal rule that the kernel has.
    fn add(&mut self, line: usize, placement: Placement, kernel_rule: &Rule) -> Result<(), usize> {
        if self.model.add_kernel_rule(kernel_rule.clone(), placement).is_ok() {
            self.lines.push(line);
            return Ok(());
        }
        let first = self.model.find(kernel_rule).map(Entry::serial);
        Err(first.and_then(|serial| self.lines.get(serial).copied()).unwrap_or(line))
    }

    fn order(&self) -> Vec<usize> {
        let entries = self.model.entries();
        entries.filter_map(|entry| self.lines.get(entry.serial()).copied()).collect()
    }
}
