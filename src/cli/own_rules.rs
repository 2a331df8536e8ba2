//! A kernel of which only some rules are seen: those with keys of one owner.

use glob::Pattern;

use super::exit::Stop;
use crate::kernel::{Answer, AuditKernel, KernelError};
use crate::rule::{Request, Rule};
use crate::wire::{FeatureSet, Status};

/// The keys of an owner, as a pattern such as `site-*`.
#[derive(Clone, Debug)]
pub(super) struct OwnKeys(Pattern);

impl OwnKeys {
    /// Reads a pattern.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("expected a key, or a pattern such as site-*".to_owned());
        }
        Pattern::new(text).map(OwnKeys).map_err(|error| error.msg.to_owned())
    }

    /// Returns the pattern.
    pub(super) fn pattern(&self) -> &str {
        self.0.as_str()
    }

    /// Returns whether a rule has such a key.
    fn has(&self, rule: &Rule) -> bool {
        rule.keys().any(|key| std::str::from_utf8(key).is_ok_and(|key| self.0.matches(key)))
    }
}

/// Reads patterns that were saved.
pub(super) fn own_keys(patterns: &[String]) -> Result<Vec<OwnKeys>, Stop> {
    let read = patterns.iter().map(|pattern| OwnKeys::parse(pattern));
    read.collect::<Result<_, _>>().map_err(Stop::unanswered)
}

/// Returns whether a rule belongs to the owner of the keys: every rule does if there are none.
pub(super) fn is_own(rule: &Rule, own_keys: &[OwnKeys]) -> bool {
    own_keys.is_empty() || own_keys.iter().any(|keys| keys.has(rule))
}

/// Returns the rules of the owner of the keys, and the number of each in the listing, from 1.
pub(super) fn own_rules(rules: &[Rule], own_keys: &[OwnKeys]) -> (Vec<Rule>, Vec<usize>) {
    let own = rules.iter().zip(1..).filter(|(rule, _)| is_own(rule, own_keys));
    own.map(|(rule, number)| (rule.clone(), number)).unzip()
}

/// A kernel whose other rules are hidden.
pub(super) struct OwnRules<'k> {
    pub(super) kernel: &'k mut dyn AuditKernel,
    /// The keys; without any, all rules are seen.
    pub(super) own_keys: &'k [OwnKeys],
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
        rules.retain(|rule| is_own(rule, self.own_keys));
        Ok(rules)
    }

    fn holds(&mut self, rules: &[&Rule]) -> Result<bool, KernelError> {
        match self.own_keys {
            [] => self.kernel.holds(rules),
            _ => Ok(self.rules()?.iter().eq(rules.iter().copied())),
        }
    }
}
