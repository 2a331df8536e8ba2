//! File system types, for the field `fstype`: magic numbers as in statfs(2).

use super::generated::{fstypes, magic};
use super::lookup;

/// Returns the magic number of the file system type `name`, in any case.
pub fn fstype_number(name: &[u8]) -> Option<u32> {
    lookup::lower(fstypes::BY_NAME, name)
}

/// Returns the file system types that have a name, sorted, each with its magic number.
pub fn fstypes() -> &'static [(&'static str, u32)] {
    fstypes::BY_NAME
}

/// Returns the name that auditctl prints for a magic number.
pub fn fstype_name(number: u32) -> Option<&'static str> {
    lookup::entry(fstypes::BY_NUMBER, number)
}

/// Returns the magic number of a file system type that auditctl has no name for, by its name in mount(8), in any case.
pub(crate) fn unnamed_fstype_number(name: &[u8]) -> Option<u32> {
    lookup::lower(magic::BY_NAME, name)
}
