//! How far the kernel walks along the exit list for a syscall (`audit_filter_syscall`).
//!
//! For each rule the mask is tested first, then the fields in order; the first rule that matches
//! ends the walk, whether `always` or `never`. Rules kept by inode are not on the walk.

use std::collections::HashMap;

use super::arming::{Arming, syscall_name};
use super::verdict::{Outcome, Side, Verdict};
use crate::catalog::Arch;
use crate::rule::{Mask, Rule};

/// The walk for one syscall of one arch, given that the syscall is armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walk {
    /// The arch of the program.
    pub arch: Arch,
    /// The number of the syscall.
    pub nr: u32,
    /// Its name there; `None` for a number that is no syscall.
    pub name: Option<&'static str>,
    /// Rules tested when the first that can match does; all of the list if none can.
    pub best: usize,
    /// Rules tested when none matches that need not; all of the list unless one is sure to match.
    pub worst: usize,
    /// Rules of that longest walk that have the syscall in their mask, so that fields are compared.
    pub hits: usize,
    /// Fields compared at worst, keys not counted.
    pub fields: usize,
    /// Rules kept by inode that have the syscall in their mask: looked at besides, and only those of
    /// the files that the syscall names.
    pub inode_rules: usize,
}

/// All walks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walks {
    /// Rules on the exit list that are walked.
    pub list_len: usize,
    /// Rules of the exit list that are kept by inode instead.
    pub hashed: usize,
    /// For each arch the kernel runs, its own first, and each number that is a syscall there or is
    /// in a mask, in ascending order.
    pub walks: Vec<Walk>,
}

impl Walks {
    /// The longest: the one that tests most rules, and compares most fields.
    pub fn longest(&self) -> Option<&Walk> {
        // The first of several equal ones.
        self.walks.iter().rev().max_by_key(|walk| (walk.worst, walk.fields))
    }

    /// The walk of a syscall.
    pub fn of(&self, arch: Arch, nr: u32) -> Option<&Walk> {
        self.walks.iter().find(|walk| walk.arch == arch && walk.nr == nr)
    }
}

/// The walks for every syscall.
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
    let is_of_use = |walk: &Walk| walk.name.is_some() || walk.hits + walk.inode_rules > 0;
    let walks = walks.map(walk).filter(is_of_use).collect();
    Walks { list_len, hashed: hashed.len(), walks }
}

/// A walk, as far as it has come. Places are counted from 1.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    /// The first rule that can match.
    best: Option<usize>,
    /// The first rule that is sure to.
    end: Option<usize>,
    hits: usize,
    /// Fields compared when no rule has matched so far.
    failing: usize,
    /// Fields compared at worst, wherever it ends.
    fields: usize,
}

impl Sum {
    fn meet(&mut self, place: usize, outcome: Outcome) {
        if self.end.is_some() {
            return;
        }
        self.hits += 1;
        if outcome.verdict != Verdict::Never {
            self.best.get_or_insert(place);
            self.fields = self.fields.max(self.failing + outcome.until_match);
        }
        if outcome.verdict == Verdict::Always {
            self.end = Some(place);
        }
        self.failing += outcome.until_failure;
        if self.end.is_none() {
            self.fields = self.fields.max(self.failing);
        }
    }
}

fn sums(side: &Side, rules: &[&Rule], nr_syscalls: u32) -> Vec<Sum> {
    let mut sums = vec![Sum::default(); nr_syscalls as usize];
    for (place, rule) in (1..).zip(rules) {
        let outcomes = side.outcomes(rule);
        for nr in below(&rule.mask, nr_syscalls) {
            let outcome = outcomes.get(side.kind_of(nr));
            if let (Some(sum), Some(outcome)) = (sums.get_mut(nr as usize), outcome) {
                sum.meet(place, *outcome);
            }
        }
    }
    sums
}

/// How many of the masks have each number. Many rules have few masks.
fn counts<'m>(masks: impl Iterator<Item = &'m Mask>, nr_syscalls: u32) -> Vec<usize> {
    let mut different: HashMap<&Mask, usize> = HashMap::new();
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
