//! C102 `counterpart-missing`. Its page is the Markdown file of the same name.

use foldhash::{HashMap, HashSet};

use crate::catalog::{self, Arch, Perm, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::relate::word_size::{WordSize, counterpart, other, translated, word};
use crate::relate::{MaskIndex, has_only};
use crate::rewrite::Change;
use crate::rewrite::line::{line_after, line_with, listed};
use crate::rewrite::written::{written_syscalls, written_values};
use crate::rule::{Action, Field, FilterList, Mask};
use crate::ruleset::{CompiledSet, LoadedRule};
use crate::syntax::{Directive, SyscallList, Text};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C102",
    name: "counterpart-missing",
    level: Level::Warning,
    fix: Some(Change::Wider),
    check: Check::Rules(check),
    page: include_str!("c102_counterpart_missing.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some(compat) = facts.compiled.arch.compat() else { return };
    let sides = Sides::of(facts, compat);
    let mut masks: HashMap<(Arch, &Mask), Mask> = HashMap::default();
    for rule in facts.recording().filter(|rule| !is_for_all(rule)) {
        let WordSize::Only(arch) = WordSize::of(rule.kernel_rule) else { continue };
        let Some(target) = sides.target(arch, rule) else { continue };
        let wanted = masks
            .entry((arch, &rule.kernel_rule.mask))
            .or_insert_with(|| translated(&rule.kernel_rule.mask, arch, target));
        let of_perm = of_perm(rule, arch, target);
        let wanted = of_perm.as_ref().unwrap_or(wanted);
        let equal = sides.masks.equal(target, rule.kernel_rule).unwrap_or(&Mask::EMPTY);
        if equal.contains_all(wanted) {
            continue;
        }
        let mut present = equal.clone();
        for mask in sides.masks.implied_by(target, rule.kernel_rule) {
            present.extend_with(mask);
        }
        if !present.contains_all(wanted) {
            let is_whole = !equal.intersects(wanted);
            let gap = Gap { arch, target, wanted, present: &present, is_whole };
            findings.push(finding(facts.compiled, rule, &gap));
        }
    }
}

/// Returns whether a rule is for all syscalls of a word size. Such a rule settles that word size, and needs no
/// counterpart.
fn is_for_all(rule: &LoadedRule<'_, '_>) -> bool {
    rule.kernel_rule.mask.is_all() && has_only(rule.kernel_rule, &[field::ARCH])
}

/// Returns the mask of the counterpart of a rule with `perm`: the syscalls that are written, and those that auditctl
/// adds for that arch. auditctl adds other syscalls for another arch.
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
        mask(&mut perms.flat_map(|perm| perm.numbers(arch)).copied())
    };
    // auditctl adds none for a `perm` before its `arch`.
    if !rule.kernel_rule.mask.contains_all(&added(arch)) {
        return None;
    }
    let names = written_syscalls(rule.line.command());
    let number =
        |name: Text<'_>| counterpart(arch, catalog::syscall_number(arch, name.bytes())?, target);
    let mut wanted = added(target);
    wanted.extend_with(&mask(&mut names.filter_map(number)));
    Some(wanted)
}

/// The rules for each word size.
struct Sides<'r> {
    machine: Arch,
    /// The masks of the rules that record.
    masks: MaskIndex<'r, Arch>,
    /// The word sizes that one rule decides for all syscalls.
    settled: Vec<Arch>,
    /// The syscalls of refused lines: the error is reported already.
    faulty: HashSet<(Arch, Vec<u8>)>,
}

impl<'r> Sides<'r> {
    fn of(facts: &Facts<'r, '_>, compat: Arch) -> Self {
        let machine = facts.compiled.arch;
        let (masks, settled) = (MaskIndex::new(field::ARCH), Vec::new());
        let mut sides = Sides { machine, masks, settled, faulty: faulty_names(facts.compiled) };
        for rule in facts.rules().iter().filter(|rule| rule.kernel_rule.list == FilterList::Exit) {
            let arches = match WordSize::of(rule.kernel_rule) {
                WordSize::Only(arch) => vec![arch],
                // All numbers are the numbers of both.
                WordSize::Any if rule.kernel_rule.mask.is_all() => vec![machine, compat],
                WordSize::Any | WordSize::Other => continue,
            };
            for arch in arches {
                if is_for_all(rule) {
                    sides.settled.push(arch);
                }
                if rule.kernel_rule.action == Action::Always {
                    sides.masks.insert(arch, rule.kernel_rule);
                }
            }
        }
        sides
    }

