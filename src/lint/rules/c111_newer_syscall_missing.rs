//! C111 `newer-syscall-missing`. Its page is the Markdown file of the same name.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::catalog::{self, Arch, KernelVersion, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::relate::word_size::WordSize;
use crate::relate::{has_only, sorted_without};
use crate::rewrite::line::listed;
use crate::rewrite::written::syscall_lists;
use crate::rewrite::{Change, Edit};
use crate::rule::{Mask, Rule};
use crate::ruleset::{CompiledSet, LoadedRule};
use crate::span::Span;
use crate::syntax::{Command, SyscallList, Text};

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
        let bypassed = bypassed(rule.line.command, arch, is_missing);
        findings.extend(bypassed.iter().map(|one| finding(rule, one)));
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

/// A syscall of a rule, and the newer syscalls that do the same and are not recorded.
struct Bypassed<'c, 's> {
    list: &'c SyscallList<'s>,
    older: &'c Text<'s>,
    newer: Vec<Newer>,
}

/// Returns the syscalls of a rule that newer ones bypass. A newer syscall counts for one older syscall only, the most
/// similar: `openat2` for `openat` rather than for `open`, which has more newer ones.
fn bypassed<'c, 's>(
    command: &'c Command<'s>,
    arch: Arch,
    is_missing: impl Fn(&Newer) -> bool,
) -> Vec<Bypassed<'c, 's>> {
    let lists = syscall_lists(command);
    let written = lists.flat_map(|list| {
        list.names.iter().map(move |older| Bypassed { list, older, newer: Vec::new() })
    });
    let mut written: Vec<Bypassed<'c, 's>> = written.collect();
    let mut by_similarity: Vec<&mut Bypassed<'c, 's>> = written.iter_mut().collect();
    by_similarity.sort_by_key(|one| catalog::successors(one.older.bytes()).len());
    let mut seen = HashSet::new();
    for one in by_similarity {
        let newer = newer(arch, one.older.bytes()).filter(&is_missing);
        one.newer = newer.filter(|newer| seen.insert(newer.number)).collect();
    }
    written.retain(|one| !one.newer.is_empty());
    written
}

fn finding(rule: &LoadedRule<'_, '_>, one: &Bypassed<'_, '_>) -> Finding {
    let message = format!(
        "`{}` is recorded, but not {}, which {} the same",
        one.older.bytes().escape_ascii(),
        listed(one.newer.iter().map(|newer| newer.name)),
        if one.newer.len() == 1 { "does" } else { "do" },
    );
    let added = one.newer.iter().map(|newer| match newer.since {
        Some(since) => format!("`{}` (Linux {since})", newer.name),
        None => format!("`{}`", newer.name),
    });
    let help = format!("add {}", added.collect::<Vec<_>>().join(", "));
    let end = one.list.text.span().end;
    let place = rule.line.place(Span::new(end, end));
    let text = one.newer.iter().flat_map(|newer| [b",", newer.name.as_bytes()]).flatten().copied();
    let edit = Edit { place, text: text.collect() };
    let finding = Finding::new(&LINT, rule.line.place(one.older.span()), message).help(help);
    finding.label("bypassed with a newer syscall").fix("add the syscalls", vec![edit])
}
