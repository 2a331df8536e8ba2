//! How to rewrite rules that arm every syscall so that they arm fewer.

use foldhash::HashMap;

use super::arming::{Arming, KernelRule, has_all};
use super::load::Origin;
use crate::catalog::{Arch, Operator, PathKind, Perm, field};
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

/// The rules to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remedy {
    /// The rules. Their masks are empty: written without `-S`, auditctl adds the syscalls of `perm`. There are none if
    /// the rule is a watch and it is unknown whether its path is a file or a directory: `path=` does not watch what is
    /// below a directory, and `dir=` needs one.
    pub rules: Vec<Rule>,
    /// The number of the kernel's syscalls that these arm.
    pub arms: usize,
    /// Whether they have an added `perm` for every kind of access: not exactly the same rule.
    pub adds_perm: bool,
}

/// A rule that arms every syscall, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// The line that it comes from.
    pub origin: Origin,
    /// The reason why it arms every syscall.
    pub cause: Cause,
    /// Whether the kernel tests it at every syscall, because it is not kept by inode.
    pub is_walked: bool,
    /// The rules to write instead, if they follow from the rule.
    pub remedy: Option<Remedy>,
}

impl Advice {
    /// Returns how many rules more a kernel walks at every armed syscall with the remedy: one rule for each word size
    /// takes the place of one rule for both. A rule kept by inode is on no walk.
    pub fn added_to_walk(&self) -> usize {
        let rules = self.remedy.as_ref().map_or(0, |remedy| remedy.rules.len());
        if self.is_walked { rules.saturating_sub(1) } else { 0 }
    }
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
    /// The number of rules on the walk.
    pub walked: usize,
    /// The number of rules on the walk with every remedy applied.
    pub would_walk: usize,
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
    let mut masks = PermMasks::default();
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
    let walked = arming.exit_rules().filter(KernelRule::is_walked).count();
    let would_walk = walked + advice.iter().map(Advice::added_to_walk).sum::<usize>();
    Narrowing { advice, would_arm: below(&armed, nr_syscalls), walked, would_walk }
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

/// Returns what to write instead, and its mask.
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
    let arches = required_arch(kernel_rule.rule)?
        .map_or_else(|| arming.arches().collect(), |arch| vec![arch]);
    let bits = kernel_rule.rule.fields.iter().find_map(perm_bits).unwrap_or(ALL_PERMISSIONS);
    let with_perm = match adds_perm {
        true => with_all_permissions(kernel_rule.rule),
        false => kernel_rule.rule.clone(),
    };
    let mut mask = Mask::EMPTY;
    let mut rules = Vec::new();
    for arch in arches {
        mask.extend_with(masks.of(arch, bits));
        rules.push(for_arch(&with_perm, arch));
    }
    if kernel_rule.watched == Some(PathKind::Unknown) {
        rules.clear();
    }
    let arms = below(&mask, arming.nr_syscalls);
    Some((Remedy { rules, arms, adds_perm }, mask))
}

/// Returns the arch that the rule requires, `Some(None)` if it has no `arch`, or `None` if its `arch`
/// does not select the syscalls of `perm`.
fn required_arch(rule: &Rule) -> Option<Option<Arch>> {
    let mut fields = rule.fields.iter().filter(|field| field.number() == field::ARCH);
    match (fields.next(), fields.next()) {
        (None, _) => Some(None),
        (Some(Field::Number { op: Op::Known(Operator::Equal), value, .. }), None) => {
            Arch::from_elf(*value).map(Some)
        }
        _ => None,
    }
}

/// Returns the permission bits of a `perm` field.
pub(super) fn perm_bits(field: &Field) -> Option<u32> {
    match field {
        Field::Number { id: NumberId::PERM, value, .. } => Some(*value),
        _ => None,
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

/// Returns the rule with `arch` as its first field and an empty mask.
fn for_arch(rule: &Rule, arch: Arch) -> Rule {
    let is_other = |field: &&Field| field.number() != field::ARCH;
    let mut fields = vec![equal(NumberId::ARCH, arch.elf())];
    fields.extend(rule.fields.iter().filter(is_other).cloned());
    Rule { fields: fields.into(), mask: Mask::EMPTY, ..rule.clone() }
}

fn equal(id: NumberId, value: u32) -> Field {
    Field::Number { id, op: Op::EQUAL, value }
}

/// A cache of the syscalls that auditctl adds for `perm`, by arch and bits.
#[derive(Default)]
pub(super) struct PermMasks(HashMap<(Arch, u32), Mask>);

impl PermMasks {
    /// Returns the syscalls that auditctl adds for these bits.
    pub(super) fn of(&mut self, arch: Arch, bits: u32) -> &Mask {
        self.0.entry((arch, bits)).or_insert_with(|| {
            let mut mask = Mask::EMPTY;
            let asked = Perm::ALL.iter().filter(|perm| bits & perm.bit() != 0);
            for number in asked.flat_map(|perm| perm.numbers(arch)) {
                let _ = mask.insert(*number);
            }
            mask
        })
    }
}

fn below(mask: &Mask, nr_syscalls: u32) -> usize {
    mask.iter().take_while(|nr| *nr < nr_syscalls).count()
}
