//! The rules that can match one syscall, and which of them wins.

use super::arming::Arming;
use super::load::Origin;
use super::verdict::{Obstacle, Side, Verdict};
use super::walk::{Walk, Walks};
use crate::catalog::{self, Arch};
use crate::rule::Rule;

/// One syscall of one arch, with the rules that have it in their mask.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Inspection {
    /// Its walk, with the arch, number and name.
    pub walk: Walk,
    /// Whether a kernel with the bitmap arms it.
    pub is_armed: bool,
    /// The rules of the exit list with the syscall in their mask, in list order.
    pub rules: Vec<Candidate>,
}

/// A rule with the syscall in its mask.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Candidate {
    /// The line that it comes from.
    pub origin: Origin,
    /// The rule as the kernel lists it.
    pub rule: Rule,
    /// Its position on the walk, from 1; `None` if it is kept by inode.
    pub position: Option<usize>,
    /// Whether it matches.
    pub verdict: Verdict,
    /// The reason why it never matches.
    pub obstacle: Option<Obstacle>,
    /// Whether a rule before it always matches, so that it never wins.
    pub is_shadowed: bool,
}

impl Inspection {
    /// Returns the rules that can win: those that can match, up to the first that always does.
    pub fn contenders(&self) -> impl Iterator<Item = &Candidate> {
        self.rules.iter().filter(|one| one.verdict != Verdict::Never && !one.is_shadowed)
    }
}

/// Inspects syscall `nr` of the programs of `arch`. Returns `None` if the kernel has no such walk.
pub fn inspect(arming: &Arming, walks: &Walks, arch: Arch, nr: u32) -> Option<Inspection> {
    let walk = *walks.of(arch, nr)?;
    let side = Side::of(arming, arch);
    let mut is_shadowed = false;
    let mut rules = Vec::new();
    for kernel_rule in arming.exit_rules().filter(|one| one.rule.mask.contains(nr)) {
        let outcome = side.outcome(kernel_rule.rule, nr);
        rules.push(Candidate {
            origin: kernel_rule.origin.clone(),
            rule: kernel_rule.rule.clone(),
            position: kernel_rule.position,
            verdict: outcome.verdict,
            obstacle: outcome.obstacle,
            is_shadowed,
        });
        is_shadowed |= outcome.verdict == Verdict::Always;
    }
    Some(Inspection { walk, is_armed: arming.is_armed(nr), rules })
}

/// Returns the number of the syscall `name` on `arch`, in auditctl's spelling or the kernel's.
pub(crate) fn number_of(arch: Arch, name: &str) -> Option<u32> {
    catalog::syscall_number(arch, name.as_bytes())
        .or_else(|| catalog::kernel_syscall_number(arch, name.as_bytes()))
}
