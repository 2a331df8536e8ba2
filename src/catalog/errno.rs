//! Error numbers, for the field `exit`.

use super::by_hash::{ByHash, names};
use super::generated::errnos;
use super::lookup;

/// Returns the positive number of the error `name`, which is in any case and without `-`. auditctl has no `ENOTSUP`.
pub fn errno_number(name: &[u8]) -> Option<u32> {
    let place = BY_HASH.find(&NAMES, name)?;
    errnos::BY_NAME.get(usize::from(place.get()) - 1).map(|(_, number)| *number)
}

static NAMES: [&str; errnos::BY_NAME.len()] = names(errnos::BY_NAME);

static BY_HASH: ByHash<512> = ByHash::of(&NAMES);

/// Returns the error names, sorted, each with its positive number.
pub fn errnos() -> &'static [(&'static str, u32)] {
    errnos::BY_NAME
}

/// Returns the name that auditctl prints for a positive error number: `EAGAIN`, never `EWOULDBLOCK`.
pub fn errno_name(number: u32) -> Option<&'static str> {
    lookup::entry(errnos::BY_NUMBER, number)
}
