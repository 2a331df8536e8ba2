//! P103 `no-syscalls`. Its page is the Markdown file of the same name.

use crate::catalog::field;
use crate::diag::Level;
use crate::lint::arms_all::{ArmsAll, Reason};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rule::Action;
use crate::ruleset::CompiledSet;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P103",
    name: "no-syscalls",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("p103_no_syscalls.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for rule in facts.arms_all().iter().filter(|rule| rule.reason == Reason::Unnamed) {
        let message = "this rule names no syscalls, so it applies to all of them";
        let finding = Finding::new(&LINT, rule.line.whole(), message).label("no `-S`");
        findings.push(finding.help(help(facts.compiled, rule)));
    }
}

/// Returns the help. There is no fix: with `perm` for every kind of access the rule matches less.
fn help(compiled: &CompiledSet<'_, '_>, rule: &ArmsAll<'_, '_>) -> String {
    let Some(remedy) = &rule.advice.remedy else {
        return "name the syscalls that matter with `-S`".to_owned();
    };
    let kernel_rule = rule.line.checked.kernel_rule.as_ref();
    let mut fields = kernel_rule.iter().flat_map(|rule| &rule.fields);
    let no_longer = match kernel_rule.map(|rule| rule.action) {
        Some(Action::Never) => "silenced",
        _ => "recorded",
    };
    let words = match fields.any(|field| field.number() == field::ARCH) {
        true => "`-F perm=rwxa`",
        false => "`-F arch=` followed by `-F perm=rwxa`",
    };
    format!(
        "name the syscalls that matter with `-S`, or the kinds of access with {words}: on {} the rule then arms {} of \
         {} syscalls, and syscalls without such an access are no longer {no_longer}",
        compiled.arch.common_name(),
        remedy.arms_by_arch,
        compiled.profile.nr_syscalls(),
    )
}
