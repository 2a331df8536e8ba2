//! Two sets of rules side by side: what the second arms and walks that the first did not.

use std::collections::HashMap;
use std::sync::Arc;

use super::arming::{Arming, KernelRule};
use super::load::Origin;
use super::walk::{Walks, walks};
use crate::rule::{FilterList, Rule};

/// What differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The rules that only the new set has, in its order.
    pub added: Vec<Origin>,
    /// The rules that only the old set has, in its order.
    pub removed: Vec<Origin>,
    /// Syscalls that only the new set arms on a kernel with the bitmap.
    pub newly_armed: Vec<Change>,
    /// Syscalls that only the old set arms there.
    pub disarmed: Vec<Change>,
    /// Syscalls armed by both with a longer walk.
    pub longer: Vec<Change>,
    /// Syscalls armed by both with a shorter walk.
    pub shorter: Vec<Change>,
}

/// How far a syscall is walked at worst; the longer one where the kernel runs two arches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length {
    /// Rules tested.
    pub rules: usize,
    /// Fields compared.
    pub fields: usize,
}

/// A syscall number that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The number.
    pub nr: u32,
    /// Its walk before.
    pub before: Length,
    /// Its walk after.
    pub after: Length,
    /// The rules it comes from: indexes into [`Comparison::added`].
    pub added: Arc<[usize]>,
    /// The rules it comes from: indexes into [`Comparison::removed`]. Where both are empty, the order
    /// of the rules alone has changed.
    pub removed: Arc<[usize]>,
}

impl Comparison {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        let no_rules = self.added.is_empty() && self.removed.is_empty();
        let changes = [&self.newly_armed, &self.disarmed, &self.longer, &self.shorter];
        no_rules && changes.iter().all(|changes| changes.is_empty())
    }
}

/// Compares what two sets of rules arm on the same kernel.
pub fn compare(old: &Arming, new: &Arming) -> Comparison {
    let added = only_in(new, old);
    let removed = only_in(old, new);
    let before = lengths(old, &walks(old));
    let after = lengths(new, &walks(new));
    let mut comparison = Comparison {
        added: origins(&added),
        removed: origins(&removed),
        newly_armed: Vec::new(),
        disarmed: Vec::new(),
        longer: Vec::new(),
        shorter: Vec::new(),
    };
    let (mut by_new, mut by_old) = (Causes::of_rules(&added), Causes::of_rules(&removed));
    for (nr, (before, after)) in (0u32..).zip(before.into_iter().zip(after)) {
        let (changes, cause): (_, Cause) = match (old.is_armed(nr), new.is_armed(nr)) {
            (false, true) => (&mut comparison.newly_armed, arms),
            (true, false) => (&mut comparison.disarmed, arms),
            (true, true) if before < after => (&mut comparison.longer, lengthens),
            (true, true) if before > after => (&mut comparison.shorter, lengthens),
            _ => continue,
        };
        let is_same_length = before.rules == after.rules;
        changes.push(Change {
            nr,
            before,
            after,
            added: by_new.of(nr, is_same_length, cause),
            removed: by_old.of(nr, is_same_length, cause),
        });
    }
    comparison
}

/// Finds the rules that a change comes from.
struct Causes<'a> {
    rules: &'a [KernelRule<'a>],
    /// What was found last: often the same for the next syscall, and then kept once.
    last: Arc<[usize]>,
}

impl<'a> Causes<'a> {
    fn of_rules(rules: &'a [KernelRule<'a>]) -> Self {
        Causes { rules, last: Arc::default() }
    }

    fn of(&mut self, nr: u32, is_same_length: bool, cause: Cause) -> Arc<[usize]> {
        // Rules that only stand in the way count where none is about this very syscall.
        let exact = if is_same_length { self.named(hits, nr) } else { Vec::new() };
        let found = if exact.is_empty() { self.named(cause, nr) } else { exact };
        if *self.last != *found {
            self.last = found.into();
        }
        Arc::clone(&self.last)
    }

    fn named(&self, by: Cause, nr: u32) -> Vec<usize> {
        let rules = self.rules.iter().enumerate().filter(|(_, kernel_rule)| by(kernel_rule, nr));
        rules.map(|(index, _)| index).collect()
    }
}

/// Whether a rule is to blame for what changes at a syscall.
type Cause = fn(&KernelRule<'_>, u32) -> bool;

/// Whether the rule arms a syscall, or keeps the bitmap from being used.
fn arms(kernel_rule: &KernelRule<'_>, nr: u32) -> bool {
    match kernel_rule.rule.list {
        FilterList::Exit => kernel_rule.rule.mask.contains(nr),
        FilterList::User | FilterList::Exclude | FilterList::Filesystem => false,
        _ => true,
    }
}

/// Whether the rule is on the walk of every syscall.
fn lengthens(kernel_rule: &KernelRule<'_>, _: u32) -> bool {
    kernel_rule.is_walked()
}

/// Whether the rule is on the walk and has the syscall in its mask.
fn hits(kernel_rule: &KernelRule<'_>, nr: u32) -> bool {
    kernel_rule.is_walked() && kernel_rule.rule.mask.contains(nr)
}

fn origins(rules: &[KernelRule<'_>]) -> Vec<Origin> {
    rules.iter().map(|kernel_rule| kernel_rule.origin.clone()).collect()
}

/// The rules of `one` that `other` has not, each as often as it has more of them.
fn only_in<'a>(one: &'a Arming, other: &Arming) -> Vec<KernelRule<'a>> {
    let mut there: HashMap<&Rule, usize> = HashMap::new();
    for kernel_rule in other.rules() {
        *there.entry(kernel_rule.rule).or_default() += 1;
    }
    let is_new = |kernel_rule: &KernelRule<'_>| match there.get_mut(kernel_rule.rule) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    one.rules().filter(is_new).collect()
}

/// The longest walk of each number: all of the list for one that no rule is for.
fn lengths(arming: &Arming, walks: &Walks) -> Vec<Length> {
    let mut lengths: Vec<Option<Length>> = vec![None; arming.nr_syscalls as usize];
    for walk in &walks.walks {
        if let Some(length) = lengths.get_mut(walk.nr as usize) {
            *length = (*length).max(Some(Length { rules: walk.worst, fields: walk.fields }));
        }
    }
    let all = Length { rules: walks.list_len, fields: 0 };
    lengths.into_iter().map(|length| length.unwrap_or(all)).collect()
}
