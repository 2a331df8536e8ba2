//! P103 no-syscalls
//!
//! A rule of the exit list that names no syscalls and has no `perm` that they follow from: it is for all of
//! them.
//!
//! ## Why it matters
//! A rule without `-S` is tested at the end of every syscall. On a kernel with the syscall bitmap it arms every
//! syscall of every audited process, and the gain of the bitmap is gone for all other rules too. A rule for a
//! file is better written with the accesses that matter, a rule for a program or a user with the syscalls that
//! matter.
//!
//! ## Instead of
//! ```text
//! -a always,exit -F arch=b64 -F dir=/etc -F auid>=1000 -F key=config
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -F dir=/etc -F perm=wa -F auid>=1000 -F key=config
//! ```
//! ## Source
//! audit.rules(7): a rule with a field and no syscall is for all syscalls; `audit_filter_syscall`,
//! kernel/auditsc.c; `audit_add_rule` of the bitmap patch, which counts the bits of the mask.

use crate::analysis::Advice;
use crate::diag::Level;
use crate::lint::compiled::{Compiled, CompiledLine};
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};
use crate::lint::sweeping::{Sweep, sweeping};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P103",
    name: "no-syscalls",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("p103_no_syscalls.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    for (line, advice, sweep) in sweeping(compiled) {
        if sweep == Sweep::Unnamed {
            let message = "this rule names no syscalls, and so is for every one";
            let finding = Finding::new(&LINT, line.whole(), message).label("no `-S`");
            findings.push(finding.help(help(compiled, line, advice)));
        }
    }
}

/// `perm` for every access is not quite the same rule, so it is said and not done.
fn help(compiled: &Compiled<'_, '_>, line: &CompiledLine<'_, '_>, advice: &Advice) -> String {
    let Some(remedy) = &advice.remedy else {
        return "name the syscalls that matter with `-S`".to_owned();
    };
    let has_arch = line.checked.held.iter().any(|rule| rule.fields.iter().any(is_arch));
    let words = if has_arch { "`-F perm=rwxa`" } else { "`-F arch=` and `-F perm=rwxa` behind it" };
    format!(
        "name the syscalls that matter with `-S`, or the accesses: on {} the rule arms {} of {} with {words}; syscalls \
         that do none of these with the file are not recorded then",
        compiled.arch.common_name(),
        remedy.arms,
        compiled.profile.nr_syscalls(),
    )
}

fn is_arch(field: &crate::rule::Field) -> bool {
    field.number() == crate::catalog::field::ARCH
}
