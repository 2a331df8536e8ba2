//! C115 `syscall-newer-than-kernel`. Its page is the Markdown file of the same name.

use crate::catalog::{self, Arch, KernelVersion};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rewrite::written::syscall_lists;
use crate::rule::{Field, FilterList, NumberId, Rule};
use crate::ruleset::{CompiledLine, LoadedRule};
use crate::span::Span;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C115",
    name: "syscall-newer-than-kernel",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c115_syscall_newer_than_kernel.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    if scope.kernels.oldest().is_none() {
        return;
    }
    let rules = compiled.lines.iter().filter_map(CompiledLine::rule);
    for loaded in rules.filter(|loaded| loaded.rule.list == FilterList::Exit) {
        let lists = syscall_lists(loaded.line.command()).map(|list| list.text.span());
        let arch = arch_of(loaded).unwrap_or(compiled.arch);
        let since = first_kernel(loaded.rule, arch);
        let since = since.filter(|since| scope.kernels.begins_before(*since));
        if let (Some(span), Some(since)) = (lists.reduce(Span::join), since) {
            let message = format!("kernels before {since} have none of the syscalls of this rule");
            let finding = Finding::new(&LINT, loaded.line.place(span), message)
                .label(format!("since Linux {since}"))
                .help("add the older syscalls that do the same, or make sure that another rule has them");
            findings.push(finding);
        }
    }
}

/// Returns the first kernel that has one of the syscalls of a rule; `None` if the kernel of one of them is unknown or
/// older than all known kernels.
fn first_kernel(rule: &Rule, arch: Arch) -> Option<KernelVersion> {
    let mut first: Option<KernelVersion> = None;
    for number in rule.mask.iter() {
        let since = catalog::syscall_since(arch, number)?;
        first = Some(first.map_or(since, |first| first.min(since)));
    }
    first
}

/// Returns the arch in which auditctl looks up the syscalls of a rule, if the rule names one.
fn arch_of(loaded: LoadedRule<'_, '_>) -> Option<Arch> {
    loaded.rule.fields.iter().find_map(|field| match field {
        Field::Number { id: NumberId::ARCH, value, .. } => Arch::from_elf(*value),
        _ => None,
    })
}
