//! Rules that take events from later rules.

use crate::catalog::field;
use crate::model::is_tested;
use crate::rule::{Action, Field, FilterList, Op, Rule, TextId};

/// Returns whether a rule keeps events from being recorded. Every rule of the list exclude does, with any action
/// (`audit_filter`, kernel/auditfilter.c). On this list and the list user, a rule with a field that is not tested there ends
/// the walk, so it keeps later rules from silencing.
pub(super) fn silences(rule: &Rule) -> bool {
    let ends_walk = matches!(rule.list, FilterList::User | FilterList::Exclude)
        && rule.fields.iter().any(|condition| !is_tested(rule.list, condition));
    !ends_walk && (rule.action == Action::Never || rule.list == FilterList::Exclude)
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

/// Returns whether the time at which two rules were added can decide which of them the kernel tests first. When a file
/// appears at a watched path, the kernel tests the rules of the path in the order in which they were added
/// (`audit_update_watch`, kernel/audit_watch.c).
pub(super) fn depend_on_time(one: &Rule, other: &Rule) -> bool {
    let are_of_one_path = path(one).is_some_and(|path_of_one| path(other) == Some(path_of_one));
    are_of_one_path && silences(one) != silences(other) && may_meet(one, other)
}

/// Returns the watched path of a rule.
pub(super) fn path(rule: &Rule) -> Option<&[u8]> {
    rule.fields.iter().find_map(|condition| match condition {
        Field::Text { id: TextId::PATH, text, .. } => Some(&**text),
        _ => None,
    })
}
