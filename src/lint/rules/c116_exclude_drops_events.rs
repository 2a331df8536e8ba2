//! C116 `exclude-drops-events`. Its page is the Markdown file of the same name.

use crate::catalog::{field, msgtype_number};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rule::{Field, FilterList, Op, Rule};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C116",
    name: "exclude-drops-events",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c116_exclude_drops_events.md"),
};

/// The number of root, and of its group.
const ROOT: u32 = 0;
/// The auid of a process without a login.
const UNSET: u32 = u32::MAX;

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some(syscall) = msgtype_number(b"SYSCALL") else { return };
    for loaded in facts.rules().iter().filter(|one| one.kernel_rule.list == FilterList::Exclude) {
        let Some(conditions) = facts.conditions(loaded) else { continue };
        if conditions.can_match()
            && conditions.allow(field::MSGTYPE, syscall)
            && !loaded.kernel_rule.fields.iter().any(is_narrow)
        {
            let whose = whose(loaded.kernel_rule);
            let message = format!(
                "this rule drops the SYSCALL records of {whose}, and with them whole events"
            );
            findings.push(
                Finding::new(&LINT, loaded.line.whole(), message)
                    .label("PATH, CWD and the others go too")
                    .help(
                        "name another record type, such as `msgtype=CWD`, or silence syscalls with a `never` rule on \
                         the list exit",
                    ),
            );
        }
    }
}

/// Returns whether a condition limits a rule to few processes.
fn is_narrow(condition: &Field) -> bool {
    condition.op() == Op::EQUAL
        && match condition {
            Field::Text { .. } => true,
            Field::Number { value, .. } => match condition.number() {
                field::PID => true,
                field::UID | field::GID => *value != ROOT,
                field::AUID => *value != UNSET,
                _ => false,
            },
        }
}

/// Returns the processes that a rule without narrow conditions is for.
fn whose(rule: &Rule) -> &'static str {
    let mut others = rule.fields.iter().filter(|one| one.number() != field::MSGTYPE);
    let is_equal = |condition: &Field, number, wanted| match condition {
        Field::Number { op: Op::EQUAL, value, .. } => {
            condition.number() == number && *value == wanted
        }
        _ => false,
    };
    match (others.next(), others.next()) {
        (None, _) => "all processes",
        (Some(one), None) if is_equal(one, field::AUID, UNSET) => "all processes without a login",
        (Some(one), None) if is_equal(one, field::UID, ROOT) => "all processes of root",
        _ => "many processes",
    }
}
