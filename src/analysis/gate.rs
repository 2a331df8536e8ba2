//! What a set of rules must not do, for those who check it before it is loaded.

use super::arming::{Arming, Counted, KernelRule};
use super::load::Origin;
use super::walk::{Walk, Walks};
use crate::catalog::Arch;

/// A condition on what rules arm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// This syscall is not armed on a kernel with the bitmap.
    DenyArm {
        /// The arch whose syscall it is.
        arch: Arch,
        /// Its number.
        nr: u32,
    },
    /// No more syscalls than these are armed on a kernel with the bitmap.
    MaxArmed(usize),
    /// No syscall has more rules of the exit list tested than these, on any kernel.
    MaxWalk(usize),
    /// A stock kernel is not armed.
    DenyStockArm,
}

/// A gate that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which.
    pub gate: Gate,
    /// What was found instead.
    pub found: Found,
    /// The rule that is to blame, or the first of several.
    pub rule: Origin,
    /// How many others are.
    pub others: usize,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The syscall is armed, for a rule has it in its mask.
    InMask,
    /// Every syscall is armed, for this rule keeps the bitmap from being used.
    NoBitmap(Counted),
    /// So many syscalls are armed.
    Armed(usize),
    /// This syscall is walked for longest.
    Longest(Walk),
    /// A stock kernel is armed by this rule.
    Stock(Counted),
}

/// The gates that do not hold, in order.
pub fn failures(arming: &Arming, walks: &Walks, gates: &[Gate]) -> Vec<Failure> {
    gates.iter().filter_map(|gate| failure(arming, walks, gate)).collect()
}

fn failure(arming: &Arming, walks: &Walks, gate: &Gate) -> Option<Failure> {
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
    Some(Failure { gate: gate.clone(), found, rule, others })
}

/// The rule to blame, how many more are, and what was found.
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

/// What keeps the bitmap from being used.
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
    // The first of several that name as many.
    let most = arming.exit_rules().collect::<Vec<_>>().into_iter().rev().max_by_key(in_range)?;
    Some((most.origin.clone(), 0, Found::Armed(armed)))
}

/// The rule to blame is the first that is one too many.
fn walks_longer(arming: &Arming, walks: &Walks, max: usize) -> Option<Blame> {
    let longest = walks.longest().filter(|walk| walk.worst > max)?;
    let first = arming.exit_rules().filter(KernelRule::is_walked).nth(max)?;
    Some((first.origin.clone(), longest.worst - max - 1, Found::Longest(*longest)))
}
