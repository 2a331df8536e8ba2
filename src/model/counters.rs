//! The counters that a kernel keeps when rules are added and deleted.

use super::kernel_rule::is_counted;
use crate::rule::{FilterList, Rule};

/// The counters of `kernel/auditfilter.c`, with those of the bitmap patch of 2023 ("audit: check
/// syscall bitmap on entry to avoid extra work").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counters {
    n_rules: u32,
    n_syscall_rules: u32,
    per_syscall: Vec<u32>,
}

impl Counters {
    /// Creates counters that are all zero, for a kernel with `nr_syscalls` syscalls.
    pub fn new(nr_syscalls: u32) -> Self {
        Counters { n_rules: 0, n_syscall_rules: 0, per_syscall: vec![0; nr_syscalls as usize] }
    }

    /// Returns the number of rules on all lists except user, exclude and filesystem
    /// (`audit_n_rules`).
    pub fn n_rules(&self) -> u32 {
        self.n_rules
    }

    /// Returns the number of these rules on the exit list (`audit_n_syscall_rules`; bitmap patch).
    pub fn n_syscall_rules(&self) -> u32 {
        self.n_syscall_rules
    }

    /// Returns the number of rules of the exit list with syscall `number` in their mask
    /// (`audit_syscall_rules`; bitmap patch); 0 for numbers that the kernel does not have.
    pub fn of_syscall(&self, number: u32) -> u32 {
        self.per_syscall.get(number as usize).copied().unwrap_or(0)
    }

    /// Returns the syscalls in the bitmap, in ascending order, each with its count.
    pub fn armed(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0u32..).zip(self.per_syscall.iter().copied()).filter(|&(_, count)| count != 0)
    }

    /// Returns whether every counted rule is on the exit list. Only then does the bitmap decide;
    /// otherwise a kernel with the patch arms as a stock kernel does.
    pub fn are_equal(&self) -> bool {
        self.n_rules == self.n_syscall_rules
    }

    /// Returns whether a stock kernel arms: either every syscall of every audited task, or none.
    pub fn stock_arms(&self) -> bool {
        self.n_rules != 0
    }

    /// Returns whether a kernel with the bitmap arms syscall `number` (`__audit_syscall_entry`).
    pub fn bitmap_arms(&self, number: u32) -> bool {
        if self.are_equal() { self.of_syscall(number) != 0 } else { self.stock_arms() }
    }

    /// Returns the number of syscalls that a kernel with the bitmap arms.
    pub fn armed_count(&self) -> usize {
        if self.are_equal() { self.armed().count() } else { self.per_syscall.len() }
    }

    /// Returns the counters without one rule, which is in the form that the kernel keeps.
    pub fn without(&self, rule: &Rule) -> Self {
        let mut counters = self.clone();
        counters.uncount(rule);
        counters
    }

    pub(super) fn count(&mut self, rule: &Rule) {
        self.change(rule, |counter| *counter = counter.saturating_add(1));
    }

    pub(super) fn uncount(&mut self, rule: &Rule) {
        self.change(rule, |counter| *counter = counter.saturating_sub(1));
    }

    /// Changes the counters for `rule`, which is in the form that the kernel keeps: without class
    /// bits.
    fn change(&mut self, rule: &Rule, step: impl Fn(&mut u32)) {
        if !is_counted(rule.list) {
            return;
        }
        step(&mut self.n_rules);
        if rule.list != FilterList::Exit {
            return;
        }
        step(&mut self.n_syscall_rules);
        let counters = self.per_syscall.chunks_mut(32).zip(rule.mask.words());
        for (counters, &word) in counters.filter(|&(_, &word)| word != 0) {
            let has_all = word == u32::MAX;
            for (bit, counter) in counters.iter_mut().enumerate() {
                if has_all || word & (1 << bit) != 0 {
                    step(counter);
                }
            }
        }
    }
}
