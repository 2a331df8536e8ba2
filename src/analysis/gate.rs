//! Limits on what a set of rules may arm, to check rules before they are loaded.

use super::arming::{Arming, Counted, KernelRule};
use super::load::Origin;
use super::walk::{Walk, Walks};
use crate::catalog::Arch;

/// A condition on what rules arm.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gate {
    /// A kernel with the bitmap does not arm this syscall.
    DenyArm {
        /// The arch of the syscall.
        arch: Arch,
        /// Its number.
        nr: u32,
    },
    /// The maximum number of syscalls that a kernel with the bitmap arms.
    MaxArmed(usize),
    /// The maximum number of rules of the exit list that any kernel tests for a syscall.
    MaxWalk(usize),
    /// A stock kernel arms nothing.
    DenyStockArm,
}

/// A gate that the rules do not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GateFailure {
    /// The gate.
    pub gate: Gate,
    /// The result that fails the gate.
    pub found: Found,
    /// The rule that causes the failure, or the first of several.
    pub rule: Origin,
    /// The number of other rules that cause it.
    pub others: usize,
}

/// A result that fails a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// The syscall is armed, because a rule has it in its mask.
    InMask,
    /// Every syscall is armed, because this rule switches the bitmap off.
    NoBitmap(Counted),
    /// The number of armed syscalls.
    Armed(usize),
    /// The longest walk.
    Longest(Walk),
    /// This rule arms a stock kernel.
    Stock(Counted),
}

/// Returns the gates that the rules do not meet, in order.
pub fn failures(arming: &Arming, walks: &Walks, gates: &[Gate]) -> Vec<GateFailure> {
    gates.iter().filter_map(|gate| failure(arming, walks, gate)).collect()
}

fn failure(arming: &Arming, walks: &Walks, gate: &Gate) -> Option<GateFailure> {
    let blame = match *gate {
        Gate::DenyArm { nr, .. } => arms(arming, nr),
        Gate::MaxArmed(max) => arms_more(arming, max),
        Gate::MaxWalk(max) => walks_longer(arming, walks, max),
        Gate::DenyStockArm => {
            let because = arming.stock.because.clone()?;
            let others = arming.counters.n_rules().saturating_sub(1) as usize;
            Some((because.origin.clone(), others, Found::Stock(because)))
        }
    };
    let (rule, others, found) = blame?;
    Some(GateFailure { gate: gate.clone(), found, rule, others })
}

/// The rule that causes a failure, the number of other such rules, and the result.
type Blame = (Origin, usize, Found);

fn arms(arming: &Arming, nr: u32) -> Option<Blame> {
    if !arming.is_armed(nr) {
        return None;
    }
    if let Some(blame) = no_bitmap(arming) {
        return Some(blame);
    }
    let syscalls = &arming.bitmap.syscalls;
    let at = syscalls.binary_search_by_key(&nr, |syscall| syscall.nr).ok()?;
    let mut origins = arming.origins(&syscalls.get(at)?.rules);
    let first = origins.next()?.clone();
    Some((first, origins.count(), Found::InMask))
}

/// Returns the rules that switch the bitmap off.
fn no_bitmap(arming: &Arming) -> Option<Blame> {
    let (first, others) = arming.bitmap.spoilers.split_first()?;
    Some((first.origin.clone(), others.len(), Found::NoBitmap(first.clone())))
}

fn arms_more(arming: &Arming, max: usize) -> Option<Blame> {
    let armed = arming.bitmap.armed_count;
    if armed <= max {
        return None;
    }
    if let Some(blame) = no_bitmap(arming) {
        return Some(blame);
    }
    if let Some((first, others)) = arming.bitmap.arms_all.split_first() {
        return Some((first.clone(), others.len(), Found::Armed(armed)));
    }
    let in_range = |kernel_rule: &KernelRule<'_>| {
        kernel_rule.rule.mask.iter().take_while(|nr| *nr < arming.nr_syscalls).count()
    };
    // `rev` makes `max_by_key` return the first of several equal ones.
    let most = arming.exit_rules().collect::<Vec<_>>().into_iter().rev().max_by_key(in_range)?;
    Some((most.origin.clone(), 0, Found::Armed(armed)))
}

/// Blames the first rule beyond the limit.
fn walks_longer(arming: &Arming, walks: &Walks, max: usize) -> Option<Blame> {
    let longest = walks.longest().filter(|walk| walk.worst > max)?;
    let first = arming.exit_rules().filter(KernelRule::is_walked).nth(max)?;
    Some((first.origin.clone(), longest.worst - max - 1, Found::Longest(*longest)))
}
