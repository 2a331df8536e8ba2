//! C115 `syscall-newer-than-kernel`. Its page is the Markdown file of the same name.

use crate::catalog::{self, Arch, KernelVersion};
use crate::diag::Level;
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::rule::{Field, FilterList, NumberId, Rule};
use crate::ruleset::{CompiledLine, LoadedRule};
use crate::span::Span;
use crate::syntax::Directive;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C115",
    name: "syscall-newer-than-kernel",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c115_syscall_newer_than_kernel.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = &facts.compiled;
    if scope.kernels.min.is_none() {
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
        let since = since.filter(|since| scope.kernels.begins_before(*since));
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
