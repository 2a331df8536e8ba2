//! P108 `long-walk`. Its page is the Markdown file of the same name.

use crate::analysis::KernelRule;
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P108",
    name: "long-walk",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("p108_long_walk.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    let arming = facts.arming();
    let walked = || arming.exit_rules().filter(KernelRule::is_walked);
    let rules = walked().count();
    // No walk is longer than the list, and counting the list is faster.
    if rules <= scope.max_walk {
        return;
    }
    let walks = facts.walks();
    let Some(longest) = walks.longest().filter(|walk| walk.worst > scope.max_walk) else {
        return;
    };
    let first = walked().next().and_then(|kernel_rule| compiled.lines.get(kernel_rule.origin.line));
    let Some(line) = first else { return };
    let message =
        format!("the kernel walks more than {} rules at the end of a syscall", scope.max_walk);
    let name = longest.name.map_or_else(|| longest.nr.to_string(), str::to_owned);
    let finding = Finding::new(&LINT, line.whole(), message).label("the first of them");
    let where_it_ends = match longest.worst < rules {
        true => format!(", which ends after {} of them at the latest", longest.worst),
        false => String::new(),
    };
    let paths = match scope.system {
        Some(_) => "",
        None => "; with the paths of this machine (`--host`) it can be another number",
    };
    findings.push(finding.help(format!(
        "merge rules, and write `path=` instead of `dir=` for single files: on {} the walk has {rules} rules{paths}; the \
         longest is that of `{name}`{where_it_ends}, with {} rules that name it",
        longest.arch.common_name(),
        longest.hits,
    )));
}
