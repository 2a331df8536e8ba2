//! The rules in which two sets differ. An event that none of them matches is decided by the same rules in the same
//! order, so no other rules and no other events have to be compared.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};

use super::Keys;
use super::difference::Difference;
use super::ends::Changes;
use super::evidence::Change;
use super::filesystems::{Filesystems, dropped};
use super::numbers::NumberTest;
use super::roles::{has_key, in_list, in_role, path_of};
use super::test::Role;
use crate::catalog::{self, Arch};
use crate::model::{Entry, EntryChange, KernelModel, names_of};
use crate::rule::{Action, Mask, Rule};

/// The rules in which two sets differ, by the lists that are walked together.
pub(super) struct Changed<'r> {
    /// On the lists exit and io_uring, and among the rules that are kept by inode.
    pub(super) calls: Difference<'r>,
    pub(super) task: Difference<'r>,
    pub(super) user: Difference<'r>,
    pub(super) exclude: Difference<'r>,
    /// Whether each set watches paths that the other does not. The kernel then looks at names that are removed at
    /// another moment.
    pub(super) watches: [bool; 2],
    /// Whether the kernel tests rules of one path in another order after the path gets a file.
    pub(super) is_reordered: bool,
    /// The file systems whose names each set drops, if these are not the same; else nothing.
    pub(super) dropped: [Vec<NumberTest>; 2],
}

/// The roles of rules that judge calls.
const OF_CALLS: [Role; 3] = [Role::Exit, Role::IoUring, Role::ByInode];

/// Returns the conditions of the filesystem lists; none if both sets drop the same names.
fn dropped_by_one(sets: [&KernelModel; 2], filesystems: &Filesystems) -> [Vec<NumberTest>; 2] {
    match filesystems.differing().is_empty() {
        true => [Vec::new(), Vec::new()],
        false => sets.map(dropped),
    }
}

