//! How rules that arm every syscall can be written so that they arm fewer.

use std::collections::HashMap;

use super::arming::{Arming, KernelRule, has_all};
use super::load::Origin;
use crate::catalog::{self, Arch, Operator, Perm, field};
use crate::rule::{Field, FilterList, Mask, NumberId, Op, Rule};

/// Every permission that `perm` can ask for.
const ALL_PERMISSIONS: u32 = 15;

/// Why a rule arms every syscall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// It is counted and not on the exit list, so that the bitmap is not used.
    List(FilterList),
    /// It has `perm`, but no `arch` that would tell auditctl the syscalls of it: a watch, or the same
    /// in long form.
    NoArch,
    /// Its `arch` stands behind `perm`, where it comes too late.
    LateArch,
    /// It has `arch` and `perm`, and all syscalls in its mask nevertheless: `-S all`.
    AllNamed,
    /// It names no syscalls, and has nothing that they follow from.
    NoSyscalls,
}

/// What to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The rules, to be written without `-S`: auditctl adds the syscalls of `perm`. Their masks are
    /// empty for that.
    pub rules: Vec<Rule>,
    /// How many of the kernel's syscalls these arm.
    pub arms: usize,
    /// Whether `perm` had to be added, for every kind of access: not quite the same rule.
    pub adds_perm: bool,
}

/// A rule that arms every syscall, and what can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Where it was written.
    pub origin: Origin,
    /// Why it does.
    pub cause: Cause,
    /// Whether it is walked at every syscall too, and not only kept by inode.
    pub is_walked: bool,
    /// What to write instead, where that follows from the rule.
    pub remedy: Option<Remedy>,
}

/// All the advice there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// One for each rule that arms every syscall, worst first: those that switch the bitmap off; then
    /// those that can be narrowed, most gain first; then the others. Of equal ones those first that
    /// are walked at every syscall.
    pub advice: Vec<Advice>,
    /// How many syscalls would be armed with every remedy applied and the rules of other lists gone,
    /// the rules without a remedy aside.
    pub would_arm: usize,
}

impl Narrowing {
    /// The rules that nothing can be proposed for, other lists aside.
    pub fn without_remedy(&self) -> usize {
        let is_left = |one: &&Advice| !matches!(one.cause, Cause::List(_)) && one.remedy.is_none();
        self.advice.iter().filter(is_left).count()
    }
}

/// How the rules that arm every syscall can be narrowed.
pub fn narrowing(arming: &Arming) -> Narrowing {
    let nr_syscalls = arming.nr_syscalls;
    let mut masks = PermMasks::default();
    let mut armed = Mask::EMPTY;
    let mut advice = Vec::new();
    for kernel_rule in arming.rules() {
        let cause = match kernel_rule.rule.list {
            FilterList::Exit if has_all(&kernel_rule.rule.mask, nr_syscalls) => {
                cause(kernel_rule.rule)
            }
            FilterList::Exit => {
                armed.extend_with(&kernel_rule.rule.mask);
                continue;
            }
            FilterList::User | FilterList::Exclude | FilterList::Filesystem => continue,
            other => Cause::List(other),
        };
        let remedy = remedy(arming, kernel_rule, cause, &mut masks);
        if let Some((_, mask)) = &remedy {
            armed.extend_with(mask);
        }
        advice.push(Advice {
            origin: kernel_rule.origin.clone(),
            cause,
            is_walked: kernel_rule.is_walked(),
            remedy: remedy.map(|(remedy, _)| remedy),
        });
    }
    advice.sort_by_key(|one| {
        let rank = match (&one.cause, &one.remedy) {
            (Cause::List(_), _) => (0, 0),
            (_, Some(remedy)) => (1, remedy.arms),
            (_, None) => (2, 0),
        };
        (rank, !one.is_walked)
    });
    Narrowing { advice, would_arm: below(&armed, nr_syscalls) }
}

