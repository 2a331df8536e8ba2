//! The fields that the kernel tests on each list.
//!
//! `audit_filter`, which serves the lists user and exclude, knows few fields (kernel/auditfilter.c, Linux 6.1 to 7.2).
//! At any other field it ends the walk of the whole list, provided that the conditions before it hold. On the list
//! task, `audit_filter_rules` (kernel/auditsc.c) has no syscall yet: a field of a syscall or of its files is false.

use crate::catalog::{Operator, compare_pair, field};
use crate::rule::{Field, FilterList, Op};

/// Returns whether a condition can hold on a list. Keys do not count on the lists that ignore them.
pub(crate) fn is_tested(list: FilterList, condition: &Field) -> bool {
    match list {
        FilterList::User | FilterList::Exclude => is_known_without_syscall(condition.number()),
        FilterList::Task => can_hold_for_new_task(condition),
        _ => true,
    }
}

fn is_known_without_syscall(number: u32) -> bool {
    matches!(
        number,
        field::PID
            | field::UID
            | field::GID
            | field::AUID
            | field::LOGINUID_SET
            | field::MSGTYPE
            | field::SUBJ_USER..=field::SUBJ_CLR | field::EXE
    )
}

/// Returns whether a condition can hold before the task has a program, a syscall or files.
fn can_hold_for_new_task(condition: &Field) -> bool {
    match condition {
        // `!=` holds for every new task.
        _ if is_negated_match(condition) => true,
        Field::Number { value, .. } if condition.number() == field::FIELD_COMPARE => {
            !compares_file(*value)
        }
        _ => !matches!(
            condition.number(),
            field::ARCH
                | field::PPID
                | field::OBJ_USER..=field::OBJ_LEV_HIGH
                | field::DEVMAJOR..=field::OBJ_GID
                | field::EXE
                | field::SADDR_FAM
                | field::A0..=field::A3
        ),
    }
}

fn is_negated_match(condition: &Field) -> bool {
    condition.op() == Op::Known(Operator::NotEqual)
        && matches!(condition.number(), field::PERM | field::FILETYPE | field::EXE)
}

/// Returns whether a comparison is with the owner of a file.
fn compares_file(comparison: u32) -> bool {
    let is_of_file = |name: &str| name.starts_with("obj_");
    compare_pair(comparison).is_some_and(|(left, right)| is_of_file(left) || is_of_file(right))
}
