//! Message types, for the field `msgtype`.

use super::generated::msgtypes as table;
use super::{lookup, suggest};

/// Returns the number of the message type `name`, in any case.
///
/// The auditctl of the reference data is built without AppArmor support and has no `APPARMOR_*`.
pub fn msgtype_number(name: &[u8]) -> Option<u32> {
    lookup::upper(table::BY_NAME, name)
}

/// Returns the name that auditctl prints for a message type; `None` if it prints the number.
pub fn msgtype_name(number: u32) -> Option<&'static str> {
    lookup::entry(table::BY_NUMBER, number)
}

/// Returns the name of a message type, even if auditctl does not have it: `MAC_TASK_CONTEXTS` for
/// 1425.
pub fn kernel_msgtype_name(number: u32) -> Option<&'static str> {
    msgtype_name(number).or_else(|| lookup::entry(table::OTHERS, number))
}

/// Returns the number of the message type with this name, even if auditctl does not have it.
pub(crate) fn kernel_msgtype_number(name: &[u8]) -> Option<u32> {
    let is_it = |(_, other): &&(u32, &str)| other.as_bytes() == name;
    msgtype_number(name).or_else(|| table::OTHERS.iter().find(is_it).map(|(number, _)| *number))
}

/// Returns the message types that auditctl has names for, sorted by number.
pub fn msgtypes() -> &'static [(u32, &'static str)] {
    table::BY_NUMBER
}

/// Returns the message type whose name is most similar to `name`, in upper case.
pub(crate) fn nearest_msgtype(name: &[u8]) -> Option<&'static str> {
    suggest::nearest(name, table::BY_NAME.iter().map(|(known, _)| *known))
}
