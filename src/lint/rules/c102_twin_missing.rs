//! C102 `twin-missing`. Its page is the Markdown file of the same name.

use std::collections::{HashMap, HashSet};

use crate::catalog::{self, Arch, Perm, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::lint::written::{written_arches, written_syscalls};
use crate::relate::Implications;
use crate::relate::word_size::{WordSize, counterpart, other, translated, word};
use crate::relate::{Conditions, sorted_without};
use crate::rewrite::Change;
use crate::rewrite::line::{line_behind, line_with, listed};
use crate::rule::{Action, Field, FilterList, Mask};
use crate::ruleset::{CompiledLine, CompiledSet, LoadedRule};
use crate::syntax::Directive;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C102",
    name: "twin-missing",
    level: Level::Warning,
    fix: Some(Change::Wider),
    check: Check::Rules(check),
    page: include_str!("c102_twin_missing.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = &facts.compiled;
    let Some(compat) = compiled.arch.compat() else { return };
    let halves = Halves::of(compiled, compat);
    let mut masks: HashMap<(Arch, &Mask), Mask> = HashMap::new();
    for rule in compiled.rules().filter(|rule| is_recording(rule) && !is_for_all(rule)) {
        let WordSize::Only(arch) = WordSize::of(rule.kernel_rule) else { continue };
        let target = other(compiled.arch, arch).filter(|target| halves.is_wanted(*target));
        let Some(target) = target.filter(|target| !halves.has_faulty(*target, &rule)) else {
            continue;
        };
        let wanted = masks
            .entry((arch, &rule.kernel_rule.mask))
            .or_insert_with(|| translated(&rule.kernel_rule.mask, arch, target));
        let of_perm = of_perm(&rule, arch, target);
        let wanted = of_perm.as_ref().unwrap_or(wanted);
        let like = halves.like(target, &rule).unwrap_or(&Mask::EMPTY);
        if !like.contains_all(wanted) {
            let is_whole = !like.intersects(wanted);
            let mut there = like.clone();
            halves.extend_with_wider(target, &rule, &mut there);
            if !there.contains_all(wanted) {
                let missing = Missing { arch, target, wanted, there: &there, is_whole };
                findings.push(finding(compiled, &rule, &missing));
            }
        }
    }
}

/// Whether a rule is for all syscalls of a word size, which takes care of that word size and has no twin.
fn is_for_all(rule: &LoadedRule<'_, '_>) -> bool {
    rule.kernel_rule.mask.is_all() && sorted_without(rule.kernel_rule, &[field::ARCH]).is_empty()
}

/// What the twin of a rule with `perm` has in its mask: the syscalls that are written, and those that auditctl
/// adds for that arch. Its list for one arch is not that for another with other numbers.
fn of_perm(rule: &LoadedRule<'_, '_>, arch: Arch, target: Arch) -> Option<Mask> {
    let bits = rule.kernel_rule.fields.iter().find_map(|field| match field {
        Field::Number { value, .. } if field.number() == field::PERM => Some(*value),
        _ => None,
    })?;
    let mask = |numbers: &mut dyn Iterator<Item = u32>| {
        let mut mask = Mask::EMPTY;
        for number in numbers {
            let _ = mask.insert(number);
        }
        mask
    };
    let added = |arch: Arch| {
        let perms = Perm::ALL.into_iter().filter(move |perm| bits & perm.bit() != 0);
        let names = perms.flat_map(Perm::syscalls);
        mask(&mut names.filter_map(move |name| catalog::syscall_number(arch, name.as_bytes())))
    };
    // To a `perm` in front of its arch it adds none.
    if !rule.kernel_rule.mask.contains_all(&added(arch)) {
        return None;
    }
    let names = written_syscalls(rule.line.command).map(|name| name.bytes());
    let number = |name| counterpart(arch, catalog::syscall_number(arch, name)?, target);
    let mut wanted = added(target);
    wanted.extend_with(&mask(&mut names.filter_map(number)));
    Some(wanted)
}

fn is_recording(rule: &LoadedRule<'_, '_>) -> bool {
    rule.kernel_rule.list == FilterList::Exit && rule.kernel_rule.action == Action::Always
}

/// What there is for each word size.
struct Halves<'r> {
    machine: Arch,
    /// By arch and conditions: the syscalls of all rules that have them.
    like: HashMap<(Arch, Vec<&'r Field>), Mask>,
    /// By arch: each rule with its syscalls.
    wider: Implications<'r, Arch, &'r Mask>,
    /// Those that one rule decides for all syscalls.
    done: Vec<Arch>,
    /// Syscalls of lines that are refused: what is wrong with them is said there.
    faulty: HashSet<(Arch, &'r [u8])>,
}

impl<'r> Halves<'r> {
    fn of(compiled: &'r CompiledSet<'_, '_>, compat: Arch) -> Self {
        let (like, wider, done) = (HashMap::new(), Implications::new(), Vec::new());
        let faulty = faulty_names(compiled);
        let mut halves = Halves { machine: compiled.arch, like, wider, done, faulty };
        for rule in compiled.rules().filter(|rule| rule.kernel_rule.list == FilterList::Exit) {
            let mask = &rule.kernel_rule.mask;
            let arches = match WordSize::of(rule.kernel_rule) {
                WordSize::Only(arch) => vec![arch],
                // By number, all are those of both.
                WordSize::Any if mask.is_all() => vec![compiled.arch, compat],
                WordSize::Any | WordSize::Other => continue,
            };
            let fields = sorted_without(rule.kernel_rule, &[field::ARCH]);
            for arch in arches {
                if is_for_all(&rule) {
                    halves.done.push(arch);
                }
                if is_recording(&rule) {
                    let like = halves.like.entry((arch, fields.clone()));
                    like.or_insert(Mask::EMPTY).extend_with(mask);
                    let conditions = Conditions::without(rule.kernel_rule, field::ARCH);
                    halves.wider.insert(arch, conditions, mask);
                }
            }
        }
        halves
    }

    fn is_wanted(&self, target: Arch) -> bool {
        let runs_32bit = matches!(self.machine, Arch::X86_64 | Arch::S390x | Arch::Ppc64);
        !self.done.contains(&target) && (runs_32bit || target == self.machine)
    }

    fn has_faulty(&self, target: Arch, rule: &LoadedRule<'r, '_>) -> bool {
        let mut names = written_syscalls(rule.line.command);
        names.any(|name| self.faulty.contains(&(target, name.bytes())))
    }

    fn like(&self, target: Arch, rule: &LoadedRule<'r, '_>) -> Option<&Mask> {
        self.like.get(&(target, sorted_without(rule.kernel_rule, &[field::ARCH])))
    }

    /// Adds the syscalls of rules that match wherever this one does.
    fn extend_with_wider(&self, target: Arch, rule: &LoadedRule<'r, '_>, mask: &mut Mask) {
        let conditions = Conditions::without(rule.kernel_rule, field::ARCH);
        for more in self.wider.implied_by(target, &conditions) {
            mask.extend_with(more);
        }
    }
}

/// The syscalls of the lines that are refused, with the arch that they name.
fn faulty_names<'r>(compiled: &'r CompiledSet<'_, '_>) -> HashSet<(Arch, &'r [u8])> {
    let faulty = compiled.lines.iter().filter(|line| line.checked.program.is_faulty());
    let arches = |line: &'r CompiledLine<'_, '_>| {
        written_arches(line.command).filter_map(|arch| arch_of(compiled.arch, arch.bytes()))
    };
    let names = faulty.flat_map(|line| {
        arches(line).flat_map(|arch| written_syscalls(line.command).map(move |n| (arch, n.bytes())))
    });
    names.collect()
}

