//! Address families, for the field `saddr_fam`. auditctl reads and prints numbers; names are for people.

use super::generated::families;
use super::lookup;

/// Returns the number of the address family `name`, such as `inet6`, in any case.
pub fn family_number(name: &[u8]) -> Option<u32> {
    lookup::lower(families::BY_NAME, name)
}

/// Returns the name of an address family.
pub fn family_name(number: u32) -> Option<&'static str> {
    lookup::entry(families::BY_NUMBER, number)
}

/// One more than the highest address family. The recorded auditctl refuses values from here on.
pub const AF_MAX: u32 = 46;