fn cause(rule: &Rule) -> Cause {
    let position = |number| rule.fields.iter().position(|field| field.number() == number);
    match (position(field::ARCH), position(field::PERM)) {
        (_, None) => Cause::NoSyscalls,
        (None, Some(_)) => Cause::NoArch,
        (Some(arch), Some(perm)) if arch > perm => Cause::LateArch,
        (Some(_), Some(_)) => Cause::AllNamed,
    }
}

/// What to write instead, with the mask that it has.
fn remedy(
    arming: &Arming,
    kernel_rule: KernelRule<'_>,
    cause: Cause,
    masks: &mut PermMasks,
) -> Option<(Remedy, Mask)> {
    let is_file = |field: &&Field| matches!(field.number(), field::PATH | field::DIR);
    let file = kernel_rule.rule.fields.iter().find(is_file);
    let adds_perm = cause == Cause::NoSyscalls;
    if matches!(cause, Cause::List(_)) || adds_perm && file.is_none() {
        return None;
    }
    let arches =
        named_arches(kernel_rule.rule)?.map_or_else(|| arming.arches().collect(), |a| vec![a]);
    let bits = kernel_rule.rule.fields.iter().find_map(perm_bits).unwrap_or(ALL_PERMISSIONS);
    let mut mask = Mask::EMPTY;
    let mut rules = Vec::new();
    for arch in arches {
        mask.extend_with(masks.of(arch, bits));
        rules.push(narrowed(kernel_rule.rule, arch, adds_perm));
    }
    let arms = below(&mask, arming.nr_syscalls);
    Some((Remedy { rules, arms, adds_perm }, mask))
}

/// The arch that the rule is for, `Some(None)` if it names none; `None` if it names one in a way that
/// `perm` cannot follow.
fn named_arches(rule: &Rule) -> Option<Option<Arch>> {
    let mut fields = rule.fields.iter().filter(|field| field.number() == field::ARCH);
    match (fields.next(), fields.next()) {
        (None, _) => Some(None),
        (Some(Field::Number { op: Op::Known(Operator::Equal), value, .. }), None) => {
            Arch::from_elf(*value).map(Some)
        }
        _ => None,
    }
}

pub(super) fn perm_bits(field: &Field) -> Option<u32> {
    match field {
        Field::Number { id: NumberId::PERM, value, .. } => Some(*value),
        _ => None,
    }
}

/// The rule for one arch, which stands first, with `perm` in front of its key.
fn narrowed(rule: &Rule, arch: Arch, adds_perm: bool) -> Rule {
    let number = |id, value| Field::Number { id, op: Op::EQUAL, value };
    let is_other = |field: &&Field| field.number() != field::ARCH;
    let mut fields = vec![number(NumberId::ARCH, arch.elf())];
    fields.extend(rule.fields.iter().filter(is_other).cloned());
    if adds_perm {
        let key = fields.iter().position(|field| field.number() == field::KEY);
        fields.insert(key.unwrap_or(fields.len()), number(NumberId::PERM, ALL_PERMISSIONS));
    }
    Rule { fields, mask: Mask::EMPTY, ..rule.clone() }
}

/// The syscalls that auditctl adds for `perm`, by arch and bits, each looked up once.
#[derive(Default)]
pub(super) struct PermMasks(HashMap<(Arch, u32), Mask>);

impl PermMasks {
    pub(super) fn of(&mut self, arch: Arch, bits: u32) -> &Mask {
        self.0.entry((arch, bits)).or_insert_with(|| {
            let mut mask = Mask::EMPTY;
            let asked = Perm::ALL.iter().filter(|perm| bits & perm.bit() != 0);
            for name in asked.flat_map(|perm| perm.syscalls()) {
                let number = catalog::syscall_number(arch, name.as_bytes());
                let _ = number.is_some_and(|number| mask.insert(number));
            }
            mask
        })
    }
}

fn below(mask: &Mask, nr_syscalls: u32) -> usize {
    mask.iter().take_while(|nr| *nr < nr_syscalls).count()
}
