//! Error numbers, for the exit field.

use super::generated::errnos;
use super::lookup;

/// The number of the error `name`, in any case and without `-`; positive. auditctl has no `ENOTSUP`.
pub fn errno_number(name: &[u8]) -> Option<u32> {
    lookup::upper(errnos::BY_NAME, name)
}

/// The error names, sorted, each with its positive number.
pub fn errnos() -> &'static [(&'static str, u32)] {
    errnos::BY_NAME
}

/// The name auditctl prints for a positive error number: `EAGAIN`, never `EWOULDBLOCK`.
pub fn errno_name(number: u32) -> Option<&'static str> {
    lookup::number(errnos::BY_NUMBER, number)
}
