//! Computes what a set of rules arms.
//!
//! A syscall is *armed* when the kernel prepares to record it at entry, and walks the exit list at
//! exit (`__audit_syscall_entry`, `kernel/auditsc.c`). That costs time even if no rule matches. A
//! stock kernel arms all syscalls of every audited task once it counts one rule. A kernel with the
//! bitmap patch arms the syscalls in the masks of the exit list, provided that every counted rule is
//! on the exit list.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::groups::{RuleGroup, group};
use super::load::{Load, Loading, Origin};
use crate::catalog::{self, Arch, PathKind, field};
use crate::model::{Counters, Home, KernelModel, Profile, Refusal};
use crate::rule::{Action, FilterList, Mask, Rule};

/// The syscalls that rules arm on one kernel.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Arming {
    /// The arch of the kernel.
    pub arch: Arch,
    /// The size of its syscall table.
    pub nr_syscalls: u32,
    /// Its rule counters.
    pub counters: Counters,
    /// The number of loaded rules, including those that are not counted.
    pub rules_held: usize,
    /// The result without the bitmap patch.
    pub stock: StockVerdict,
    /// The result with the bitmap patch.
    pub bitmap: BitmapVerdict,
    /// Counted rules of the exit list without a syscall of this kernel in their mask: they arm
    /// nothing here and never match.
    pub idle: Vec<Origin>,
    /// The rules that the kernel refused, in order.
    pub refused: Vec<(Origin, Refusal)>,
    /// The last `-e` and its value, if there is one. 0 turns auditing off: then nothing is armed.
    pub enabled: Option<(Origin, u32)>,
    /// The names of accounts whose numbers in the rules are placeholders, by number; empty unless the caller knows some.
    pub unknown_accounts: BTreeMap<u32, Vec<u8>>,
    origins: Vec<Origin>,
    /// What the path of each load is.
    watched: Vec<Option<PathKind>>,
    kernel: KernelModel,
    /// The load of each accepted rule, by [`crate::model::Entry::serial`].
    taken: Vec<usize>,
}

/// A rule that the kernel holds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct KernelRule<'a> {
    /// The line that it comes from.
    pub origin: &'a Origin,
    /// The rule as the kernel lists it.
    pub rule: &'a Rule,
    /// Its position on the walk, from 1; `None` for a rule on another list and for a rule kept by inode.
    pub position: Option<usize>,
    /// What its path is if it comes from a watch.
    pub watched: Option<PathKind>,
}

impl KernelRule<'_> {
    /// Returns whether the kernel tests the rule on the walk of every armed syscall.
    pub fn is_walked(&self) -> bool {
        self.position.is_some()
    }
}

/// A rule that the kernel counts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counted {
    /// The line that it comes from.
    pub origin: Origin,
    /// Its list.
    pub list: FilterList,
}

/// The result for a stock kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StockVerdict {
    /// Whether it arms every syscall of every audited task; otherwise it arms none.
    pub armed: bool,
    /// The first counted rule, in load order.
    pub because: Option<Counted>,
}

/// The result for a kernel with the bitmap.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BitmapVerdict {
    /// Whether every counted rule is on the exit list. Otherwise the kernel arms every syscall.
    pub equal: bool,
    /// The number of armed syscalls.
    pub armed_count: usize,
    /// The counted rules that are not on the exit list, in load order.
    pub spoilers: Vec<Counted>,
    /// The rules of the exit list with every syscall in their mask, in load order. Each alone arms
    /// every syscall.
    pub arms_all: Vec<Origin>,
    /// The syscalls in the masks of the exit list, in ascending order.
    pub syscalls: Vec<ArmedSyscall>,
}

/// A syscall with the rules that arm it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ArmedSyscall {
    /// Its number.
    pub nr: u32,
    /// The name of the number on the kernel's own arch, in auditctl's spelling.
    pub name: Option<&'static str>,
    /// The name of the number for 32-bit programs, if the kernel runs them.
    pub compat_name: Option<&'static str>,
    /// The rules that arm it.
    pub rules: Arc<RuleGroup>,
}

