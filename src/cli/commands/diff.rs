//! The changes in a file.

use std::io::{self, Write};

use similar::TextDiff;

/// Writes the changes in the form of `diff -u`, for `patch`; nothing if there are none.
///
/// # Errors
/// Those of `out`.
pub(super) fn diff(name: &[u8], old: &[u8], new: &[u8], out: &mut dyn Write) -> io::Result<()> {
    if old == new {
        return Ok(());
    }
    for part in [b"--- ", name, b"\n+++ ", name, b"\n"] {
        out.write_all(part)?;
    }
    TextDiff::from_lines(old, new).unified_diff().to_writer(out)
}
