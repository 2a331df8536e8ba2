//! C112 `uring-counterpart-missing`. Its page is the Markdown file of the same name.

use crate::catalog::{self, Arch, AuditctlVersion, KernelVersion};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::relate::word_size::WordSize;
use crate::rewrite::written::written_syscalls;
use crate::rule::{Action, FilterList};
use crate::ruleset::LoadedRule;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C112",
    name: "uring-counterpart-missing",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c112_uring_counterpart_missing.md"),
};

/// The first kernel with the io_uring list.
const SINCE: KernelVersion = KernelVersion::new(5, 16);

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    let is_recording = |rule: &LoadedRule<'_, '_>| rule.kernel_rule.action == Action::Always;
    let rules = || facts.rules().iter().filter(|rule| is_recording(rule));
    if !compiled.set.is_complete()
        || !scope.kernels.reaches(SINCE)
        || scope.auditctl.is_some_and(|oldest| oldest < AuditctlVersion::IO_URING)
        || rules().any(|rule| rule.kernel_rule.list == FilterList::IoUring)
    {
        return;
    }
    let found = facts.recording().find_map(|rule| Some((rule, operation(compiled.arch, rule)?)));
    if let Some((rule, operation)) = found {
        let message = "io_uring operations that replace these syscalls are not recorded";
        findings.push(
            Finding::new(&LINT, rule.line.whole(), message)
                .label("the first rule that io_uring bypasses")
                .help(format!(
                    "add a rule for io_uring, such as `-a always,io_uring -S {operation}`, or disable io_uring"
                )),
        );
    }
}

/// Returns an io_uring operation that does the same as a syscall of this rule.
fn operation(machine: Arch, rule: &LoadedRule<'_, '_>) -> Option<&'static str> {
    let arch = match WordSize::of(rule.kernel_rule) {
        WordSize::Only(arch) => arch,
        WordSize::Any | WordSize::Other => machine,
    };
    written_syscalls(rule.line.command()).find_map(|name| {
        catalog::syscall_number(arch, name.bytes())?;
        let name = name.bytes().to_ascii_lowercase();
        // The operations have the names of the newer syscalls.
        let names = catalog::successors(&name).iter().map(|name| name.as_bytes()).chain([&*name]);
        let number =
            names.filter_map(catalog::uring_op_number).find(|number| is_relevant(*number))?;
        catalog::uring_op_name(number)
    })
}

/// Returns whether an operation opens, changes or connects something; `close`, for example, does not.
fn is_relevant(number: u32) -> bool {
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