/// The arch that a word means.
fn arch_of(machine: Arch, word: &[u8]) -> Option<Arch> {
    match word.to_ascii_lowercase().as_slice() {
        b"b64" => machine.b64(),
        b"b32" => machine.b32(),
        name => Arch::from_name(name),
    }
}

/// What a rule lacks on the other side.
struct Missing<'m> {
    arch: Arch,
    target: Arch,
    wanted: &'m Mask,
    there: &'m Mask,
    /// Whether no rule there is like this one, for any of the syscalls.
    is_whole: bool,
}

impl Missing<'_> {
    fn numbers(&self) -> impl Iterator<Item = u32> {
        self.wanted.iter().filter(|number| !self.there.contains(*number))
    }
}

fn finding(
    compiled: &CompiledSet<'_, '_>,
    rule: &LoadedRule<'_, '_>,
    missing: &Missing<'_>,
) -> Finding {
    let word = word(missing.target);
    let names =
        missing.numbers().filter_map(|number| catalog::syscall_name(missing.target, number));
    let (message, help) = match missing.is_whole {
        true => (
            format!("there is no rule like this one for `arch={word}`"),
            format!(
                "programs of the other word size are not recorded: write the rule for `arch={word}` too"
            ),
        ),
        false => (
            format!("the rule like this one for `arch={word}` lacks some of its syscalls"),
            format!("on {} it lacks {}", compiled.arch.common_name(), listed(names)),
        ),
    };
    let finding = Finding::new(&LINT, rule.line.whole(), message).help(help);
    match twin(compiled, rule, missing) {
        Some(text) => {
            let edit = line_behind(rule.line, &text);
            finding.fix(format!("write the rule for `arch={word}`"), vec![edit])
        }
        None => finding,
    }
}

/// The other arch, by its word size or by its name as the one that is written: on another machine `b32` is not
/// the twin of `x86_64`.
fn arch_like(written: &[u8], target: Arch) -> Vec<u8> {
    let is_word = [b"b64", b"b32"].iter().any(|word| written.eq_ignore_ascii_case(*word));
    if is_word { word(target).into() } else { target.common_name().into() }
}

/// The line for the other word size; `None` where its syscalls are not all names.
fn twin(
    compiled: &CompiledSet<'_, '_>,
    rule: &LoadedRule<'_, '_>,
    missing: &Missing<'_>,
) -> Option<Vec<u8>> {
    let command = rule.line.command;
    let arches = written_arches(command);
    let mut pieces: Vec<_> =
        arches.map(|arch| (arch.span(), arch_like(arch.bytes(), missing.target))).collect();
    for item in &command.options {
        let Directive::Syscalls(list) = &item.directive else { continue };
        let mut names = Vec::new();
        for name in list.names.iter().map(|name| name.bytes()).filter(|name| !name.is_empty()) {
            let own = catalog::syscall_number(missing.arch, name);
            let other = catalog::syscall_number(missing.target, name);
            match (own, other) {
                _ if name == b"all" => names.push(name),
                (Some(_), Some(number)) if missing.there.contains(number) => {}
                (Some(_), Some(_)) => names.push(name),
                (Some(_), None) => {}
                (None, _) => return None,
            }
        }
        if names.is_empty() {
            return None;
        }
        pieces.push((list.text.span(), names.join(&b',')));
    }
    Some(line_with(compiled.set, rule.line.line, pieces))
}
