//! File system types, for the fstype field: magic numbers as in statfs(2).

use super::generated::fstypes;
use super::lookup;

/// The magic number of the file system type `name`, in any case.
pub fn fstype_number(name: &[u8]) -> Option<u32> {
    lookup::lower(fstypes::BY_NAME, name)
}

/// The file system types that have a name, sorted, each with its magic number.
pub fn fstypes() -> &'static [(&'static str, u32)] {
    fstypes::BY_NAME
}

/// The name auditctl prints for a magic number.
pub fn fstype_name(number: u32) -> Option<&'static str> {
    lookup::number(fstypes::BY_NUMBER, number)
}
