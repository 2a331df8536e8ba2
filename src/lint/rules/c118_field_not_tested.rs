//! C118 `field-not-tested`. Its page is the Markdown file of the same name.

use crate::catalog::field;
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::placed;
use crate::lint::scope::Scope;
use crate::model::is_tested;
use crate::rule::{Field, FilterList};
use crate::ruleset::LoadedRule;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C118",
    name: "field-not-tested",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c118_field_not_tested.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let mut rules = facts.compiled.in_kernel_order().peekable();
    while let Some(loaded) = rules.next() {
        let list = loaded.kernel_rule.list;
        let next = rules.peek().filter(|next| next.kernel_rule.list == list);
        findings.extend(finding(&loaded, next));
    }
}

fn finding(loaded: &LoadedRule<'_, '_>, next: Option<&LoadedRule<'_, '_>>) -> Option<Finding> {
    let rule = loaded.kernel_rule;
    let is_lost = |field: &Field| match rule.list {
        FilterList::IoUring => is_of_syscall(field),
        list => !is_tested(list, field),
    };
    let (field, place) = placed(rule, loaded.line).find(|(field, _)| is_lost(field))?;
    let (name, list) = (field.name().unwrap_or("the field"), rule.list.name());
    if rule.list == FilterList::IoUring {
        let message = format!("an io_uring operation has no `{name}`");
        let help = "delete the condition: the value is that of `io_uring_enter`, or 0 in a worker";
        return Some(Finding::new(&LINT, place, message).help(help));
    }
    if rule.list == FilterList::Task {
        let message = format!("a new task has no `{name}` yet: this rule never matches");
        let help = "write the rule for the list exit";
        return Some(Finding::new(&LINT, place, message).help(help));
    }
    let message = format!("the list {list} does not know `{name}`: this rule never takes effect");
    let finding = Finding::new(&LINT, place, message).label("the kernel stops here");
    let help = format!(
        "delete the condition: the kernel ends the walk of the list at `{name}`, and tests no later rule"
    );
    let finding = finding.help(help);
    Some(match next {
        Some(next) => finding.related(next.line.whole(), "the first rule after it"),
        None => finding,
    })
}

/// Returns whether a condition is on what only a syscall has. In a worker of io_uring these are 0, and for an operation
/// inside of `io_uring_enter` they are those of that syscall.
fn is_of_syscall(field: &Field) -> bool {
    field.number() == field::ARCH || (field::A0..=field::A3).contains(&field.number())
}
