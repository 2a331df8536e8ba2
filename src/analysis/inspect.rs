//! Everything about one syscall: which rules can match it, and which of them wins.

use super::arming::{Arming, KernelRule};
use super::verdict::{Obstacle, Side, Verdict};
use super::walk::{Walk, Walks};
use crate::catalog::{self, Arch};

/// A syscall of one arch, looked into.
#[derive(Clone, Debug)]
pub struct Inspection<'a> {
    /// Its walk; the arch, number and name are there too.
    pub walk: Walk,
    /// Whether a kernel with the bitmap arms it.
    pub is_armed: bool,
    /// The rules of the exit list that have it in their mask, in the order in which they win.
    pub rules: Vec<Candidate<'a>>,
}

/// A rule that has the syscall in its mask.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The rule.
    pub kernel_rule: KernelRule<'a>,
    /// Its place on the walk, counted from 1; `None` for one kept by inode.
    pub place: Option<usize>,
    /// Whether it matches.
    pub verdict: Verdict,
    /// Why it never does.
    pub obstacle: Option<Obstacle>,
    /// Whether a rule that always matches stands before it, so that it never wins.
    pub is_shadowed: bool,
}

impl Inspection<'_> {
    /// The rules that win for some call: any that can match, up to the first that always does.
    pub fn contenders(&self) -> impl Iterator<Item = &Candidate<'_>> {
        self.rules.iter().filter(|one| one.verdict != Verdict::Never && !one.is_shadowed)
    }
}

/// Looks into syscall `nr` of the programs of `arch`; `None` if the kernel has no such walk.
pub fn inspect<'a>(
    arming: &'a Arming,
    walks: &Walks,
    arch: Arch,
    nr: u32,
) -> Option<Inspection<'a>> {
    let walk = *walks.of(arch, nr)?;
    let side = Side::of(arming, arch);
    let mut place = 0;
    let mut is_shadowed = false;
    let mut rules = Vec::new();
    for kernel_rule in arming.exit_rules() {
        place += usize::from(kernel_rule.is_walked());
        if !kernel_rule.rule.mask.contains(nr) {
            continue;
        }
        let outcome = side.outcome(kernel_rule.rule, nr);
        rules.push(Candidate {
            kernel_rule,
            place: kernel_rule.is_walked().then_some(place),
            verdict: outcome.verdict,
            obstacle: outcome.obstacle,
            is_shadowed,
        });
        is_shadowed |= outcome.verdict == Verdict::Always;
    }
    Some(Inspection { walk, is_armed: arming.is_armed(nr), rules })
}

/// The numbers that `text` stands for on each of the kernel's arches: a name in auditctl's or the
/// kernel's spelling, or a number.
pub fn syscalls_named(arming: &Arming, text: &str) -> Vec<(Arch, u32)> {
    let number = |arch| match text.parse::<u32>() {
        Ok(number) => Some(number),
        Err(_) => number_of(arch, text),
    };
    arming.arches().filter_map(|arch| Some((arch, number(arch)?))).collect()
}

/// The number of the syscall `name` on `arch`, in auditctl's spelling or the kernel's.
pub fn number_of(arch: Arch, name: &str) -> Option<u32> {
    catalog::syscall_number(arch, name.as_bytes())
        .or_else(|| catalog::kernel_syscall_number(arch, name.as_bytes()))
}
