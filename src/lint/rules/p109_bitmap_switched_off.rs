//! P109 `bitmap-switched-off`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::arms_all::{ArmsAll, arms_all};
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
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
    // Without a rule on the exit list the bitmap has nothing to say.
    if arming.counters.n_syscall_rules() == 0 {
        return;
    }
    for (line, _, sweep) in arms_all(facts) {
        let ArmsAll::List(list) = sweep else { continue };
        let message = format!(
            "while this {} rule is loaded, a kernel with the bitmap does not use it",
            list.name()
        );
        let finding = Finding::new(&LINT, line.whole(), message).label("not on the exit list");
        findings.push(finding.help(help(facts, list)));
    }
}

fn help(facts: &Facts<'_, '_>, list: FilterList) -> String {
    let compiled = &facts.compiled;
    let arch = compiled.arch.common_name();
    let all = compiled.profile.nr_syscalls();
    let armed = facts.arming().counters.armed().count();
    if armed == all as usize {
        return format!(
            "on {arch} the rules of the exit list arm all {all} syscalls as well: begin with these"
        );
    }
    let instead = match list {
        FilterList::Task => "; say what is not wanted in these rules instead",
        _ => "",
    };
    format!(
        "on {arch} the rules of the exit list alone would arm {armed} of {all} syscalls{instead}"
    )
}
