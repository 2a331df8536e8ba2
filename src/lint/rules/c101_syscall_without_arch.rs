//! C101 `syscall-without-arch`. Its page is the Markdown file of the same name.

use crate::catalog::{self, Arch};
use crate::diag::Level;
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::lint::written::written_syscalls;
use crate::relate::word_size::{WordSize, counterpart};
use crate::rewrite::{Change, Edit};
use crate::rule::FilterList;
use crate::ruleset::CompiledLine;
use crate::span::Span;
use crate::syntax::{Directive, Text};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C101",
    name: "syscall-without-arch",
    level: Level::Warning,
    fix: Some(Change::Narrower),
    check: Check::Rules(check),
    page: include_str!("c101_syscall_without_arch.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = &facts.compiled;
    let Some(compat) = compiled.arch.compat() else { return };
    for rule in compiled.rules() {
        if rule.kernel_rule.list != FilterList::Exit
            || WordSize::of(rule.kernel_rule) != WordSize::Any
            || rule.kernel_rule.mask.is_all()
        {
            continue;
        }
        let mut names = written_syscalls(rule.line.command);
        if let Some(name) = names.find(|name| is_other_number(name.bytes(), compiled.arch, compat))
        {
            findings.push(finding(rule.line, name));
        }
    }
}

/// Whether a name has another number on `compat`, or none.
fn is_other_number(name: &[u8], arch: Arch, compat: Arch) -> bool {
    let number = catalog::syscall_number(arch, name);
    number.is_some_and(|number| counterpart(arch, number, compat) != Some(number))
}

fn finding(line: &CompiledLine<'_, '_>, name: &Text<'_>) -> Finding {
    let message = "without `arch` these syscalls are compared by their 64-bit numbers only";
    let finding = Finding::new(&LINT, line.place(name.span()), message)
        .label("another number for 32-bit programs")
        .help("write one rule with `arch=b64` and one with `arch=b32`");
    let is_list =
        |item: &&crate::syntax::Item<'_>| matches!(item.directive, Directive::Syscalls(_));
    let Some(first) = line.command.options.iter().find(is_list) else { return finding };
    let place = line.place(Span::new(first.span.start, first.span.start));
    finding.fix("write `arch=b64`", vec![Edit { place, text: b"-F arch=b64 ".to_vec() }])
}
