//! C117 `action-without-effect`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::list_and_action;
use crate::lint::scope::Scope;
use crate::relate::has_only;
use crate::rule::{Action, FilterList};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C117",
    name: "action-without-effect",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c117_action_without_effect.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    // A rule without conditions matches nothing there, with any action: see C119.
    for loaded in facts.rules().iter().filter(|loaded| !has_only(loaded.kernel_rule, &[])) {
        let (message, help) = match (loaded.kernel_rule.list, loaded.kernel_rule.action) {
            (FilterList::Exclude, Action::Never) => (
                "the list exclude ignores the action: `never` drops the records, as `always` does",
                "write `always` if the records are unwanted; delete the rule if they are wanted",
            ),
            (FilterList::Filesystem, Action::Always) => (
                "the list filesystem ignores rules with `always`: only `never` has an effect",
                "write `never` to leave out the files of this file system, or delete the rule",
            ),
            _ => continue,
        };
        let place = list_and_action(loaded.line);
        findings.push(Finding::new(&LINT, place, message).help(help));
    }
}
