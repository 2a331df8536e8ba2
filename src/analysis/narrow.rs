//! How to rewrite rules that arm every syscall so that they arm fewer.

use super::arming::{Arming, KernelRule, has_all};
use super::load::Origin;
use super::sides::Sides;
use super::turn::in_turn;
use crate::catalog::{Arch, PathKind, field};
use crate::rule::{Field, FilterList, Mask, NumberId, Op, Rule};

/// Every permission that `perm` can ask for.
const ALL_PERMISSIONS: u32 = 15;

/// The reason why a rule arms every syscall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Cause {
    /// It is counted but not on the exit list, so the bitmap is not used.
    List(FilterList),
    /// It is a watch, which has no `arch`.
    Watch,
    /// It has `perm` but no `arch`, which auditctl needs to select the syscalls of `perm`.
    NoArch,
    /// Its `arch` comes after `perm`, too late for auditctl to select the syscalls.
    LateArch,
    /// It has `arch` and `perm`, but also `-S all`.
    AllNamed,
    /// It names no syscalls and has no `perm` that selects them.
    NoSyscalls,
}

/// The rule to write instead: the cheapest that records the same on this kernel. One rule for both word sizes costs less
/// than one for each.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remedy {
    /// The rule, with its conditions in the order that costs the least and the syscalls that they can match. The mask is
    /// empty if auditctl adds exactly these for `perm`. `None` if the rule is a watch and it is unknown whether its path
    /// is a file or a directory: `path=` does not watch what is below a directory, and `dir=` needs one.
    pub rule: Option<Rule>,
    /// The number of the kernel's syscalls that it arms.
    pub arms: usize,
    /// The number that one rule for each word size arms, to which auditctl adds the syscalls of `perm`.
    pub arms_by_arch: usize,
    /// Whether it has an added `perm` for every kind of access: not exactly the same rule.
    pub adds_perm: bool,
}

/// A rule that arms every syscall, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// The line that it comes from.
    pub origin: Origin,
    /// The rule, as the kernel lists it.
    pub rule: Rule,
    /// The reason why it arms every syscall.
    pub cause: Cause,
    /// Whether the kernel tests it at every syscall, because it is not kept by inode.
    pub is_walked: bool,
    /// The rule to write instead, if it follows from the rule.
    pub remedy: Option<Remedy>,
}

/// The advice for a set of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Narrowing {
    /// One for each rule that arms every syscall, worst first: rules that switch the bitmap off; then
    /// rules with a remedy, fewest armed syscalls first; then the others. Of equal ones, rules that
    /// the kernel tests at every syscall come first.
    pub advice: Vec<Advice>,
    /// The number of armed syscalls with every remedy applied and without the rules of other lists,
    /// not counting the rules without a remedy.
    pub would_arm: usize,
}

impl Narrowing {
    /// Returns the number of rules of the exit list without a remedy.
    pub fn without_remedy(&self) -> usize {
        let is_left = |one: &&Advice| !matches!(one.cause, Cause::List(_)) && one.remedy.is_none();
        self.advice.iter().filter(is_left).count()
    }
}

/// Computes the advice for the rules that arm every syscall.
pub fn narrowing(arming: &Arming) -> Narrowing {
    let nr_syscalls = arming.nr_syscalls;
    let sides = Sides::of(arming);
    let mut armed = Mask::EMPTY;
    let mut advice: Vec<Advice> = Vec::new();
    for kernel_rule in arming.rules() {
        let cause = match kernel_rule.rule.list {
            FilterList::Exit if has_all(&kernel_rule.rule.mask, nr_syscalls) => cause(kernel_rule),
            FilterList::Exit => {
                armed.extend_with(&kernel_rule.rule.mask);
                continue;
            }
            FilterList::User | FilterList::Exclude | FilterList::Filesystem => continue,
            other => Cause::List(other),
        };
        let remedy = remedy(kernel_rule, cause, &sides, nr_syscalls);
        if let Some((_, mask)) = &remedy {
            armed.extend_with(mask);
        }
        advice.push(Advice {
            origin: kernel_rule.origin.clone(),
            rule: kernel_rule.rule.clone(),
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

fn cause(kernel_rule: KernelRule<'_>) -> Cause {
    let fields = &kernel_rule.rule.fields;
    let position = |number| fields.iter().position(|field| field.number() == number);
    match (position(field::ARCH), position(field::PERM)) {
        (_, None) => Cause::NoSyscalls,
        (None, Some(_)) if kernel_rule.watched.is_some() => Cause::Watch,
        (None, Some(_)) => Cause::NoArch,
        (Some(arch), Some(perm)) if arch > perm => Cause::LateArch,
        (Some(_), Some(_)) => Cause::AllNamed,
    }
}

/// Returns what to write instead, and the syscalls that it arms.
fn remedy(
    kernel_rule: KernelRule<'_>,
    cause: Cause,
    sides: &Sides,
    nr_syscalls: u32,
) -> Option<(Remedy, Mask)> {
    let is_file = |field: &Field| matches!(field.number(), field::PATH | field::DIR);
    let adds_perm = cause == Cause::NoSyscalls;
    let is_wide = adds_perm && !kernel_rule.rule.fields.iter().any(is_file);
    if matches!(cause, Cause::List(_)) || is_wide || !selects_arch(kernel_rule.rule) {
        return None;
    }
    let mut rule = match adds_perm {
        true => in_turn(&with_all_permissions(kernel_rule.rule)),
        false => in_turn(kernel_rule.rule),
    };
    let (mut mask, added) = (sides.matched(&rule), sides.added_by_perm(&rule));
    if has_arch(&rule) {
        mask.extend_with(&added);
    }
    let arms = below(&mask, nr_syscalls);
    if arms == 0 {
        return None;
    }
    let is_added = has_arch(&rule) && mask == added;
    rule.mask = if is_added { Mask::EMPTY } else { mask.clone() };
    let is_known = kernel_rule.watched != Some(PathKind::Unknown);
    let arms_by_arch = below(&added, nr_syscalls);
    Some((Remedy { rule: is_known.then_some(rule), arms, arms_by_arch, adds_perm }, mask))
}

fn has_arch(rule: &Rule) -> bool {
    rule.fields.iter().any(|field| field.number() == field::ARCH)
}

/// Returns whether the rule has no `arch`, or requires one: only then auditctl adds the syscalls of `perm`.
fn selects_arch(rule: &Rule) -> bool {
    let mut fields = rule.fields.iter().filter(|field| field.number() == field::ARCH);
    match (fields.next(), fields.next()) {
        (None, _) => true,
        (Some(Field::Number { op: Op::EQUAL, value, .. }), None) => {
            Arch::from_elf(*value).is_some()
        }
        _ => false,
    }
}

/// Returns the rule with `perm` for every kind of access before its key.
fn with_all_permissions(rule: &Rule) -> Rule {
    let mut rule = rule.clone();
    let key = rule.fields.iter().position(|field| field.number() == field::KEY);
    let at = key.unwrap_or(rule.fields.len());
    rule.fields.insert(at, equal(NumberId::PERM, ALL_PERMISSIONS));
    rule
}

fn equal(id: NumberId, value: u32) -> Field {
    Field::Number { id, op: Op::EQUAL, value }
}

fn below(mask: &Mask, nr_syscalls: u32) -> usize {
    mask.iter().take_while(|nr| *nr < nr_syscalls).count()
}
