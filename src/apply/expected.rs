//! The rules that a kernel holds if it does what it answers.

use super::difference::NotHeld;
use crate::model::{KernelModel, Profile};
use crate::rule::{Placement, Request, Rule};

/// The expected rules of a kernel; unknown after a request that the model does not follow.
pub(super) struct Expected(Option<KernelModel>);

impl Expected {
    /// Returns the rules of a kernel that holds `rules`, in the order in which it lists them.
    pub(super) fn of(rules: &[Rule], profile: Option<Profile>) -> Self {
        let mut kernel = profile.map(KernelModel::new);
        // A kernel can hold equal rules. Only a prepended rule is not compared with the others.
        if let Some(kernel) = &mut kernel {
            for rule in rules.iter().rev() {
                let _ = kernel.add_kernel_rule(without_classes(rule.clone()), Placement::Prepend);
            }
        }
        Expected(kernel)
    }

    /// Notes that the kernel carried out a request.
    pub(super) fn done(&mut self, request: &Request) {
        let Some(kernel) = &mut self.0 else { return };
        let followed = match request {
            Request::Add(rule) => kernel.add(rule),
            Request::Delete(rule) => kernel.delete(rule),
            Request::Control(_) => Ok(()),
        };
        if followed.is_err() {
            self.0 = None;
        }
    }

    /// Notes that the rules whose keys contain `key` were deleted.
    pub(super) fn deleted_all(&mut self, key: &[u8]) {
        if let Some(kernel) = &mut self.0 {
            kernel.delete_all(key);
        }
    }

    /// Compares the rules that the kernel lists with the expected ones.
    pub(super) fn compare(&self, listed: Vec<Rule>) -> Option<NotHeld> {
        let expected = self.0.as_ref()?.rules();
        // Linux lists no class bits.
        NotHeld::between(expected.clone(), &listed)?;
        let listed: Vec<Rule> = listed.into_iter().map(without_classes).collect();
        NotHeld::between(expected, &listed)
    }
}

/// Returns the rule without class bits, which are no syscalls. Linux clears them (`audit_to_entry_common`).
fn without_classes(rule: Rule) -> Rule {
    Rule { mask: rule.mask.without_classes(), ..rule }
}
