//! C111 `newer-syscall-missing`. Its page is the Markdown file of the same name.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::catalog::{self, Arch, KernelVersion, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::relate::sorted_without;
use crate::relate::word_size::WordSize;
use crate::rewrite::{Change, Edit};
use crate::rule::{Action, FilterList, Mask, Rule};
use crate::ruleset::{CompiledSet, LoadedRule};
use crate::span::Span;
use crate::syntax::Directive;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C111",
    name: "newer-syscall-missing",
    level: Level::Warning,
    fix: Some(Change::Wider),
    check: Check::Rules(check),
    page: include_str!("c111_newer_syscall_missing.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = &facts.compiled;
    let recorded = Recorded::of(compiled);
    for rule in compiled.rules().filter(|rule| is_asked(rule)) {
        let Some(arch) = arch_of(compiled, &rule) else { continue };
        let there = recorded.wherever(arch, rule.kernel_rule);
        let is_missing = |newer: &Newer| {
            newer.since.is_none_or(|since| scope.kernels.reaches(since))
                && !there.iter().any(|mask| mask.contains(newer.number))
        };
        findings.extend(finding(&rule, arch, is_missing));
    }
}

/// A syscall that came after another.
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

fn is_recording(rule: &LoadedRule<'_, '_>) -> bool {
    rule.kernel_rule.list == FilterList::Exit && rule.kernel_rule.action == Action::Always
}

fn is_asked(rule: &LoadedRule<'_, '_>) -> bool {
    let is_about_arguments = |number| matches!(number, field::A0..=field::A3 | field::PERM);
    is_recording(rule) && !rule.kernel_rule.mask.is_all() && !has_field(rule, is_about_arguments)
}

/// The arch that a rule is for.
fn arch_of(compiled: &CompiledSet<'_, '_>, rule: &LoadedRule<'_, '_>) -> Option<Arch> {
    match WordSize::of(rule.kernel_rule) {
        WordSize::Only(arch) => Some(arch),
        WordSize::Any if compiled.arch.compat().is_none() => Some(compiled.arch),
        WordSize::Any | WordSize::Other => None,
    }
}

/// The syscalls that are named in rules, by arch and by the conditions of the rules; all of them where a rule
/// without conditions records all.
#[derive(Default)]
struct Recorded {
    by_conditions: HashMap<(Arch, u64), Mask>,
}

/// What is no condition here: what a rule is for and called, and the arguments, which stand in other places in
/// the newer syscall.
const NO_CONDITIONS: [u32; 6] =
    [field::ARCH, field::KEY, field::A0, field::A1, field::A2, field::A3];

/// Of rules with more conditions only those with one fewer, or none, are looked for.
const FEW: usize = 5;

/// The conditions of a rule, as hashes: those of a set of them are added up.
fn conditions(rule: &Rule) -> Vec<u64> {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    sorted_without(rule, &NO_CONDITIONS).iter().map(|field| hasher.hash_one(field)).collect()
}

fn sum(hashes: impl Iterator<Item = u64>) -> u64 {
    hashes.fold(0, u64::wrapping_add)
}

impl Recorded {
    fn of(compiled: &CompiledSet<'_, '_>) -> Self {
        let mut recorded = Recorded::default();
        for rule in compiled.rules().filter(is_recording) {
            let mask = &rule.kernel_rule.mask;
            let names_none =
                mask.is_all() && !sorted_without(rule.kernel_rule, &[field::ARCH]).is_empty();
            if names_none || has_field(&rule, |number| number == field::PERM) {
                continue;
            }
            if let Some(arch) = arch_of(compiled, &rule) {
                let conditions = sum(conditions(rule.kernel_rule).into_iter());
                let there = recorded.by_conditions.entry((arch, conditions)).or_insert(Mask::EMPTY);
                if !there.contains_all(mask) {
                    there.extend_with(mask);
                }
            }
        }
        recorded
    }

    /// What is recorded wherever the conditions of a rule hold: the masks of rules with the same, or fewer.
    fn wherever(&self, arch: Arch, rule: &Rule) -> Vec<&Mask> {
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

/// One finding for all that a rule lacks; the fix adds it to the first list of syscalls that lacks something.
fn finding(
    rule: &LoadedRule<'_, '_>,
    arch: Arch,
    is_missing: impl Fn(&Newer) -> bool,
) -> Option<Finding> {
    let mut missing: Vec<Newer> = Vec::new();
    let mut first = None;
    let lists = rule.line.command.options.iter().filter_map(|item| match &item.directive {
        Directive::Syscalls(list) => Some(list),
        _ => None,
    });
    for (list, name) in lists.flat_map(|list| list.names.iter().map(move |name| (list, name))) {
        for newer in newer(arch, name.bytes()).filter(&is_missing) {
            first = first.or(Some((list, name)));
            if !missing.iter().any(|other| other.number == newer.number) {
                missing.push(newer);
            }
        }
    }
    let (list, older) = first?;
    let message =
        format!("`{}` is recorded, and what does the same is not", older.bytes().escape_ascii());
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
    Some(finding.label("passed by with a newer syscall").fix("add the syscalls", vec![edit]))
}
