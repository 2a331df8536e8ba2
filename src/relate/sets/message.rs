//! The types of records that matter to the filter lists (linux/audit.h).

use super::numbers::NumberTest;
use crate::catalog::Operator;
use crate::rule::Op;

/// The record of a syscall.
pub(super) const SYSCALL: u32 = 1300;
/// The record of an operation of io_uring.
pub(super) const OPERATION: u32 = 1336;

const USER: u32 = 1005;
const USER_RANGES: [(u32, u32); 2] = [(1100, 1199), (2100, 2999)];
/// The range of all types of records.
const RECORDS: (u32, u32) = (1100, 2999);

/// Returns whether programs can send messages of this type (`audit_receive_msg`, kernel/audit.c).
pub(super) fn is_of_programs(record: u32) -> bool {
    record == USER || USER_RANGES.iter().any(|(low, high)| (*low..=*high).contains(&record))
}

/// Returns whether there can be records of this type.
pub(super) fn is_of_records(record: u32) -> bool {
    record == USER || (RECORDS.0..=RECORDS.1).contains(&record)
}

/// Returns conditions that tell the types of records apart.
pub(super) fn tests() -> impl Iterator<Item = NumberTest> {
    let ranges = USER_RANGES.into_iter().flat_map(|(low, high)| {
        [(Op::Known(Operator::GreaterEqual), low), (Op::Known(Operator::LessEqual), high)]
    });
    ranges.chain([(Op::EQUAL, USER)])
}
