//! Message types, for the msgtype field.

use super::generated::msgtypes as table;
use super::{lookup, suggest};

/// The number of the message type `name`, in any case.
///
/// auditctl, built without AppArmor support as the reference was, has no `APPARMOR_*`.
pub fn msgtype_number(name: &[u8]) -> Option<u32> {
    lookup::upper(table::BY_NAME, name)
}

/// The name auditctl prints for a message type; `None` where it prints the number.
pub fn msgtype_name(number: u32) -> Option<&'static str> {
    lookup::number(table::BY_NUMBER, number)
}

/// The name of a message type, whether auditctl has it or not: `MAC_TASK_CONTEXTS` for 1425.
pub fn kernel_msgtype_name(number: u32) -> Option<&'static str> {
    msgtype_name(number).or_else(|| lookup::number(table::OTHERS, number))
}

/// The message types auditctl has names for, sorted by number.
pub fn msgtypes() -> &'static [(u32, &'static str)] {
    table::BY_NUMBER
}

/// The message type whose name is most like `name`; upper case.
pub fn nearest_msgtype(name: &[u8]) -> Option<&'static str> {
    suggest::nearest(name, table::BY_NAME.iter().map(|(known, _)| *known))
}
