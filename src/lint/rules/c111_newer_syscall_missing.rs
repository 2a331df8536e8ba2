//! C111 `newer-syscall-missing`. Its page is the Markdown file of the same name.

use foldhash::HashSet;

use crate::catalog::{self, Arch, AuditctlVersion, KernelVersion};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::recorded::{arch_of, is_about_calls};
use crate::lint::scope::Scope;
use crate::rewrite::line::listed;
use crate::rewrite::written::syscall_lists;
use crate::rewrite::{Change, Edit};
use crate::ruleset::LoadedRule;
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
    let recorded = facts.recorded();
    for rule in facts.recording().filter(|rule| is_about_calls(rule)) {
        let Some(arch) = arch_of(compiled, rule) else { continue };
        let masks = recorded.whenever(arch, rule.kernel_rule);
        let is_missing = |newer: &Newer| {
            newer.since.is_none_or(|since| scope.kernels.reaches(since))
                && !masks.iter().any(|mask| mask.contains(newer.number))
        };
        let bypassed = bypassed(rule.line.command(), arch, is_missing);
        findings.extend(bypassed.iter().map(|one| finding(rule, one, scope.auditctl)));
    }
}

/// A newer syscall that does the same as another.
struct Newer {
    name: &'static str,
    number: u32,
    since: Option<KernelVersion>,
    auditctl: Option<AuditctlVersion>,
}

fn newer(arch: Arch, name: &[u8]) -> impl Iterator<Item = Newer> {
    catalog::successors(name).iter().filter_map(move |name| {
        let number = catalog::syscall_number(arch, name.as_bytes())?;
        let since = catalog::syscall_since(arch, number);
        let auditctl = catalog::auditctl_since(arch, name.as_bytes());
        Some(Newer { name, number, since, auditctl })
    })
}

/// A syscall of a rule, and the newer syscalls that do the same and are not recorded.
struct Bypassed<'c, 's> {
    list: &'c SyscallList<'s>,
    older: Text<'s>,
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
        list.names().map(move |older| Bypassed { list, older, newer: Vec::new() })
    });
    let mut written: Vec<Bypassed<'c, 's>> = written.collect();
    let mut by_similarity: Vec<&mut Bypassed<'c, 's>> = written.iter_mut().collect();
    by_similarity.sort_by_key(|one| catalog::successors(one.older.bytes()).len());
    let mut seen = HashSet::default();
    for one in by_similarity {
        let newer = newer(arch, one.older.bytes()).filter(&is_missing);
        one.newer = newer.filter(|newer| seen.insert(newer.number)).collect();
    }
    written.retain(|one| !one.newer.is_empty());
    written
}

fn finding(
    rule: &LoadedRule<'_, '_>,
    one: &Bypassed<'_, '_>,
    oldest: Option<AuditctlVersion>,
) -> Finding {
    let message = format!(
        "`{}` is recorded, but not {}, which {} the same",
        one.older.bytes().escape_ascii(),
        listed(one.newer.iter().map(|newer| newer.name)),
        if one.newer.len() == 1 { "does" } else { "do" },
    );
    let added = one.newer.iter().map(|newer| {
        let name = newer.name;
        let releases = [
            newer.since.map(|since| format!("Linux {since}")),
            newer.auditctl.map(|since| format!("auditctl {since}")),
        ];
        let releases: Vec<String> = releases.into_iter().flatten().collect();
        if releases.is_empty() {
            format!("`{name}`")
        } else {
            format!("`{name}` ({})", releases.join(", "))
        }
    });
    let help = format!("add {}", added.collect::<Vec<_>>().join(", "));
    let end = one.list.text.span().end;
    let place = rule.line.place(Span::new(end, end));
    // An auditctl that does not know the name accepts the number.
    let is_known = |newer: &Newer| match (newer.auditctl, oldest) {
        (Some(since), Some(oldest)) => since <= oldest,
        _ => true,
    };
    let text = one.newer.iter().map(|newer| match is_known(newer) {
        true => format!(",{}", newer.name),
        false => format!(",{}", newer.number),
    });
    let edit = Edit { place, text: text.collect::<String>().into_bytes() };
    let finding = Finding::new(&LINT, rule.line.place(one.older.span()), message).help(help);
    finding.label("bypassed with a newer syscall").fix("add the syscalls", vec![edit])
}
