//! C108 `backlog-not-set`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rule::Action;
use crate::syntax::{Command, Directive, SettingName};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C108",
    name: "backlog-not-set",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c108_backlog_not_set.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    let set = compiled.set;
    let sets_backlog = |command: &Command<'_>| {
        let sets = |directive: &Directive<'_>| {
            matches!(directive, Directive::Set(SettingName::BacklogLimit, _))
        };
        command.options.iter().any(|item| sets(&item.directive))
    };
    if !set.is_complete()
        || set.written().any(|(_, _, command)| sets_backlog(command))
        || !facts.rules().iter().any(|rule| rule.kernel_rule.action == Action::Always)
    {
        return;
    }
    // The first loaded line, usually `-D`.
    let Some(line) = compiled.lines.first() else { return };
    findings.push(
        Finding::new(&LINT, line.whole(), "the backlog limit is not set: the default is 64")
            .label("no `-b` in the set")
            .help("add `-b 8192` or more, so that records are not lost under load"),
    );
}
