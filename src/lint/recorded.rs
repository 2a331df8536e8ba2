//! The syscalls that rules record, by the conditions of the rules.

use std::hash::BuildHasher;

use foldhash::HashMap;
use foldhash::quality::FixedState;

use crate::catalog::{Arch, field};
use crate::relate::word_size::WordSize;
use crate::relate::{has_only, sorted_without};
use crate::rule::{Mask, Rule};
use crate::ruleset::{CompiledSet, LoadedRule};

fn has_field(rule: &LoadedRule<'_, '_>, is: impl Fn(u32) -> bool) -> bool {
    rule.kernel_rule.fields.iter().any(|field| is(field.number()))
}

/// Returns whether a rule is about syscalls that it names, without conditions on arguments, whose order differs in
/// similar syscalls, and without `perm`, which chooses syscalls.
pub(super) fn is_about_calls(rule: &LoadedRule<'_, '_>) -> bool {
    let is_about_arguments = |number| matches!(number, field::A0..=field::A3 | field::PERM);
    !rule.kernel_rule.mask.is_all() && !has_field(rule, is_about_arguments)
}

/// Returns the arch that a rule is for.
pub(super) fn arch_of(compiled: &CompiledSet<'_, '_>, rule: &LoadedRule<'_, '_>) -> Option<Arch> {
    match WordSize::of(rule.kernel_rule) {
        WordSize::Only(arch) => Some(arch),
        WordSize::Any if compiled.arch.compat().is_none() => Some(compiled.arch),
        WordSize::Any | WordSize::Other => None,
    }
}

/// The syscalls in rules, by arch and by the conditions of the rules.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    by_conditions: HashMap<(Arch, u64), Mask>,
}

/// Fields that do not count as conditions: the arch, the key, and the arguments, whose order differs in a newer
/// syscall.
const NO_CONDITIONS: [u32; 6] =
    [field::ARCH, field::KEY, field::A0, field::A1, field::A2, field::A3];

/// For a rule with more conditions, only the rules with one fewer, or with none, are looked up.
const FEW: usize = 5;

/// Returns the hash of each condition of a rule. The hash of a set of conditions is the sum.
fn conditions(rule: &Rule) -> Vec<u64> {
    let hasher = FixedState::default();
    sorted_without(rule, &NO_CONDITIONS).iter().map(|field| hasher.hash_one(field)).collect()
}

fn sum(hashes: impl Iterator<Item = u64>) -> u64 {
    hashes.fold(0, u64::wrapping_add)
}

impl Recorded {
    /// Returns the syscalls in these rules, which record.
    pub(super) fn of<'r, 'a: 'r, 's: 'a>(
        compiled: &CompiledSet<'_, '_>,
        rules: impl Iterator<Item = &'r LoadedRule<'a, 's>>,
    ) -> Self {
        let mut recorded = Recorded::default();
        for rule in rules {
            let mask = &rule.kernel_rule.mask;
            let names_none = mask.is_all() && !has_only(rule.kernel_rule, &[field::ARCH]);
            if names_none || has_field(rule, |number| number == field::PERM) {
                continue;
            }
            if let Some(arch) = arch_of(compiled, rule) {
                let conditions = sum(conditions(rule.kernel_rule).into_iter());
                let known = recorded.by_conditions.entry((arch, conditions)).or_insert(Mask::EMPTY);
                if !known.contains_all(mask) {
                    known.extend_with(mask);
                }
            }
        }
        recorded
    }

    /// Returns the masks of the rules that match whenever a rule does: those with the same conditions, or fewer.
    pub(super) fn whenever(&self, arch: Arch, rule: &Rule) -> Vec<&Mask> {
        let conditions = conditions(rule);
        let all = sum(conditions.iter().copied());
        let sets: Vec<u64> = match conditions.len() <= FEW {
            true => conditions.iter().fold(vec![0], |sets, one| {
                let with = sets.iter().map(|set: &u64| set.wrapping_add(*one));
                sets.iter().copied().chain(with).collect()
            }),
            false => {
                let without = conditions.iter().map(|one| all.wrapping_sub(*one));
                without.chain([0, all]).collect()
            }
        };
        sets.into_iter().filter_map(|set| self.by_conditions.get(&(arch, set))).collect()
    }
}
