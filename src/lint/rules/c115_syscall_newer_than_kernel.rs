//! C115 syscall-newer-than-kernel
//!
//! A syscall that the oldest kernel of `--kernel MIN..MAX` does not have.
//!
//! ## Why it matters
//! An older kernel takes the rule and records nothing for that name: the set looks complete there, and
//! programs reach the same file by the syscalls that kernel does have. An auditctl as old as the kernel
//! may not know the name at all, and then refuses the line and all that follow it.
//!
//! Nothing is found without `--kernel`. The example is for a range that begins before 6.6.
//!
//! ## Instead of
//!     # kernels: 5.10..6.12
//!     -a always,exit -F arch=b64 -S fchmodat2 -F auid>=1000 -F key=perm
//! ## Write
//!     # kernels: 5.10..6.12
//!     -a always,exit -F arch=b64 -S chmod,fchmod,fchmodat -F auid>=1000 -F key=perm
//! ## Source
//! `audit_in_mask`, kernel/auditsc.c, tests the bit of a number that is never called. The first kernel of each
//! syscall is that of its section 2 manual page (grammar/vocab/syscalls-since.tsv); auditctl 3.0.9 has no name
//! for fchmodat2, 4.2.2 has.

use crate::catalog::{self, Arch};
use crate::diag::Level;
use crate::lint::compiled::{Compiled, CompiledLine, LoadedRule};
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};
use crate::rule::{Field, FilterList, NumberId};
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
        let arch = arch_of(loaded).unwrap_or(compiled.arch);
        for item in &loaded.line.command.options {
            let Directive::Syscalls(list) = &item.directive else { continue };
            for name in &list.names {
                let number = catalog::syscall_number(arch, name.bytes());
                let since = number.and_then(|number| catalog::syscall_since(arch, number));
                if let Some(since) = since.filter(|since| settings.kernels.begins_before(*since)) {
                    let text = String::from_utf8_lossy(name.bytes());
                    let message = format!("kernels before {since} do not have the syscall `{text}`");
                    let finding = Finding::new(&LINT, loaded.line.place(name.span()), message)
                        .label(format!("since Linux {since}"))
                        .help("see that the rules name what older kernels have in its place");
                    findings.push(finding);
                }
            }
        }
    }
}

/// The arch that the names of a rule are looked up in, if the rule says one.
fn arch_of(loaded: LoadedRule<'_, '_>) -> Option<Arch> {
    loaded.rule.fields.iter().find_map(|field| match field {
        Field::Number { id: NumberId::ARCH, value, .. } => Arch::from_elf(*value),
        _ => None,
    })
}