impl ArmedSyscall {
    /// Returns the name on the kernel's own arch if no rule can match that syscall: it is armed only
    /// because a 32-bit syscall has the same number.
    pub fn native_bystander(&self) -> Option<&'static str> {
        let is_other = self.name != self.compat_name || !self.rules.reaches_compat();
        self.name.filter(|_| is_other && !self.rules.reaches_native())
    }

    /// Returns the name for 32-bit programs if no rule can match that syscall.
    pub fn compat_bystander(&self) -> Option<&'static str> {
        let is_other = self.name != self.compat_name || !self.rules.reaches_native();
        self.compat_name.filter(|_| is_other && !self.rules.reaches_compat())
    }
}

impl Arming {
    /// Returns the origin of each load, in order, refused ones included; [`RuleGroup::members`] are
    /// indexes into these.
    pub fn loads(&self) -> impl Iterator<Item = &Origin> {
        self.origins.iter()
    }

    /// Returns the origins of the rules of a group, in load order.
    pub fn origins(&self, group: &RuleGroup) -> impl Iterator<Item = &Origin> {
        group.members().iter().filter_map(|&load| self.origins.get(load))
    }

    /// Returns all rules as the kernel lists them: by list, and front to back within a list. Within a
    /// list the first match wins.
    pub fn rules(&self) -> impl Iterator<Item = KernelRule<'_>> {
        let mut walked = 0;
        self.kernel.entries().filter_map(move |entry| {
            let load = *self.taken.get(entry.serial())?;
            let (origin, watched) = (self.origins.get(load)?, *self.watched.get(load)?);
            let rule = entry.rule();
            let is_walked = rule.list == FilterList::Exit && entry.home() == Home::List;
            walked += usize::from(is_walked);
            Some(KernelRule { origin, rule, position: is_walked.then_some(walked), watched })
        })
    }

    /// Returns the rules of the exit list, including those kept by inode, in order.
    pub fn exit_rules(&self) -> impl Iterator<Item = KernelRule<'_>> {
        self.rules().filter(|kernel_rule| kernel_rule.rule.list == FilterList::Exit)
    }

    /// Returns the arches whose programs the kernel runs: its own, then the 32-bit one.
    pub fn arches(&self) -> impl Iterator<Item = Arch> + use<> {
        std::iter::once(self.arch).chain(self.arch.compat())
    }

    /// Returns the rule that keeps every new task out of syscall auditing: `never` on the task list without conditions,
    /// with no `always` before it (`audit_filter_task`, `audit_alloc`). `None` if there is no such rule.
    pub fn spares_new_tasks(&self) -> Option<&Origin> {
        let of_tasks = self.rules().filter(|one| one.rule.list == FilterList::Task);
        let decides = |one: &KernelRule<'_>| {
            one.rule.action == Action::Always
                || one.rule.fields.iter().all(|field| field.number() == field::KEY)
        };
        let first = of_tasks.into_iter().find(decides)?;
        (first.rule.action == Action::Never).then_some(first.origin)
    }

    /// Returns whether a kernel with the bitmap arms syscall `nr`.
    pub fn is_armed(&self, nr: u32) -> bool {
        self.counters.bitmap_arms(nr)
    }

    /// Returns the origin of a rule that the kernel holds, by [`crate::model::Entry::serial`].
    pub fn origin_of(&self, serial: usize) -> Option<&Origin> {
        self.origins.get(*self.taken.get(serial)?)
    }

    /// Returns the loaded model.
    pub fn kernel(&self) -> &KernelModel {
        &self.kernel
    }
}

/// Returns the name of `nr` on `arch`, in auditctl's spelling, otherwise in the kernel's.
pub fn syscall_name(arch: Arch, nr: u32) -> Option<&'static str> {
    catalog::syscall_name(arch, nr).or_else(|| catalog::kernel_syscall_name(arch, nr))
}

