//! Rules that take events from later rules.

use crate::catalog::field;
use crate::rule::{Action, Field, FilterList, Op, Rule};

/// Returns whether a rule keeps events from being recorded. Every rule of the list exclude does, with any action
/// (`audit_filter`, kernel/auditsc.c).
pub(super) fn silences(rule: &Rule) -> bool {
    rule.action == Action::Never || rule.list == FilterList::Exclude
}

/// Returns whether the events of a list that no rule matches are recorded.
pub(super) fn records_by_default(list: FilterList) -> bool {
    !matches!(list, FilterList::Exit | FilterList::IoUring)
}

/// Returns whether some event may match both rules of a list. Different masks and arches keep events apart; other
/// conditions are taken as if they did not.
pub(super) fn may_meet(one: &Rule, other: &Rule) -> bool {
    let has_common_syscall = !one.list.has_mask() || one.mask.intersects(&other.mask);
    let arch = |rule: &Rule| {
        rule.fields.iter().find_map(|condition| match condition {
            Field::Number { id, op: Op::EQUAL, value } if id.number() == field::ARCH => {
                Some(*value)
            }
            _ => None,
        })
    };
    let are_of_other_arches = arch(one).zip(arch(other)).is_some_and(|(one, other)| one != other);
    has_common_syscall && !are_of_other_arches
}
