//! What a set of rules arms: which syscalls cost something before any rule matches.
//!
//! A syscall is *armed* when the kernel gets ready for records of it at entry, and at exit walks the
//! exit list (`__audit_syscall_entry`, `kernel/auditsc.c`). A stock kernel arms all syscalls of
//! every audited task as soon as one rule is counted. One with the bitmap patch arms those that a
//! rule of the exit list has in its mask, provided that every counted rule is on the exit list.

use std::sync::Arc;

use super::groups::{RuleGroup, group};
use super::load::{Load, Loading, Origin};
use crate::catalog::{self, Arch};
use crate::model::{Counters, Home, KernelModel, Profile, Refusal};
use crate::rule::{FilterList, Mask, Rule};

/// What rules arm on one kernel.
#[derive(Clone, Debug)]
pub struct Arming {
    /// The arch of the kernel.
    pub arch: Arch,
    /// Slots in its syscall table.
    pub nr_syscalls: u32,
    /// What it counts.
    pub counters: Counters,
    /// How many rules it holds, those included that are not counted.
    pub rules_held: usize,
    /// Without the bitmap patch.
    pub stock: StockVerdict,
    /// With it.
    pub bitmap: BitmapVerdict,
    /// Counted rules of the exit list that have no syscall of this kernel in their mask: they arm
    /// nothing here, and never match.
    pub idle: Vec<Origin>,
    /// What the kernel refused, in order.
    pub refused: Vec<(Origin, Refusal)>,
    /// The last `-e` and its value, if there was one: 0 turns auditing off, and nothing is armed
    /// whatever the rules.
    pub enabled: Option<(Origin, u32)>,
    origins: Vec<Origin>,
    kernel: KernelModel,
    /// For each rule the kernel took, by [`crate::model::Entry::serial`], the load it came from.
    taken: Vec<usize>,
}

/// A rule that the kernel holds.
#[derive(Clone, Copy, Debug)]
pub struct KernelRule<'a> {
    /// Where it was written.
    pub origin: &'a Origin,
    /// The rule as the kernel lists it.
    pub rule: &'a Rule,
    /// Where the kernel looks for it.
    pub home: Home,
}

impl KernelRule<'_> {
    /// Whether it stands on the exit list itself, which is walked for every armed syscall.
    pub fn is_walked(&self) -> bool {
        self.rule.list == FilterList::Exit && self.home == Home::List
    }
}

/// A rule that the kernel counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Where it was written.
    pub origin: Origin,
    /// The list it is on.
    pub list: FilterList,
}

/// What a stock kernel does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockVerdict {
    /// Whether it arms: every syscall of every audited task then, or none.
    pub armed: bool,
    /// The first rule that does it, in the order they were loaded.
    pub because: Option<Counted>,
}

/// What a kernel with the bitmap does.
#[derive(Clone, Debug)]
pub struct BitmapVerdict {
    /// Whether every counted rule is on the exit list. Otherwise it arms as a stock kernel.
    pub equal: bool,
    /// How many of its syscalls it arms.
    pub armed_count: usize,
    /// The counted rules that are not on the exit list, in the order they were loaded.
    pub spoilers: Vec<Counted>,
    /// The rules of the exit list that have every syscall in their mask, in the order they were
    /// loaded: each alone arms everything.
    pub arms_all: Vec<Origin>,
    /// The syscalls that rules of the exit list have in their masks, in ascending order.
    pub syscalls: Vec<ArmedSyscall>,
}

/// A syscall with the rules that arm it.
#[derive(Clone, Debug)]
pub struct ArmedSyscall {
    /// Its number.
    pub nr: u32,
    /// What the number is on the kernel's own arch, in auditctl's spelling.
    pub name: Option<&'static str>,
    /// What the number is for 32-bit programs, where the kernel runs them.
    pub compat_name: Option<&'static str>,
    /// The rules that arm it.
    pub rules: Arc<RuleGroup>,
}

impl Arming {
    /// Where each load was written, in order, whatever became of it; [`RuleGroup::members`] are
    /// indexes into these.
    pub fn loads(&self) -> impl Iterator<Item = &Origin> {
        self.origins.iter()
    }

    /// Where the rules of a group were written, in the order they were loaded.
    pub fn origins(&self, group: &RuleGroup) -> impl Iterator<Item = &Origin> {
        group.members().iter().filter_map(|&load| self.origins.get(load))
    }

    /// All rules as the kernel lists them: by list, and front to back within one, which is also the
    /// order in which they win over each other.
    pub fn rules(&self) -> impl Iterator<Item = KernelRule<'_>> {
        self.kernel.entries().filter_map(|entry| {
            let origin = self.origins.get(*self.taken.get(entry.serial())?)?;
            Some(KernelRule { origin, rule: entry.rule(), home: entry.home() })
        })
    }

    /// The rules of the exit list, those kept by inode among them, in order.
    pub fn exit_rules(&self) -> impl Iterator<Item = KernelRule<'_>> {
        self.rules().filter(|kernel_rule| kernel_rule.rule.list == FilterList::Exit)
    }

    /// The arches whose programs the kernel runs: its own, and that of 32-bit ones.
    pub fn arches(&self) -> impl Iterator<Item = Arch> + use<> {
        std::iter::once(self.arch).chain(self.arch.compat())
    }

    /// Whether a kernel with the bitmap arms syscall `nr`.
    pub fn is_armed(&self, nr: u32) -> bool {
        self.counters.bitmap_arms(nr)
    }

    /// The model that was loaded.
    pub(super) fn kernel(&self) -> &KernelModel {
        &self.kernel
    }
}

/// What `nr` is called on `arch`: auditctl's spelling, or else the kernel's.
pub fn syscall_name(arch: Arch, nr: u32) -> Option<&'static str> {
    catalog::syscall_name(arch, nr).or_else(|| catalog::kernel_syscall_name(arch, nr))
}

/// What `loads` arm on the kernel of `profile`, which has no rules before.
///
/// What the kernel refuses is noted in [`Arming::refused`] and does not count.
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
        counters: counters.clone(),
        rules_held: kernel.len(),
        stock,
        bitmap,
        idle,
        refused: refused.into_iter().filter_map(|(load, why)| Some((origin(load)?, why))).collect(),
        enabled: enabled.and_then(|(load, value)| Some((origin(load)?, value))),
        origins: loads.iter().map(|load| load.origin.clone()).collect(),
        kernel,
        taken,
    }
}

/// The rules a kernel counts, in the order they were loaded.
struct CountedRules<'a> {
    loads: &'a [Load],
    /// Each with the index of its load.
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

    fn described(&self, is_meant: impl Fn(&Rule) -> bool) -> impl Iterator<Item = Counted> {
        self.rules.iter().filter(move |(_, rule)| is_meant(rule)).filter_map(|(load, rule)| {
            Some(Counted { origin: self.origin(*load)?, list: rule.list })
        })
    }

    /// Where those of the exit list stand whose mask is so.
    fn on_exit(&self, is_meant: impl Fn(&Mask) -> bool) -> Vec<Origin> {
        self.rules
            .iter()
            .filter(|(_, rule)| rule.list == FilterList::Exit && is_meant(&rule.mask))
            .filter_map(|(load, _)| self.origin(*load))
            .collect()
    }
}

/// Whether every syscall of a kernel with so many is in the mask.
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
