//! A kernel of which only some rules are seen: those with keys of one owner.

use glob::Pattern;

use super::desired::is_own;
use crate::kernel::{Answer, AuditKernel, KernelError};
use crate::rule::{Request, Rule};
use crate::wire::{FeatureSet, Status};

/// A kernel whose other rules are hidden.
pub(super) struct OwnRules<'k> {
    pub(super) kernel: &'k mut dyn AuditKernel,
    /// The keys; without any, all rules are seen.
    pub(super) own_keys: &'k [Pattern],
}

impl AuditKernel for OwnRules<'_> {
    fn send(&mut self, requests: &[&Request]) -> Result<Vec<Answer>, KernelError> {
        self.kernel.send(requests)
    }

    fn status(&mut self) -> Result<Status, KernelError> {
        self.kernel.status()
    }

    fn features(&mut self) -> Result<FeatureSet, KernelError> {
        self.kernel.features()
    }

    fn rules(&mut self) -> Result<Vec<Rule>, KernelError> {
        let mut rules = self.kernel.rules()?;
        if !self.own_keys.is_empty() {
            rules.retain(|rule| is_own(rule, self.own_keys));
        }
        Ok(rules)
    }
}
