//! E074 `newer-than-auditctl`. Its page is the Markdown file of the same name.

use crate::catalog::{auditctl_since, syscall_number};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::relate::word_size::WordSize;
use crate::rewrite::written::syscall_lists;
use crate::rewrite::{Change, Edit};
use crate::ruleset::CompiledLine;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "E074",
    name: "newer-than-auditctl",
    level: Level::Error,
    fix: Some(Change::Nothing),
    check: Check::Rules(check),
    page: include_str!("e074_newer_than_auditctl.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some(oldest) = scope.auditctl else { return };
    for rule in facts.compiled.lines.iter().filter_map(CompiledLine::rule) {
        let arch = match WordSize::of(rule.kernel_rule) {
            WordSize::Only(arch) => arch,
            WordSize::Any | WordSize::Other => facts.compiled.arch,
        };
        for name in syscall_lists(rule.line.command).flat_map(|list| &list.names) {
            let since = auditctl_since(arch, name.bytes()).filter(|since| *since > oldest);
            let (Some(since), Some(number)) = (since, syscall_number(arch, name.bytes())) else {
                continue;
            };
            let shown = name.bytes().escape_ascii();
            let place = rule.line.place(name.span());
            let edit = Edit { place, text: number.to_string().into_bytes() };
            findings.push(
                Finding::new(
                    &LINT,
                    place,
                    format!("auditctl before {since} does not know `{shown}`"),
                )
                .label(format!("since auditctl {since}"))
                .help(format!("write its number on {}, {number}", arch.common_name()))
                .fix("write the number", vec![edit]),
            );
        }
    }
}
