//! P109 `bitmap-switched-off`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::arms_all::Reason;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rule::FilterList;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P109",
    name: "bitmap-switched-off",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("p109_bitmap_switched_off.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let arming = facts.arming();
    // Without a rule on the exit list the bitmap is empty.
    if arming.counters.n_syscall_rules() == 0 {
        return;
    }
    for rule in facts.arms_all() {
        let Reason::List(list) = rule.reason else { continue };
        let message = format!(
            "kernels with the bitmap do not use it while this {} rule is loaded",
            list.name()
        );
        let finding = Finding::new(&LINT, rule.line.whole(), message).label("not on the exit list");
        findings.push(finding.help(help(facts, list)));
    }
}

fn help(facts: &Facts<'_, '_>, list: FilterList) -> String {
    let compiled = facts.compiled;
    let arch = compiled.arch.common_name();
    let all = compiled.profile.nr_syscalls();
    let armed = facts.arming().counters.armed().count();
    if armed == all as usize {
        return format!(
            "fix the rules of the exit list first: on {arch} they also arm all {all} syscalls"
        );
    }
    let advice = match list {
        FilterList::Task => "exclude these events in the rules of the exit list instead",
        _ => "compare the cost",
    };
    format!(
        "{advice}: on {arch} the rules of the exit list alone would arm {armed} of {all} syscalls"
    )
}
