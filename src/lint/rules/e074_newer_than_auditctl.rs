//! E074 `newer-than-auditctl`. Its page is the Markdown file of the same name.

use crate::catalog::{
    AuditctlVersion, KnownList, auditctl_since, auditctl_since_field, auditctl_since_list,
    field_name, syscall_number,
};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::{list_and_action, placed};
use crate::lint::scope::Scope;
use crate::relate::word_size::WordSize;
use crate::rewrite::written::syscall_lists;
use crate::rewrite::{Change, Edit};
use crate::rule::FilterList;
use crate::ruleset::{CompiledLine, FileSpan, LoadedRule};
use crate::syntax::SyscallList;

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
        let list = KnownList::from_number(rule.rule.list.number());
        match list.and_then(auditctl_since_list).filter(|since| *since > oldest) {
            Some(since) => {
                let what = format!("the {} list", rule.rule.list.name());
                findings.push(unknown(list_and_action(rule.line), &what, since));
            }
            None => {
                check_fields(&rule, oldest, findings);
                check_syscalls(facts, &rule, oldest, findings);
            }
        }
    }
}

fn check_fields(rule: &LoadedRule<'_, '_>, oldest: AuditctlVersion, findings: &mut Vec<Finding>) {
    for (condition, place) in placed(rule.rule, rule.line) {
        let since = auditctl_since_field(condition.number()).filter(|since| *since > oldest);
        if let (Some(since), Some(name)) = (since, field_name(condition.number())) {
            findings.push(unknown(place, &format!("`{name}`"), since));
        }
    }
}

fn check_syscalls(
    facts: &Facts<'_, '_>,
    rule: &LoadedRule<'_, '_>,
    oldest: AuditctlVersion,
    findings: &mut Vec<Finding>,
) {
    // The names of operations are in another table.
    if rule.rule.list == FilterList::IoUring {
        return;
    }
    let arch = match WordSize::of(rule.kernel_rule) {
        WordSize::Only(arch) => arch,
        WordSize::Any | WordSize::Other => facts.compiled.arch,
    };
    for name in syscall_lists(rule.line.command()).flat_map(SyscallList::names) {
        let since = auditctl_since(arch, name.bytes()).filter(|since| *since > oldest);
        let (Some(since), Some(number)) = (since, syscall_number(arch, name.bytes())) else {
            continue;
        };
        let place = rule.line.place(name.span());
        let edit = Edit { place, text: number.to_string().into_bytes() };
        let shown = name.bytes().escape_ascii();
        findings.push(
            unknown(place, &format!("`{shown}`"), since)
                .help(format!("write its number on {}, {number}", arch.common_name()))
                .fix("write the number", vec![edit]),
        );
    }
}

fn unknown(place: FileSpan, what: &str, since: AuditctlVersion) -> Finding {
    Finding::new(&LINT, place, format!("auditctl before {since} does not know {what}"))
        .label(format!("since auditctl {since}"))
        .help("remove it, or put the rule in a file that only hosts with a newer auditctl load")
}