/// Computes what `loads` arm on the kernel of `profile`, which has no rules before.
///
/// Refused rules are in [`Arming::refused`] and do not count.
pub fn arming(profile: Profile, loads: &[Load]) -> Arming {
    let Loading { kernel, taken, refused, enabled } =
        Loading::run(KernelModel::new(profile), loads);
    let rules = CountedRules::of(&kernel, &taken, loads);
    let counters = kernel.counters();
    let nr_syscalls = profile.nr_syscalls();
    let origin = |load: usize| loads.get(load).map(|load| load.origin.clone());
    let stock =
        StockVerdict { armed: counters.stock_arms(), because: rules.described(|_| true).next() };
    let bitmap = BitmapVerdict {
        equal: counters.are_equal(),
        armed_count: counters.armed_count(),
        spoilers: rules.described(|rule| rule.list != FilterList::Exit).collect(),
        arms_all: rules.on_exit(|mask| has_all(mask, nr_syscalls)),
        syscalls: armed_syscalls(&rules, profile),
    };
    let idle = rules.on_exit(|mask| mask.iter().next().is_none_or(|nr| nr >= nr_syscalls));
    Arming {
        arch: profile.arch(),
        nr_syscalls,
        counters,
        rules_held: kernel.len(),
        stock,
        bitmap,
        idle,
        refused: refused.into_iter().filter_map(|(load, why)| Some((origin(load)?, why))).collect(),
        unknown_accounts: BTreeMap::new(),
        enabled: enabled.and_then(|(load, value)| Some((origin(load)?, value))),
        origins: loads.iter().map(|load| load.origin.clone()).collect(),
        watched: loads.iter().map(|load| load.watched).collect(),
        kernel,
        taken,
    }
}

/// The rules that a kernel counts, in load order.
struct CountedRules<'a> {
    loads: &'a [Load],
    /// Each rule with the index of its load.
    rules: Vec<(usize, &'a Rule)>,
}

impl<'a> CountedRules<'a> {
    fn of(kernel: &'a KernelModel, taken: &[usize], loads: &'a [Load]) -> Self {
        let counted = kernel.entries().filter(|entry| entry.is_counted());
        let mut rules: Vec<_> =
            counted.filter_map(|entry| Some((*taken.get(entry.serial())?, entry.rule()))).collect();
        rules.sort_unstable_by_key(|(load, _)| *load);
        CountedRules { loads, rules }
    }

    fn origin(&self, load: usize) -> Option<Origin> {
        self.loads.get(load).map(|load| load.origin.clone())
    }

    fn described(&self, predicate: impl Fn(&Rule) -> bool) -> impl Iterator<Item = Counted> {
        self.rules.iter().filter(move |(_, rule)| predicate(rule)).filter_map(|(load, rule)| {
            Some(Counted { origin: self.origin(*load)?, list: rule.list })
        })
    }

    /// Returns the origins of the rules of the exit list whose mask satisfies the predicate.
    fn on_exit(&self, predicate: impl Fn(&Mask) -> bool) -> Vec<Origin> {
        self.rules
            .iter()
            .filter(|(_, rule)| rule.list == FilterList::Exit && predicate(&rule.mask))
            .filter_map(|(load, _)| self.origin(*load))
            .collect()
    }
}

/// Returns whether the mask has every number below `nr_syscalls`.
pub(super) fn has_all(mask: &Mask, nr_syscalls: u32) -> bool {
    mask.is_all() || (0..nr_syscalls).all(|number| mask.contains(number))
}

fn armed_syscalls(rules: &CountedRules<'_>, profile: Profile) -> Vec<ArmedSyscall> {
    let arch = profile.arch();
    let on_exit: Vec<_> =
        rules.rules.iter().copied().filter(|(_, rule)| rule.list == FilterList::Exit).collect();
    let groups = group(&on_exit, arch, profile.nr_syscalls());
    let armed = (0u32..).zip(groups).filter_map(|(nr, rules)| Some((nr, rules?)));
    armed
        .map(|(nr, rules)| ArmedSyscall {
            nr,
            name: syscall_name(arch, nr),
            compat_name: arch.compat().and_then(|compat| syscall_name(compat, nr)),
            rules,
        })
        .collect()
}