    /// Returns the arch of the counterpart that a rule needs.
    fn target(&self, arch: Arch, rule: &LoadedRule<'r, '_>) -> Option<Arch> {
        let target = other(self.machine, arch)?;
        let runs_32bit = matches!(self.machine, Arch::X86_64 | Arch::S390x | Arch::Ppc64);
        let is_wanted = !self.settled.contains(&target) && (runs_32bit || target == self.machine);
        let mut names = written_syscalls(rule.line.command());
        (is_wanted && !names.any(|name| self.faulty.contains(&(target, name.bytes().to_vec()))))
            .then_some(target)
    }
}

/// Returns the syscalls of the refused lines, each with the arch of the line.
fn faulty_names(compiled: &CompiledSet<'_, '_>) -> HashSet<(Arch, Vec<u8>)> {
    let faulty = compiled.lines.iter().filter(|line| line.checked.program.is_faulty());
    let names = faulty.flat_map(|line| {
        let arches = written_values(line.command(), b"arch");
        let arches = arches.filter_map(|arch| arch_of(compiled.arch, arch.bytes()));
        arches.flat_map(|arch| {
            written_syscalls(line.command()).map(move |name| (arch, name.bytes().to_vec()))
        })
    });
    names.collect()
}

/// Returns the arch of a word such as `b32` or `x86_64`.
fn arch_of(machine: Arch, word: &[u8]) -> Option<Arch> {
    match word.to_ascii_lowercase().as_slice() {
        b"b64" => machine.b64(),
        b"b32" => machine.b32(),
        name => Arch::from_name(name),
    }
}

/// The syscalls of a rule that the rules for the other word size lack.
struct Gap<'m> {
    arch: Arch,
    target: Arch,
    wanted: &'m Mask,
    present: &'m Mask,
    /// Whether no rule with the same conditions has any of the syscalls.
    is_whole: bool,
}

impl Gap<'_> {
    fn numbers(&self) -> impl Iterator<Item = u32> {
        self.wanted.iter().filter(|number| !self.present.contains(*number))
    }
}

fn finding(compiled: &CompiledSet<'_, '_>, rule: &LoadedRule<'_, '_>, gap: &Gap<'_>) -> Finding {
    let word = word(gap.target);
    let names = gap.numbers().filter_map(|number| catalog::syscall_name(gap.target, number));
    let (message, help) = match gap.is_whole {
        true => (
            format!("this rule has no counterpart for `arch={word}`"),
            format!(
                "write the rule for `arch={word}` too: programs of the other word size are not recorded"
            ),
        ),
        false => (
            format!("the counterpart for `arch={word}` lacks some of the syscalls of this rule"),
            format!(
                "add the missing syscalls: on {} these are {}",
                compiled.arch.common_name(),
                listed(names)
            ),
        ),
    };
    let finding = Finding::new(&LINT, rule.line.whole(), message).help(help);
    match counterpart_line(compiled, rule, gap) {
        Some(text) => {
            let edit = line_after(rule.line, &text);
            finding.fix(format!("add the rule for `arch={word}`"), vec![edit])
        }
        None => finding,
    }
}

/// Returns the other arch in the form of the written one: a word size or a name. `b32` is not the counterpart of
/// `x86_64` on another machine.
fn arch_like(written: &[u8], target: Arch) -> Vec<u8> {
    let is_word = [b"b64", b"b32"].iter().any(|word| written.eq_ignore_ascii_case(*word));
    if is_word { word(target).into() } else { target.common_name().into() }
}

/// Returns the line for the other word size; `None` if a syscall of the rule is not a known name.
fn counterpart_line(
    compiled: &CompiledSet<'_, '_>,
    rule: &LoadedRule<'_, '_>,
    gap: &Gap<'_>,
) -> Option<Vec<u8>> {
    let command = rule.line.command();
    let arches = written_values(command, b"arch");
    let mut pieces: Vec<_> =
        arches.map(|arch| (arch.span(), arch_like(arch.bytes(), gap.target))).collect();
    for item in &command.options {
        let Directive::Syscalls(list) = &item.directive else { continue };
        let names = counterpart_names(list, gap)?;
        if names.is_empty() {
            return None;
        }
        pieces.push((list.text.span(), names.join(&b',')));
    }
    Some(line_with(compiled.set, rule.line.line, pieces))
}

/// Returns the names of a list that the other word size lacks; `None` if a name is unknown.
fn counterpart_names(list: &SyscallList<'_>, gap: &Gap<'_>) -> Option<Vec<Vec<u8>>> {
    let mut kept = Vec::new();
    for name in list.names().filter(|name| !name.bytes().is_empty()) {
        let name = name.bytes();
        let own = catalog::syscall_number(gap.arch, name);
        let other = catalog::syscall_number(gap.target, name);
        match (own, other) {
            _ if name == b"all" => kept.push(name.to_vec()),
            (Some(_), Some(number)) if gap.present.contains(number) => {}
            (Some(_), Some(_)) => kept.push(name.to_vec()),
            (Some(_), None) => {}
            (None, _) => return None,
        }
    }
    Some(kept)
}
