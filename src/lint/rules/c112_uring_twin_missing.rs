//! C112 uring-twin-missing
//!
//! The set records syscalls whose work can be done through io_uring too, and has no rule for io_uring.
//!
//! ## Why it matters
//! A program that hands its work to io_uring makes no syscall for it: files are opened and removed, and connections
//! made, without any rule of the exit list being asked. From Linux 5.16 on rules of the list io_uring are asked
//! instead.
//!
//! Such a rule has its price: it is counted and does not stand on the exit list, so that a kernel with the syscall
//! bitmap uses the bitmap no more and every syscall is armed. Where programs do not need io_uring, switch it off
//! instead (`kernel.io_uring_disabled = 2`, Linux 6.6), and allow this finding.
//!
//! It is looked for in whole sets only: a directory of rules files, or a file with `-D`.
//!
//! ## Instead of
//! ```text
//! -D
//! -a always,exit -F arch=b64 -S openat,openat2 -F key=open
//! ```
//! ## Write
//! ```text
//! -D
//! -a always,exit -F arch=b64 -S openat,openat2 -F key=open
//! -a always,io_uring -S openat,openat2 -F key=open
//! ```
//! ## Source
//! `audit_filter_uring` (kernel/auditsc.c, since Linux 5.16); `audit_n_rules` counts these rules
//! (`audit_add_rule`, kernel/auditfilter.c). auditctl 4.2.2 has the list,
//! 3.0.9 has not.

use crate::catalog::{self, Arch, KernelVersion};
use crate::diag::Level;
use crate::lint::abi::{Abi, written_syscalls};
use crate::lint::compiled::{Compiled, LoadedRule};
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};
use crate::rule::{Action, FilterList};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C112",
    name: "uring-twin-missing",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c112_uring_twin_missing.rs"),
};

/// The first kernel with the list.
const SINCE: KernelVersion = KernelVersion::new(5, 16);

fn check(compiled: &Compiled<'_, '_>, settings: &Settings<'_>, findings: &mut Vec<Finding>) {
    let is_recording = |rule: &LoadedRule<'_, '_>| rule.held.action == Action::Always;
    let mut rules = compiled.rules().filter(is_recording);
    if !compiled.set.is_complete()
        || !settings.kernels.reaches(SINCE)
        || rules.any(|rule| rule.held.list == FilterList::IoUring)
    {
        return;
    }
    let mut rules = compiled.rules().filter(is_recording);
    let found = rules.find_map(|rule| {
        let operation =
            (rule.held.list == FilterList::Exit).then(|| operation(compiled.arch, &rule));
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
    let arch = match Abi::of(rule.held) {
        Abi::Only(arch) => arch,
        Abi::Any | Abi::Other => machine,
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
