//! The syscalls that rules can record, for the programs of each arch.

use super::arming::{Arming, syscall_name};
use super::verdict::{Side, Verdict};
use crate::catalog::Arch;
use crate::rule::Action;

/// Whether a rule so far decides about a syscall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    /// No rule yet.
    Open,
    /// A rule can record it.
    Recorded,
    /// A rule silences all of its calls.
    Silenced,
}

/// Returns the syscalls of `arch` that the rules of the exit list can record, in ascending order. The fields other than
/// `arch` and `perm` may still exclude every call that a program makes.
pub(super) fn recorded(arming: &Arming, arch: Arch) -> Vec<u32> {
    let side = Side::of(arming, arch);
    let mut decisions = vec![Decision::Open; arming.nr_syscalls as usize];
    for kernel_rule in arming.exit_rules() {
        let outcomes = side.outcomes(kernel_rule.rule);
        let numbers = kernel_rule.rule.mask.iter().take_while(|nr| *nr < arming.nr_syscalls);
        for nr in numbers {
            let Some(decision) = decisions.get_mut(nr as usize) else { continue };
            let verdict = outcomes.get(side.kind_of(nr)).map_or(Verdict::Maybe, |one| one.verdict);
            *decision = match (*decision, verdict, kernel_rule.rule.action) {
                (Decision::Open, Verdict::Maybe | Verdict::Always, Action::Always) => {
                    Decision::Recorded
                }
                (Decision::Open, Verdict::Always, _) => Decision::Silenced,
                (before, _, _) => before,
            };
        }
    }
    let is_recorded = |(nr, decision): &(u32, Decision)| {
        *decision == Decision::Recorded && syscall_name(arch, *nr).is_some()
    };
    (0u32..).zip(decisions).filter(is_recorded).map(|(nr, _)| nr).collect()
}
