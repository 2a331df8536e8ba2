//! How many rules of the exit list the kernel tests for a syscall (`audit_filter_syscall`).
//!
//! For each rule the kernel tests the mask first, then the fields in order. The first rule that
//! matches ends the walk, whether `always` or `never`. Rules kept by inode are not on the walk.

use std::cmp::Ordering;

use foldhash::HashMap;

use super::arming::{Arming, syscall_name};
use super::verdict::{Outcome, Side, Verdict};
use crate::catalog::Arch;
use crate::rule::{Mask, Rule};

/// The walk for one syscall of one arch, if the syscall is armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Walk {
    /// The arch of the program.
    pub arch: Arch,
    /// The number of the syscall.
    pub nr: u32,
    /// Its name on that arch; `None` if the number is not a syscall.
    pub name: Option<&'static str>,
    /// Rules tested if the first rule that can match does; the whole list if none can.
    pub best: usize,
    /// Rules tested at worst: up to the first rule that always matches, or the whole list.
    pub worst: usize,
    /// Rules of that longest walk with the syscall in their mask: their fields are compared.
    pub hits: usize,
    /// Fields compared at worst, not counting keys.
    pub fields: usize,
    /// Rules kept by inode with the syscall in their mask. The kernel also tests those for the files
    /// that the syscall names.
    pub inode_rules: usize,
}

/// The walks of all syscalls.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Walks {
    /// Rules on the exit list that are walked.
    pub list_len: usize,
    /// Rules of the exit list that are kept by inode.
    pub hashed: usize,
    /// One per arch, the kernel's own first, and per number in ascending order: each syscall of the
    /// arch and each number in a mask.
    pub walks: Vec<Walk>,
}

/// The length of the longest walk of a syscall number, over all arches of the kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length {
    /// Rules tested.
    pub rules: usize,
    /// Fields compared.
    pub fields: usize,
}

impl Length {
    /// Compares the work of two walks; `None` if one tests more rules and the other compares more fields.
    pub fn compared_with(self, other: Self) -> Option<Ordering> {
        let (rules, fields) = (self.rules.cmp(&other.rules), self.fields.cmp(&other.fields));
        match (rules, fields) {
            (Ordering::Equal, ordering) | (ordering, Ordering::Equal) => Some(ordering),
            (a, b) => (a == b).then_some(a),
        }
    }
}

impl Walks {
    /// Returns the walk that tests the most rules and, of these, compares the most fields.
    pub fn longest(&self) -> Option<&Walk> {
        // `rev` makes `max_by_key` return the first of several equal ones.
        self.walks.iter().rev().max_by_key(|walk| (walk.worst, walk.fields))
    }

    /// Returns the walk of a syscall.
    pub fn of(&self, arch: Arch, nr: u32) -> Option<&Walk> {
        self.walks.iter().find(|walk| walk.arch == arch && walk.nr == nr)
    }

    /// Returns the length of the longest walk for each number below `nr_syscalls`: the whole list for
    /// a number without a walk of its own.
    pub fn lengths(&self, nr_syscalls: u32) -> Vec<Length> {
        let mut lengths: Vec<Option<Length>> = vec![None; nr_syscalls as usize];
        for walk in &self.walks {
            if let Some(length) = lengths.get_mut(walk.nr as usize) {
                *length = (*length).max(Some(Length { rules: walk.worst, fields: walk.fields }));
            }
        }
        let whole_list = Length { rules: self.list_len, fields: 0 };
        lengths.into_iter().map(|length| length.unwrap_or(whole_list)).collect()
    }
}

/// Computes the walks of all syscalls.
pub fn walks(arming: &Arming) -> Walks {
    let (listed, hashed): (Vec<_>, Vec<_>) =
        arming.exit_rules().partition(super::KernelRule::is_walked);
    let listed: Vec<&Rule> = listed.iter().map(|kernel_rule| kernel_rule.rule).collect();
    let inode_rules =
        counts(hashed.iter().map(|kernel_rule| &kernel_rule.rule.mask), arming.nr_syscalls);
    let walks = arming.arches().flat_map(|arch| {
        let sums = sums(&Side::of(arming, arch), &listed, arming.nr_syscalls);
        let with_inodes = (0u32..).zip(sums).zip(inode_rules.iter().copied()).collect::<Vec<_>>();
        with_inodes.into_iter().map(move |((nr, sum), inode_rules)| (arch, nr, sum, inode_rules))
    });
    let list_len = listed.len();
    let walk = |(arch, nr, sum, inode_rules): (Arch, u32, Sum, usize)| Walk {
        arch,
        nr,
        name: syscall_name(arch, nr),
        best: sum.best.unwrap_or(list_len),
        worst: sum.end.unwrap_or(list_len),
        hits: sum.hits,
        fields: sum.fields,
        inode_rules,
    };
    let is_relevant = |walk: &Walk| walk.name.is_some() || walk.hits + walk.inode_rules > 0;
    let walks = walks.map(walk).filter(is_relevant).collect();
    Walks { list_len, hashed: hashed.len(), walks }
}

/// A walk up to some rule. Positions count from 1.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    /// The position of the first rule that can match.
    best: Option<usize>,
    /// The position of the first rule that always matches.
    end: Option<usize>,
    hits: usize,
    /// Fields compared if no rule has matched so far.
    failing: usize,
    /// Fields compared at worst, over all rules at which the walk can end.
    fields: usize,
}

impl Sum {
    fn test(&mut self, position: usize, outcome: Outcome) {
        if self.end.is_some() {
            return;
        }
        self.hits += 1;
        if outcome.verdict != Verdict::Never {
            self.best.get_or_insert(position);
            self.fields = self.fields.max(self.failing + outcome.until_match);
        }
        if outcome.verdict == Verdict::Always {
            self.end = Some(position);
        }
        self.failing += outcome.until_failure;
        if self.end.is_none() {
            self.fields = self.fields.max(self.failing);
        }
    }
}

fn sums(side: &Side, rules: &[&Rule], nr_syscalls: u32) -> Vec<Sum> {
    let mut sums = vec![Sum::default(); nr_syscalls as usize];
    for (position, rule) in (1..).zip(rules) {
        let outcomes = side.outcomes(rule);
        for nr in below(&rule.mask, nr_syscalls) {
            let outcome = outcomes.get(side.kind_of(nr));
            if let (Some(sum), Some(outcome)) = (sums.get_mut(nr as usize), outcome) {
                sum.test(position, *outcome);
            }
        }
    }
    sums
}

/// Returns the number of masks with each syscall number. Many rules have few different masks.
fn counts<'m>(masks: impl Iterator<Item = &'m Mask>, nr_syscalls: u32) -> Vec<usize> {
    let mut different: HashMap<&Mask, usize> = HashMap::default();
    for mask in masks {
        *different.entry(mask).or_default() += 1;
    }
    let mut counts = vec![0; nr_syscalls as usize];
    for (mask, rules) in different {
        for nr in below(mask, nr_syscalls) {
            if let Some(count) = counts.get_mut(nr as usize) {
                *count += rules;
            }
        }
    }
    counts
}

fn below(mask: &Mask, nr_syscalls: u32) -> impl Iterator<Item = u32> + '_ {
    mask.iter().take_while(move |nr| *nr < nr_syscalls)
}
