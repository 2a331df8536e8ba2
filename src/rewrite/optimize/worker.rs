//! Operations that a worker of io_uring runs. The kernel tests the rules by inode for them as for a syscall with the number 0
//! of no arch (`audit_filter_inodes` in a context of kind `AUDIT_CTX_URING`).

use crate::catalog::field;
use crate::model::Home;
use crate::rule::{Field, Op, Rule};

/// The number that stands for every operation.
pub(super) const NUMBER: u32 = 0;

/// Returns whether a rule may match an operation. No arch and no access is that of an operation.
pub(super) fn may_match_in_worker(rule: &Rule) -> bool {
    let asks_for_syscall = |condition: &Field| {
        matches!(condition.number(), field::ARCH | field::PERM) && condition.op() == Op::EQUAL
    };
    rule.mask.contains(NUMBER)
        && Home::of(rule) == Home::InodeHash
        && !rule.fields.iter().any(asks_for_syscall)
}
