//! What changes from one set of rules to another, on the same kernel.

use std::cmp::Ordering;
use std::sync::Arc;

use foldhash::HashMap;

use super::arming::{Arming, KernelRule};
use super::gate::{Gate, GateFailure, failures};
use super::load::Origin;
use super::recorded::recorded;
use super::walk::{Length, Walks, walks};
use crate::catalog::Arch;
use crate::rule::{FilterList, Rule};

/// Two sets of rules, and what changes from the old to the new one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Comparison {
    /// The arming of the old set.
    pub old: Arming,
    /// The arming of the new set.
    pub new: Arming,
    /// The differences.
    pub changes: Changes,
    /// The gates that were checked.
    pub gates: Vec<Gate>,
    /// The gates that the new set does not meet.
    pub failures: Vec<GateFailure>,
}

/// The differences between two sets of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// The rules that only the new set has, in its order.
    pub added: Vec<Origin>,
    /// The rules that only the old set has, in its order.
    pub removed: Vec<Origin>,
    /// Syscalls that only the new set arms on a kernel with the bitmap.
    pub newly_armed: Vec<Change>,
    /// Syscalls that only the old set arms on a kernel with the bitmap.
    pub disarmed: Vec<Change>,
    /// Syscalls that both arm, with a longer walk in the new set: more rules are tested or more fields compared, and
    /// neither fewer.
    pub longer: Vec<Change>,
    /// Syscalls that both arm, with a shorter walk in the new set: fewer rules are tested or fewer fields compared, and
    /// neither more.
    pub shorter: Vec<Change>,
    /// Syscalls that both arm, with fewer rules tested and more fields compared in the new set, or the reverse.
    pub mixed: Vec<Change>,
    /// Syscalls that only one set can record, for each arch of the kernel with such syscalls.
    pub recorded: Vec<RecordedChange>,
}

/// The syscalls of an arch that only one set of rules can record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedChange {
    /// The arch.
    pub arch: Arch,
    /// The numbers that only the new set can record.
    pub gained: Vec<u32>,
    /// The numbers that only the old set can record.
    pub lost: Vec<u32>,
}

/// A syscall number that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The number.
    pub nr: u32,
    /// Its walk before.
    pub before: Length,
    /// Its walk after.
    pub after: Length,
    /// The added rules that cause it: indexes into [`Changes::added`].
    pub added: Arc<[usize]>,
    /// The removed rules that cause it: indexes into [`Changes::removed`]. If both are empty, only
    /// the order of the rules has changed.
    pub removed: Arc<[usize]>,
}

impl Comparison {
    /// Compares two sets of rules on the same kernel, and checks the gates on the new one.
    pub fn new(old: Arming, new: Arming, gates: Vec<Gate>) -> Self {
        let new_walks = walks(&new);
        let changes = Changes::between((&old, &walks(&old)), (&new, &new_walks));
        let failures = failures(&new, &new_walks, &gates);
        Comparison { old, new, changes, gates, failures }
    }
}

impl Changes {
    /// Returns whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Changes::default()
    }

    fn between(old: (&Arming, &Walks), new: (&Arming, &Walks)) -> Self {
        let ((old, old_walks), (new, new_walks)) = (old, new);
        let added = only_in(new, old);
        let removed = only_in(old, new);
        let before = old_walks.lengths(old.nr_syscalls);
        let after = new_walks.lengths(new.nr_syscalls);
        let mut found =
            Changes { added: origins(&added), removed: origins(&removed), ..Changes::default() };
        let (mut by_new, mut by_old) = (Culprits::among(&added), Culprits::among(&removed));
        for (nr, (before, after)) in (0u32..).zip(before.into_iter().zip(after)) {
            let (changes, cause): (_, Cause) = match (old.is_armed(nr), new.is_armed(nr)) {
                (false, true) => (&mut found.newly_armed, arms),
                (true, false) => (&mut found.disarmed, arms),
                (true, true) => match before.compared_with(after) {
                    Some(Ordering::Less) => (&mut found.longer, lengthens),
                    Some(Ordering::Greater) => (&mut found.shorter, lengthens),
                    Some(Ordering::Equal) => continue,
                    None => (&mut found.mixed, lengthens),
                },
                (false, false) => continue,
            };
            // With the same number of rules, a rule that has the syscall in its mask explains more.
            let causes = [hits, cause].into_iter().skip(match before.rules == after.rules {
                true => 0,
                false => 1,
            });
            let added = by_new.of(nr, causes.clone());
            let removed = by_old.of(nr, causes);
            changes.push(Change { nr, before, after, added, removed });
        }
        found.recorded =
            old.arches().filter_map(|arch| RecordedChange::between(old, new, arch)).collect();
        found
    }
}

