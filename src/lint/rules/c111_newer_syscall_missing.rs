//! C111 `newer-syscall-missing`. Its page is the Markdown file of the same name.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::catalog::{self, Arch, KernelVersion, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::relate::word_size::WordSize;
use crate::relate::{has_only, sorted_without};
use crate::rewrite::written::syscall_lists;
use crate::rewrite::{Change, Edit};
use crate::rule::{Mask, Rule};
use crate::ruleset::{CompiledSet, LoadedRule};
use crate::span::Span;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C111",
    name: "newer-syscall-missing",
    level: Level::Warning,
    fix: Some(Change::Wider),
    check: Check::Rules(check),
    page: include_str!("c111_newer_syscall_missing.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    let recorded = Recorded::of(facts);
    for rule in facts.recording().filter(|rule| is_checked(rule)) {
        let Some(arch) = arch_of(compiled, rule) else { continue };
        let masks = recorded.whenever(arch, rule.kernel_rule);
        let is_missing = |newer: &Newer| {
            newer.since.is_none_or(|since| scope.kernels.reaches(since))
                && !masks.iter().any(|mask| mask.contains(newer.number))
        };
        findings.extend(finding(rule, arch, is_missing));
    }
}

/// A newer syscall that does the same as another.
struct Newer {
    name: &'static str,
    number: u32,
    since: Option<KernelVersion>,
}

fn newer(arch: Arch, name: &[u8]) -> impl Iterator<Item = Newer> {
    catalog::successors(name).iter().filter_map(move |name| {
        let number = catalog::syscall_number(arch, name.as_bytes())?;
        Some(Newer { name, number, since: catalog::syscall_since(arch, number) })
    })
}

fn has_field(rule: &LoadedRule<'_, '_>, is: impl Fn(u32) -> bool) -> bool {
    rule.kernel_rule.fields.iter().any(|field| is(field.number()))
}

/// Returns whether the lint checks a rule. Not checked are conditions on arguments, whose order differs in newer
/// syscalls, and `perm`, which includes newer syscalls.
fn is_checked(rule: &LoadedRule<'_, '_>) -> bool {
    let is_about_arguments = |number| matches!(number, field::A0..=field::A3 | field::PERM);
    !rule.kernel_rule.mask.is_all() && !has_field(rule, is_about_arguments)
}

/// Returns the arch that a rule is for.
fn arch_of(compiled: &CompiledSet<'_, '_>, rule: &LoadedRule<'_, '_>) -> Option<Arch> {
    match WordSize::of(rule.kernel_rule) {
        WordSize::Only(arch) => Some(arch),
        WordSize::Any if compiled.arch.compat().is_none() => Some(compiled.arch),
        WordSize::Any | WordSize::Other => None,
    }
}

/// The syscalls in rules, by arch and by the conditions of the rules.
#[derive(Default)]
struct Recorded {
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
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    sorted_without(rule, &NO_CONDITIONS).iter().map(|field| hasher.hash_one(field)).collect()
}

fn sum(hashes: impl Iterator<Item = u64>) -> u64 {
    hashes.fold(0, u64::wrapping_add)
}

impl Recorded {
    fn of(facts: &Facts<'_, '_>) -> Self {
        let mut recorded = Recorded::default();
        for rule in facts.recording() {
            let mask = &rule.kernel_rule.mask;
            let names_none = mask.is_all() && !has_only(rule.kernel_rule, &[field::ARCH]);
            if names_none || has_field(rule, |number| number == field::PERM) {
                continue;
            }
            if let Some(arch) = arch_of(facts.compiled, rule) {
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
    fn whenever(&self, arch: Arch, rule: &Rule) -> Vec<&Mask> {
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

/// Returns one finding for all missing syscalls. The fix adds them to the first list that lacks one.
fn finding(
    rule: &LoadedRule<'_, '_>,
    arch: Arch,
    is_missing: impl Fn(&Newer) -> bool,
) -> Option<Finding> {
    let mut missing: Vec<Newer> = Vec::new();
    let mut first = None;
    let lists = syscall_lists(rule.line.command);
    for (list, name) in lists.flat_map(|list| list.names.iter().map(move |name| (list, name))) {
        for newer in newer(arch, name.bytes()).filter(&is_missing) {
            first = first.or(Some((list, name)));
            if !missing.iter().any(|other| other.number == newer.number) {
                missing.push(newer);
            }
        }
    }
    let (list, older) = first?;
    let message = format!(
        "`{}` is recorded, but newer syscalls that do the same are not",
        older.bytes().escape_ascii()
    );
    let added = missing.iter().map(|newer| match newer.since {
        Some(since) => format!("`{}` (Linux {since})", newer.name),
        None => format!("`{}`", newer.name),
    });
    let help = format!("add {}", added.collect::<Vec<_>>().join(", "));
    let end = list.text.span().end;
    let place = rule.line.place(Span::new(end, end));
    let text = missing.iter().flat_map(|newer| [b",", newer.name.as_bytes()]).flatten().copied();
    let edit = Edit { place, text: text.collect() };
    let finding = Finding::new(&LINT, rule.line.place(older.span()), message).help(help);
    Some(finding.label("bypassed with a newer syscall").fix("add the syscalls", vec![edit]))
}
