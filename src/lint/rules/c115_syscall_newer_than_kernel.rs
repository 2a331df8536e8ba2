//! C115 syscall-newer-than-kernel
//!
//! A rule of which the oldest kernel of `--kernel MIN..MAX` has no syscall at all.
//!
//! ## Why it matters
//! The older kernel takes the rule and never records anything for it: the set looks complete there, while
//! programs do the same by the syscalls that kernel does have. An auditctl of its age may not know the name
//! either, and then refuses the line and leaves out all that follow it. A rule that names older syscalls
//! beside the new one is fine.
//!
//! Nothing is found without `--kernel`. The example is for a range that begins before 6.6.
//!
//! ## Instead of
//! ```text
//! # kernels: 5.10..6.12
//! -a always,exit -F arch=b64 -S fchmodat2 -F auid>=1000 -F key=perm
//! ```
//! ## Write
//! ```text
//! # kernels: 5.10..6.12
//! -a always,exit -F arch=b64 -S chmod,fchmod,fchmodat,fchmodat2 -F auid>=1000 -F key=perm
//! ```
//! ## Source
//! `audit_in_mask`, kernel/auditsc.c, tests the bit of a number that is never called. The first kernel of each
//! syscall is that of its section 2 manual page (grammar/vocab/syscalls-since.tsv); auditctl 3.0.9 has no name
//! for fchmodat2, 4.2.2 has.

use crate::catalog::{self, Arch, KernelVersion};
use crate::diag::Level;
use crate::lint::compiled::{Compiled, CompiledLine, LoadedRule};
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};
use crate::rule::{Field, FilterList, NumberId, Rule};
use crate::span::Span;
use crate::syntax::Directive;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C115",
    name: "syscall-newer-than-kernel",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c115_syscall_newer_than_kernel.rs"),
};

fn check(compiled: &Compiled<'_, '_>, settings: &Settings<'_>, findings: &mut Vec<Finding>) {
    if settings.kernels.min.is_none() {
        return;
    }
    let rules = compiled.lines.iter().filter_map(CompiledLine::rule);
    for loaded in rules.filter(|loaded| loaded.rule.list == FilterList::Exit) {
        let lists = loaded.line.command.options.iter().filter_map(|item| match &item.directive {
            Directive::Syscalls(list) => Some(list.text.span()),
            _ => None,
        });
        let arch = arch_of(loaded).unwrap_or(compiled.arch);
        let since = first_kernel(loaded.rule, arch);
        let since = since.filter(|since| settings.kernels.begins_before(*since));
        if let (Some(span), Some(since)) = (lists.reduce(Span::join), since) {
            let message = format!("kernels before {since} have no syscall of this rule");
            let finding = Finding::new(&LINT, loaded.line.place(span), message)
                .label(format!("since Linux {since}"))
                .help("name beside it the older syscalls that do the same, or see that another rule does");
            findings.push(finding);
        }
    }
}

/// The first kernel that has one of the syscalls of a rule; `None` where one is as old as all that are known, or
/// is not known.
fn first_kernel(rule: &Rule, arch: Arch) -> Option<KernelVersion> {
    let mut first: Option<KernelVersion> = None;
    for number in rule.mask.iter() {
        let since = catalog::syscall_since(arch, number)?;
        first = Some(first.map_or(since, |first| first.min(since)));
    }
    first
}

/// The arch that the names of a rule are looked up in, if the rule says one.
fn arch_of(loaded: LoadedRule<'_, '_>) -> Option<Arch> {
    loaded.rule.fields.iter().find_map(|field| match field {
        Field::Number { id: NumberId::ARCH, value, .. } => Arch::from_elf(*value),
        _ => None,
    })
}
