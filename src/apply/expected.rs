//! The rules that a kernel holds if it does what it answers.

use std::collections::{BTreeMap, VecDeque};

use super::difference::NotHeld;
use crate::kernel::{AuditKernel, KernelError};
use crate::model::{KernelModel, Profile};
use crate::rule::{Placement, Request, Rule};

/// The expected rules of a kernel; unknown after a request that the model does not follow.
pub(super) struct Expected<'r>(Option<Lists<'r>>);

/// The rules of each list, by its number, in the form that the kernel keeps. A kernel that is not Linux may keep class bits.
struct Lists<'r> {
    rules: BTreeMap<u32, VecDeque<&'r Rule>>,
    /// Brings rules into that form; contains none.
    kernel: KernelModel,
}

impl<'r> Expected<'r> {
    /// Returns the rules of a kernel that holds `rules`, in the order in which it lists them.
    pub(super) fn of(rules: &'r [Rule], profile: Option<Profile>) -> Self {
        let lists = profile.map(|profile| {
            let mut lists = Lists { rules: BTreeMap::new(), kernel: KernelModel::new(profile) };
            for rule in rules {
                lists.add(rule, Placement::Append);
            }
            lists
        });
        Expected(lists)
    }

    /// Notes that the kernel carried out a request. An added rule is known in the form that the kernel keeps.
    pub(super) fn done(&mut self, request: &Request, added: Option<&'r Rule>) {
        let Some(lists) = &mut self.0 else { return };
        let followed = match (request, added) {
            (Request::Add(rule), Some(added)) => {
                lists.add(added, rule.placement);
                true
            }
            (Request::Add(_), None) => false,
            (Request::Delete(rule), _) => lists.delete(rule).is_some(),
            (Request::Control(_), _) => true,
        };
        if !followed {
            self.0 = None;
        }
    }

    /// Notes that the rules whose keys contain `key` were deleted.
    pub(super) fn deleted_all(&mut self, key: &[u8]) {
        for rules in self.0.iter_mut().flat_map(|lists| lists.rules.values_mut()) {
            rules.retain(|rule| !rule.has_key_containing(key));
        }
    }

    /// Compares the rules that the kernel holds with the expected ones.
    pub(super) fn compare(
        &self,
        kernel: &mut dyn AuditKernel,
    ) -> Result<Option<NotHeld>, KernelError> {
        let Some(lists) = &self.0 else { return Ok(None) };
        let expected: Vec<&Rule> = lists.rules.values().flatten().copied().collect();
        if kernel.holds(&expected)? {
            return Ok(None);
        }
        let expected: Vec<Rule> = expected.into_iter().map(without_classes).collect();
        let listed: Vec<Rule> = kernel.rules()?.iter().map(without_classes).collect();
        Ok(NotHeld::between(expected.iter(), &listed))
    }
}

impl<'r> Lists<'r> {
    fn add(&mut self, rule: &'r Rule, placement: Placement) {
        let list = self.rules.entry(rule.list.number()).or_default();
        match placement {
            Placement::Append => list.push_back(rule),
            Placement::Prepend => list.push_front(rule),
        }
    }

    /// Deletes the first rule that the kernel finds for a request; `None` if there is none.
    fn delete(&mut self, rule: &Rule) -> Option<()> {
        let rule = self.kernel.kernel_rule(rule).ok()?;
        let list = self.rules.get_mut(&rule.list.number())?;
        let first = list.iter().position(|other| without_classes(other) == rule)?;
        list.remove(first).map(|_| ())
    }
}

/// Returns the rule without class bits, which are no syscalls. Linux clears them (`audit_to_entry_common`).
fn without_classes(rule: &Rule) -> Rule {
    Rule { mask: rule.mask.without_classes(), ..rule.clone() }
}