impl<'r> Changed<'r> {
    /// Returns all rules of the first set, as if the other had none of them.
    pub(super) fn required(sets: [&'r KernelModel; 2], filesystems: &Filesystems) -> Self {
        let in_lists = |role| Difference::of([&in_list(sets[0], role), &[]]);
        let calls = in_role(sets[0], &OF_CALLS);
        let [watched, others] = sets.map(watched);
        Changed {
            calls: Difference::of([&calls, &[]]),
            task: in_lists(Role::Task),
            user: Difference::default(),
            exclude: Difference::default(),
            watches: watch_alone([&watched, &others]),
            is_reordered: !reordered(&calls).is_empty(),
            dropped: dropped_by_one(sets, filesystems),
        }
    }

    pub(super) fn of(sets: [&'r KernelModel; 2], filesystems: &Filesystems) -> Self {
        let in_lists = |role| {
            let [old, new] = sets.map(|set| in_list(set, role));
            Difference::of([&old, &new])
        };
        let [old, new] = sets.map(|set| in_role(set, &OF_CALLS));
        let has_kept = old.iter().chain(&new).any(|entry| Role::of(entry) == Role::ByInode);
        let [watched, others] = sets.map(watched);
        let mut calls = Difference::of([&old, &new]);
        let [of_old, of_new] = [&old, &new].map(|list| reordered(list));
        if !of_old.iter().map(|entry| entry.rule()).eq(of_new.iter().map(|entry| entry.rule())) {
            calls.extend([&of_old, &of_new]);
        }
        Changed {
            calls,
            is_reordered: !of_old.is_empty() || !of_new.is_empty(),
            task: in_lists(Role::Task),
            user: in_lists(Role::User),
            exclude: in_lists(Role::Exclude),
            watches: watch_alone([&watched, &others]).map(|alone| has_kept && alone),
            dropped: dropped_by_one(sets, filesystems),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        let all = [&self.calls, &self.task, &self.user, &self.exclude];
        all.into_iter().all(Difference::is_empty) && !self.drops_differ()
    }

    /// Returns whether one of the sets watches paths that the other does not.
    pub(super) fn watches_differ(&self) -> bool {
        self.watches.contains(&true)
    }

    /// Returns the changes that events can show because only one set watches a removed name: that set tests its rules
    /// by inode once more, before the list. Then one of them records, or silences.
    pub(super) fn possible_by_watches(&self, related: [&[&'r Entry]; 2], keys: Keys) -> Changes {
        let by_inode =
            || related.into_iter().flatten().filter(|entry| Role::of(entry) == Role::ByInode);
        let silences = by_inode().any(|entry| !is_recording(entry));
        let rekeyed = (keys == Keys::Count).then_some(Change::Rekeyed);
        let of = |watches: bool, records, silenced| {
            [Some(records), rekeyed, silences.then_some(silenced)]
                .into_iter()
                .flatten()
                .filter(move |_| watches)
        };
        let [old, new] = self.watches;
        of(old, Change::Lost, Change::Gained).chain(of(new, Change::Gained, Change::Lost)).collect()
    }

    /// Returns whether the sets drop the names of other file systems.
    pub(super) fn drops_differ(&self) -> bool {
        self.dropped.iter().any(|dropped| !dropped.is_empty())
    }

    /// Returns for rules that did not change a rule that represents them where only outcomes matter: one with the same
    /// outcome if that is the outcome of a changed rule, and else any. Events of which only others decide have the
    /// same outcome. Returns nothing where the order of rules of several kinds matters besides.
    pub(super) fn groups(
        &self,
        related: [&[&'r Entry]; 2],
        keys: Keys,
    ) -> HashMap<&'r Rule, &'r Rule> {
        let is_odd = |entry: &Entry| {
            let is_by_inode = Role::of(entry) == Role::ByInode;
            is_by_inode && path_of(entry).is_none()
                || keys == Keys::Count && is_recording(entry) && !has_key(entry.rule())
        };
        let mut groups = HashMap::default();
        let is_uneven = self.drops_differ() || self.is_reordered;
        if is_uneven || related.into_iter().flatten().any(|entry| is_odd(entry)) {
            return groups;
        }
        let changed: HashSet<&Rule> = self.calls.entries.iter().map(|entry| entry.rule()).collect();
        let outcomes: HashSet<_> = changed.iter().map(|rule| outcome(rule, keys)).collect();
        let mut first = HashMap::default();
        for entry in related.into_iter().flatten() {
            let rule = entry.rule();
            if !changed.contains(rule) {
                let group = Some(outcome(rule, keys)).filter(|own| outcomes.contains(own));
                groups.insert(rule, *first.entry(group).or_insert(rule));
            }
        }
        groups
    }

    /// Returns the changed rules that judge calls, with the changes that events with several names can show because of
    /// each.
    pub(super) fn possible(
        &self,
        related: [&[&'r Entry]; 2],
        keys: Keys,
    ) -> impl Iterator<Item = (&'r Rule, Changes)> {
        let silences_by_inode = related
            .into_iter()
            .flatten()
            .any(|entry| Role::of(entry) == Role::ByInode && !is_recording(entry));
        let entries = self.calls.entries.iter().enumerate();
        entries.map(move |(at, entry)| {
            let rule = entry.rule();
            let is_only_rekeyed =
                self.calls.is_rekeyed(rule) || !silences_by_inode && self.calls.keeps_side(rule);
            if self.drops_differ() || self.is_reordered {
                return (rule, Changes::ALL);
            }
            if is_only_rekeyed {
                let rekeyed = (keys == Keys::Count).then_some(Change::Rekeyed);
                return (rule, rekeyed.into_iter().collect());
            }
            let [old, new] = related;
            let own =
                if at < self.calls.of_old { (Change::Lost, old) } else { (Change::Gained, new) };
            (rule, possible_with(entry, own, keys))
        })
    }

    /// Returns the rules of a set that can match a call that a changed rule matches, in the order of their priority.
    pub(super) fn related(&self, set: &'r KernelModel) -> Vec<&'r Entry> {
        let mut calls = Calls::default();
        for entry in &self.calls.entries {
            calls.extend(entry);
        }
        if !self.task.is_empty() || !self.exclude.is_empty() || self.drops_differ() {
            calls = Calls { syscalls: Mask::ALL, operations: Mask::ALL };
        }
        if self.watches_differ() {
            let arch = set.profile().arch();
            [Some(arch), arch.compat()]
                .into_iter()
                .flatten()
                .for_each(|arch| calls.add_removing(arch));
        }
        let mut entries = in_role(set, &OF_CALLS);
        entries.retain(|entry| {
            let mut own = Calls::default();
            own.extend(entry);
            own.intersects(&calls)
        });
        entries
    }
}

/// Returns the changes that events can show because a rule goes from its set or comes to it. `fewer` is what it changes
/// if it decides and records.
fn possible_with(entry: &Entry, (fewer, own): (Change, &[&Entry]), keys: Keys) -> Changes {
    let more = if fewer == Change::Lost { Change::Gained } else { Change::Lost };
    let rekeyed = (keys == Keys::Count).then_some(Change::Rekeyed);
    let is_before =
        |other: &Entry| Role::of(other) == Role::ByInode && other.priority() > entry.priority();
    // A rule without a key keeps the key of the rule that decided until then.
    let keeps_keys =
        own.iter().any(|other| is_before(other) && is_recording(other) && !has_key(other.rule()));
    // The rule decides, or its key is kept.
    let mut possible: Vec<Option<Change>> = match is_recording(entry) {
        true => vec![Some(fewer), rekeyed],
        false => vec![Some(more), rekeyed.filter(|_| keeps_keys || has_key(entry.rule()))],
    };
    // Only rules by inode before it decide after it, and others would do so without it.
    let has = |is_before: bool, records: bool| {
        own.iter().any(|other| {
            Role::of(other) == Role::ByInode
                && (other.priority() > entry.priority()) == is_before
                && is_recording(other) == records
        })
    };
    possible.push((has(true, false) && has(false, true)).then_some(more));
    possible.push((has(true, true) && has(false, false)).then_some(fewer));
    possible.push(rekeyed.filter(|_| has(true, true) && has(false, true)));
    // While a call removes a name, the rule can match another name first. Then a rule with a higher priority that would
    // have matched the removed name does not decide, and one between both can.
    let greatest = own
        .iter()
        .filter(|other| Role::of(other) == Role::ByInode && is_recording(other))
        .map(|other| other.priority())
        .max();
    let is_between = |records: bool| {
        let priorities = entry.priority() + 1..greatest.unwrap_or(0);
        Role::of(entry) == Role::ByInode
            && own.iter().any(|other| {
                is_recording(other) == records && priorities.contains(&other.priority())
            })
    };
    match is_recording(entry) {
        true => possible.push(is_between(false).then_some(more)),
        false => possible.push(rekeyed.filter(|_| is_between(true))),
    }
    possible.into_iter().flatten().collect()
}

fn is_recording(entry: &Entry) -> bool {
    entry.rule().action != Action::Never
}

/// Returns whether the rule records, and the keys of the record.
fn outcome(rule: &Rule, keys: Keys) -> Option<Vec<&[u8]>> {
    let counts = |_: &&[u8]| keys == Keys::Count;
    (rule.action != Action::Never).then(|| rule.keys().filter(counts).collect())
}

/// Returns the rules of a path that the kernel tests in the order in which they were added once the path gets a file
/// (`audit_update_watch`), if that is not their order in the list.
fn reordered<'r>(list: &[&'r Entry]) -> Vec<&'r Entry> {
    let mut of_paths: HashMap<&[u8], Vec<&Entry>> = HashMap::default();
    for entry in list.iter().filter(|entry| Role::of(entry) == Role::ByInode) {
        if let Some(path) = path_of(entry) {
            of_paths.entry(path).or_default().push(entry);
        }
    }
    let is_in_order = |rules: &Vec<&Entry>| rules.is_sorted_by_key(|entry| entry.serial());
    let mut rules: Vec<&Entry> =
        of_paths.into_values().filter(|rules| !is_in_order(rules)).flatten().collect();
    rules.sort_unstable_by_key(|entry| entry.serial());
    rules
}

/// Returns whether the priority of other rules can decide which rule of a path matches: a rule that was added before
/// another, but has a lower priority, is tested first, and a rule between both can have matched already.
pub(super) fn has_rules_between(set: &KernelModel) -> bool {
    let all = in_role(set, &OF_CALLS);
    let moved = reordered(&all);
    let makes = |number: u32| {
        let arch = set.profile().arch();
        [Some(arch), arch.compat()].into_iter().flatten().any(|arch| {
            let names = catalog::kernel_syscall_name(arch, number).and_then(names_of);
            names.is_some_and(|names| {
                !matches!(names.change, EntryChange::Nothing | EntryChange::Removes)
            })
        })
    };
    let making: Vec<u32> = (0..Mask::FIRST_CLASS_BIT).filter(|number| makes(*number)).collect();
    let share_call = |rules: [&Entry; 3]| {
        making.iter().any(|number| rules.iter().all(|entry| entry.rule().mask.contains(*number)))
    };
    moved.iter().enumerate().any(|(at, first)| {
        let later = moved.iter().skip(at + 1).filter(|later| {
            path_of(later) == path_of(first) && later.priority() > first.priority()
        });
        later.into_iter().any(|later| {
            let is_between = |other: &&&Entry| {
                (first.priority() + 1..later.priority()).contains(&other.priority())
                    && path_of(other) != path_of(first)
            };
            all.iter().filter(is_between).any(|other| share_call([first, later, other]))
        })
    })
}

/// Returns for each set whether it watches paths that the other does not.
fn watch_alone([old, new]: [&BTreeSet<&[u8]>; 2]) -> [bool; 2] {
    [!old.is_subset(new), !new.is_subset(old)]
}

/// Returns the paths that a set watches.
pub(super) fn watched(set: &KernelModel) -> BTreeSet<&[u8]> {
    set.entries().filter(|entry| Role::of(entry) == Role::ByInode).filter_map(path_of).collect()
}

/// The calls that rules are tested for.
struct Calls {
    syscalls: Mask,
    operations: Mask,
}

impl Default for Calls {
    fn default() -> Self {
        Calls { syscalls: Mask::EMPTY, operations: Mask::EMPTY }
    }
}

impl Calls {
    fn extend(&mut self, entry: &Entry) {
        let mask = &entry.rule().mask;
        match Role::of(entry) {
            Role::IoUring => self.operations.extend_with(mask),
            Role::ByInode => {
                self.syscalls.extend_with(mask);
                // An operation counts as syscall 0.
                if mask.contains(0) {
                    self.operations = Mask::ALL;
                }
            }
            _ => self.syscalls.extend_with(mask),
        }
    }

    /// Adds the syscalls that remove entries of directories.
    fn add_removing(&mut self, arch: Arch) {
        for number in 0..Mask::FIRST_CLASS_BIT {
            let names = catalog::kernel_syscall_name(arch, number).and_then(names_of);
            let removes = |change| matches!(change, EntryChange::Removes | EntryChange::Moves);
            let is_removing = names.is_some_and(|names| removes(names.change));
            let is_added = is_removing && self.syscalls.insert(number);
            debug_assert!(is_added == is_removing, "a number below the classes");
        }
    }

    fn intersects(&self, other: &Calls) -> bool {
        self.syscalls.intersects(&other.syscalls) || self.operations.intersects(&other.operations)
    }
}