impl RecordedChange {
    fn between(old: &Arming, new: &Arming, arch: Arch) -> Option<Self> {
        let (before, after) = (recorded(old, arch), recorded(new, arch));
        let only = |one: &[u32], other: &[u32]| -> Vec<u32> {
            one.iter().copied().filter(|nr| other.binary_search(nr).is_err()).collect()
        };
        let (gained, lost) = (only(&after, &before), only(&before, &after));
        (!gained.is_empty() || !lost.is_empty()).then_some(RecordedChange { arch, gained, lost })
    }
}

/// Finds the rules that cause a change.
struct Culprits<'a> {
    rules: &'a [KernelRule<'a>],
    /// The last result: the next syscall often has the same one, which is then shared.
    last: Arc<[usize]>,
}

impl<'a> Culprits<'a> {
    fn among(rules: &'a [KernelRule<'a>]) -> Self {
        Culprits { rules, last: Arc::default() }
    }

    /// Returns the rules of the first cause that applies to any.
    fn of(&mut self, nr: u32, causes: impl Iterator<Item = Cause>) -> Arc<[usize]> {
        let mut found = causes.map(|cause| self.caused_by(cause, nr));
        let found = found.find(|found| !found.is_empty()).unwrap_or_default();
        if *self.last != *found {
            self.last = found.into();
        }
        Arc::clone(&self.last)
    }

    fn caused_by(&self, cause: Cause, nr: u32) -> Vec<usize> {
        let rules = self.rules.iter().enumerate().filter(|(_, kernel_rule)| cause(kernel_rule, nr));
        rules.map(|(index, _)| index).collect()
    }
}

/// Whether a rule causes a change of a syscall.
type Cause = fn(&KernelRule<'_>, u32) -> bool;

/// Returns whether the rule arms the syscall, or switches the bitmap off.
fn arms(kernel_rule: &KernelRule<'_>, nr: u32) -> bool {
    match kernel_rule.rule.list {
        FilterList::Exit => kernel_rule.rule.mask.contains(nr),
        FilterList::User | FilterList::Exclude | FilterList::Filesystem => false,
        _ => true,
    }
}

/// Returns whether the rule is on the walk of every syscall.
fn lengthens(kernel_rule: &KernelRule<'_>, _: u32) -> bool {
    kernel_rule.is_walked()
}

/// Returns whether the rule is on the walk and has the syscall in its mask.
fn hits(kernel_rule: &KernelRule<'_>, nr: u32) -> bool {
    kernel_rule.is_walked() && kernel_rule.rule.mask.contains(nr)
}

fn origins(rules: &[KernelRule<'_>]) -> Vec<Origin> {
    rules.iter().map(|kernel_rule| kernel_rule.origin.clone()).collect()
}

/// Returns the rules of `one` that `other` does not have. Counts equal rules.
fn only_in<'a>(one: &'a Arming, other: &Arming) -> Vec<KernelRule<'a>> {
    let mut left: HashMap<&Rule, usize> = HashMap::default();
    for kernel_rule in other.rules() {
        *left.entry(kernel_rule.rule).or_default() += 1;
    }
    let is_new = |kernel_rule: &KernelRule<'_>| match left.get_mut(kernel_rule.rule) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    one.rules().filter(is_new).collect()
}
