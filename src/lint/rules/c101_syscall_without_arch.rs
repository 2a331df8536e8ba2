//! C101 syscall-without-arch
//!
//! Syscalls by name, without `arch`, where the names have other numbers for 32-bit programs.
//!
//! ## Why it matters
//! The kernel gets numbers, those of the 64-bit syscalls. Without `arch` it compares the number of every syscall with
//! them, also of 32-bit programs, where the same number is another syscall: a rule for `unlink` on x86_64 misses
//! `unlink` of a 32-bit program, and records its `swapon` instead, which is number 87 there.
//!
//! ## Instead of
//! ```text
//! -a always,exit -S unlink -F key=delete
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -S unlink -F key=delete
//! -a always,exit -F arch=b32 -S unlink -F key=delete
//! ```
//! ## Fix
//! Writes `arch=b64` in front of the syscalls: the same rule for 64-bit programs only. The rule for 32-bit programs
//! is what C102 misses then, and adds.
//! ## Source
//! auditctl 4.2.2 warns "32/64 bit syscall mismatch" (auditctl.c); `audit_in_mask` looks at the number alone
//! (kernel/auditsc.c, Linux 6.1).

use crate::catalog::{self, Arch};
use crate::diag::Level;
use crate::lint::abi::{Abi, counterpart, written_syscalls};
use crate::lint::compiled::{Compiled, CompiledLine};
use crate::lint::engine::Settings;
use crate::lint::finding::{Change, Edit, Finding};
use crate::lint::registry::{Check, Lint};
use crate::rule::FilterList;
use crate::span::Span;
use crate::syntax::{Directive, Text};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C101",
    name: "syscall-without-arch",
    level: Level::Warning,
    fix: Some(Change::Narrower),
    check: Check::Rules(check),
    page: include_str!("c101_syscall_without_arch.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    let Some(compat) = compiled.arch.compat() else { return };
    for rule in compiled.rules() {
        if rule.held.list != FilterList::Exit
            || Abi::of(rule.held) != Abi::Any
            || rule.held.mask.is_all()
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
