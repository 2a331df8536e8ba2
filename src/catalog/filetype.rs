//! File types, for the field `filetype`: the `S_IFMT` bits of a mode.

use super::generated::filetypes;
use super::lookup;

/// Returns the number of the file type `name`, in any case.
pub fn filetype_number(name: &[u8]) -> Option<u32> {
    lookup::lower(filetypes::BY_NAME, name)
}

/// Returns the file types, sorted by name, each with its number.
pub fn filetypes() -> &'static [(&'static str, u32)] {
    filetypes::BY_NAME
}

/// Returns the name of a file type. auditctl reads names but prints numbers.
pub fn filetype_name(number: u32) -> Option<&'static str> {
    lookup::entry(filetypes::BY_NUMBER, number)
}
