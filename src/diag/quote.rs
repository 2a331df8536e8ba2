//! Bytes of a rule in a message.

use std::fmt::Write as _;

/// Returns bytes of a rule in backquotes. Bytes that are not UTF-8 are written as `\x..`, control characters as
/// escapes.
pub(crate) fn quote(bytes: &[u8]) -> String {
    let mut quoted = String::from("`");
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char.is_control() {
                true => quoted.extend(char.escape_default()),
                false => quoted.push(char),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(quoted, "\\x{byte:02x}");
        }
    }
    quoted.push('`');
    quoted
}
