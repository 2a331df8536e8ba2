//! The value of a condition, as a listing prints it.

use crate::catalog::{self, Arch, field};

/// Returns the number that a listing prints as `text` in a condition on this field; `None` if it prints no number so.
///
/// Some names are printed only with `-i`, or by other versions of auditctl. They mean the same there.
pub(super) fn number(field: u32, text: &[u8]) -> Option<u32> {
    let named = match field {
        // Debian's auditctl is built for AppArmor, and has its names.
        field::MSGTYPE => catalog::kernel_msgtype_number(text),
        field::FSTYPE => catalog::fstype_number(text),
        field::EXIT => error(text),
        field::AUID | field::SESSIONID if text == b"unset" => Some(u32::MAX),
        field::FILETYPE => catalog::filetype_number(text),
        field::SADDR_FAM => catalog::family_number(text),
        field::A0..=field::A3 => hexadecimal(text),
        _ => None,
    };
    named.or_else(|| decimal(text))
}

/// Returns the value of `arch` on a machine: `b64`, `b32`, a name, or the number of an arch that auditctl does not know.
pub(super) fn arch(text: &[u8], machine: Arch) -> Option<u32> {
    match text {
        b"b64" => machine.b64().map(Arch::elf),
        b"b32" => machine.b32().map(Arch::elf),
        _ => hexadecimal(text).or_else(|| Arch::from_name(text).map(Arch::elf)),
    }
}

/// Returns the bits of permissions.
pub(super) fn permissions(letters: &[u8]) -> Option<u32> {
    let mut bits = letters.iter().map(|letter| {
        let perm = catalog::Perm::from_letter(*letter)?;
        letter.is_ascii_lowercase().then_some(perm.bit())
    });
    bits.try_fold(0, |all, bit| Some(all | bit?))
}

/// Returns a number with or without sign, cut to 32 bits.
pub(super) fn decimal(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number: i64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    let signed = || i32::try_from(number).map(i32::cast_unsigned);
    u32::try_from(number).or_else(|_| signed()).ok()
}

fn hexadecimal(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"0x")?;
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Returns the result of a syscall that failed with the error of this name.
fn error(name: &[u8]) -> Option<u32> {
    let number = catalog::errno_number(name.strip_prefix(b"-")?)?;
    Some(number.wrapping_neg())
}
