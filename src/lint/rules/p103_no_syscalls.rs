//! P103 `no-syscalls`. Its page is the Markdown file of the same name.

use crate::analysis::Advice;
use crate::diag::Level;
use crate::lint::arms_all::{ArmsAll, arms_all};
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::ruleset::{CompiledLine, CompiledSet};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P103",
    name: "no-syscalls",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("p103_no_syscalls.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = &facts.compiled;
    for (line, advice, sweep) in arms_all(facts) {
        if sweep == ArmsAll::Unnamed {
            let message = "this rule names no syscalls, and so is for every one";
            let finding = Finding::new(&LINT, line.whole(), message).label("no `-S`");
            findings.push(finding.help(help(compiled, line, advice)));
        }
    }
}

/// `perm` for every access is not quite the same rule, so it is said and not done.
fn help(compiled: &CompiledSet<'_, '_>, line: &CompiledLine<'_, '_>, advice: &Advice) -> String {
    let Some(remedy) = &advice.remedy else {
        return "name the syscalls that matter with `-S`".to_owned();
    };
    let has_arch = line.checked.kernel_rule.iter().any(|rule| rule.fields.iter().any(is_arch));
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
