//! C101 `syscall-without-arch`. Its page is the Markdown file of the same name.

use crate::catalog::{self, Arch};
use crate::diag::{Level, WITHOUT_ARCH};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::relate::word_size::{WordSize, counterpart};
use crate::rewrite::written::written_syscalls;
use crate::rewrite::{Change, Edit};
use crate::rule::FilterList;
use crate::ruleset::CompiledLine;
use crate::span::Span;
use crate::syntax::{Directive, Item, Text};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C101",
    name: "syscall-without-arch",
    level: Level::Warning,
    fix: Some(Change::Narrower),
    check: Check::Rules(check),
    page: include_str!("c101_syscall_without_arch.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    let Some(compat) = compiled.arch.compat() else { return };
    for rule in facts.rules() {
        if rule.kernel_rule.list != FilterList::Exit
            || WordSize::of(rule.kernel_rule) != WordSize::Any
            || rule.kernel_rule.mask.is_all()
        {
            continue;
        }
        let mut names = written_syscalls(rule.line.command());
        if let Some(name) = names.find(|name| is_other_number(name.bytes(), compiled.arch, compat))
        {
            findings.push(finding(rule.line, &name));
        }
    }
}

/// Returns whether a name has another number on `compat`, or none.
fn is_other_number(name: &[u8], arch: Arch, compat: Arch) -> bool {
    let number = catalog::syscall_number(arch, name);
    number.is_some_and(|number| counterpart(arch, number, compat) != Some(number))
}

fn finding(line: &CompiledLine<'_, '_>, name: &Text<'_>) -> Finding {
    let finding = Finding::new(&LINT, line.place(name.span()), WITHOUT_ARCH)
        .label("32-bit programs use another number")
        .help("write one rule with `arch=b64` and one with `arch=b32`");
    let is_list = |item: &&Item<'_>| matches!(item.directive, Directive::Syscalls(_));
    let Some(first) = line.command().options.iter().find(is_list) else { return finding };
    let place = line.place(Span::new(first.span.start, first.span.start));
    finding.fix("add `arch=b64`", vec![Edit { place, text: b"-F arch=b64 ".to_vec() }])
}
