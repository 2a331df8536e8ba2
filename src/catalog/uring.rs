//! io_uring operations, for `-S` on the io_uring list.

use super::generated::uring_ops as table;
use super::lookup;

/// Returns the number of the operation `name`, in any case.
pub fn uring_op_number(name: &[u8]) -> Option<u32> {
    lookup::lower(table::BY_NAME, name)
}

/// Returns the name that auditctl prints for an operation.
pub fn uring_op_name(number: u32) -> Option<&'static str> {
    lookup::entry(table::BY_NUMBER, number)
}

/// Returns the operations that have a name, sorted by number.
pub fn uring_ops() -> &'static [(u32, &'static str)] {
    table::BY_NUMBER
}
