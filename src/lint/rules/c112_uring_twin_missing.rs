//! C112 `uring-twin-missing`. Its page is the Markdown file of the same name.

use crate::catalog::{self, Arch, KernelVersion};
use crate::diag::Level;
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::lint::written::written_syscalls;
use crate::relate::word_size::WordSize;
use crate::rule::{Action, FilterList};
use crate::ruleset::LoadedRule;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C112",
    name: "uring-twin-missing",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c112_uring_twin_missing.md"),
};

/// The first kernel with the list.
const SINCE: KernelVersion = KernelVersion::new(5, 16);

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = &facts.compiled;
    let is_recording = |rule: &LoadedRule<'_, '_>| rule.kernel_rule.action == Action::Always;
    let mut rules = compiled.rules().filter(is_recording);
    if !compiled.set.is_complete()
        || !scope.kernels.reaches(SINCE)
        || rules.any(|rule| rule.kernel_rule.list == FilterList::IoUring)
    {
        return;
    }
    let mut rules = compiled.rules().filter(is_recording);
    let found = rules.find_map(|rule| {
        let operation =
            (rule.kernel_rule.list == FilterList::Exit).then(|| operation(compiled.arch, &rule));
        Some((rule, operation??))
    });
    if let Some((rule, operation)) = found {
        findings.push(
            Finding::new(&LINT, rule.line.whole(), "what io_uring does instead of syscalls passes unseen")
                .label("the first of the rules that are passed by")
                .help(format!("write a rule for it, such as `-a always,io_uring -S {operation}`, or switch io_uring off")),
        );
    }
}

/// An io_uring operation that does what a syscall of this rule does.
fn operation(machine: Arch, rule: &LoadedRule<'_, '_>) -> Option<&'static str> {
    let arch = match WordSize::of(rule.kernel_rule) {
        WordSize::Only(arch) => arch,
        WordSize::Any | WordSize::Other => machine,
    };
    written_syscalls(rule.line.command).find_map(|name| {
        catalog::syscall_number(arch, name.bytes())?;
        let name = name.bytes().to_ascii_lowercase();
        // The operations are named after the newer syscalls.
        let names = catalog::successors(&name).iter().map(|name| name.as_bytes()).chain([&*name]);
        let number =
            names.filter_map(catalog::uring_op_number).find(|number| is_worth_it(*number))?;
        catalog::uring_op_name(number)
    })
}

/// Whether an operation opens, changes or connects something; `close`, say, does not.
fn is_worth_it(number: u32) -> bool {
    catalog::uring_op_name(number).is_some_and(|name| {
        matches!(
            name,
            "accept"
                | "connect"
                | "openat"
                | "openat2"
                | "renameat"
                | "unlinkat"
                | "mkdirat"
                | "symlinkat"
                | "linkat"
                | "fsetxattr"
                | "setxattr"
                | "ftruncate"
                | "bind"
                | "listen"
        )
    })
}
