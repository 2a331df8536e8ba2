//! Values that auditctl reads differently from how they look. It accepts them without a message.

use super::Compiler;
use super::number::{starts_with_digit, starts_with_minus_digit, written};
use crate::catalog::{FieldKind, Operator};
use crate::diag::{Misread, ValueFault};
use crate::syntax::Text;

impl Compiler<'_> {
    /// Warns if auditctl reads the value of a condition differently from how it looks.
    pub(super) fn check_reading(&mut self, kind: FieldKind, value: &Text<'_>) {
        match operator(value.bytes()) {
            None => self.note_misread(of_kind(kind, value.bytes()), value),
            misread => self.note_misread(misread, value),
        }
    }

    /// Warns if auditctl reads a number differently from how it looks.
    pub(super) fn check_number(&mut self, text: &Text<'_>) {
        self.note_misread(number(text.bytes()), text);
    }

    /// Warns if a text begins with an operator.
    pub(super) fn check_operator_in_value(&mut self, text: &Text<'_>) {
        self.note_misread(operator(text.bytes()), text);
    }

    #[inline]
    fn note_misread(&mut self, misread: Option<Misread>, text: &Text<'_>) {
        if let Some(cause) = misread.filter(|_| !self.options.is_first_only()) {
            self.note(ValueFault::Misread { text: text.bytes().into(), cause }, text.span());
        }
    }
}

/// Finds a second operator: `=` is part of the value of `auid==1000`.
#[inline]
fn operator(value: &[u8]) -> Option<Misread> {
    value.first().filter(|first| Operator::has_character(**first)).map(|_| Misread::Operator)
}

fn of_kind(kind: FieldKind, value: &[u8]) -> Option<Misread> {
    let has_digit = starts_with_digit(value) || starts_with_minus_digit(value);
    match kind {
        FieldKind::Text
        | FieldKind::Path
        | FieldKind::Key
        | FieldKind::Arch
        | FieldKind::Perm
        | FieldKind::FileType => None,
        FieldKind::SessionId if value == b"unset" => None,
        FieldKind::SessionId if !has_digit => Some(Misread::NoSession),
        FieldKind::Family if written(value).is_none() => Some(Misread::NoFamily),
        _ if !has_digit => None,
        // Modes and flags are octal on purpose, and the kernel compares the low 32 bits of each side.
        FieldKind::Argument | FieldKind::Inode => {
            number(value).filter(|misread| matches!(misread, Misread::Rest { .. }))
        }
        _ => number(value),
    }
}

fn number(text: &[u8]) -> Option<Misread> {
    let written = written(text)?;
    // The spaces include the carriage return of a line from Windows, which has a finding of its own.
    if !written.rest.trim_ascii().is_empty() {
        return Some(Misread::Rest { read: shown(written.value), rest: written.rest.into() });
    }
    if written.is_octal && !(0..8).contains(&written.value) {
        return Some(Misread::Octal { read: shown(written.value) });
    }
    // A negative number of 32 bits may be written as one of 64 bits.
    let value = match u64::try_from(written.value) {
        Ok(bits) => i128::from(bits.cast_signed()),
        Err(_) => written.value,
    };
    let fits = i128::from(i32::MIN)..=i128::from(u32::MAX);
    (!fits.contains(&value)).then_some(Misread::TooLarge)
}

/// Returns the number of the message: 64 bits are enough there.
fn shown(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_numbers_that_are_read_in_part() {
        let rest = |text: &[u8]| match number(text) {
            Some(Misread::Rest { read, rest }) => Some((read, rest.to_vec())),
            _ => None,
        };
        assert_eq!(rest(b"1000-2000"), Some((1000, b"-2000".to_vec())));
        assert_eq!(rest(b"8k"), Some((8, b"k".to_vec())));
        assert_eq!(rest(b"-13x"), Some((-13, b"x".to_vec())));
        assert_eq!(rest(b"0xzz"), Some((0, b"xzz".to_vec())));
        assert_eq!(rest(b"08"), Some((0, b"8".to_vec())));
        for whole in [&b"1000"[..], b"-1", b"0x7f", b"0", b"64\r"] {
            assert_eq!(number(whole), None, "{}", whole.escape_ascii());
        }
    }

    #[test]
    fn finds_octal_and_large_numbers() {
        assert_eq!(number(b"01000"), Some(Misread::Octal { read: 512 }));
        assert_eq!(number(b"-010"), Some(Misread::Octal { read: -8 }));
        assert_eq!(number(b"007"), None);
        assert_eq!(number(b"4294967296"), Some(Misread::TooLarge));
        assert_eq!(number(b"-2147483649"), Some(Misread::TooLarge));
        assert_eq!(number(b"99999999999999999999999999"), Some(Misread::TooLarge));
        for fitting in [&b"4294967295"[..], b"-2147483648", b"0xffffffffffffff9c"] {
            assert_eq!(number(fitting), None, "{}", fitting.escape_ascii());
        }
    }

    #[test]
    fn knows_the_values_of_each_kind() {
        let of = |kind, value: &str| of_kind(kind, value.as_bytes());
        for (kind, value) in [
            (FieldKind::User, "root"),
            (FieldKind::User, "unset"),
            (FieldKind::Errno, "-EACCES"),
            (FieldKind::SessionId, "unset"),
            (FieldKind::Family, "10"),
            (FieldKind::Argument, "0100"),
            (FieldKind::Inode, "4294967296"),
            (FieldKind::Path, "/1x"),
        ] {
            assert_eq!(of(kind, value), None, "{value}");
        }
        assert_eq!(of(FieldKind::SessionId, "abc"), Some(Misread::NoSession));
        assert_eq!(of(FieldKind::Family, "inet"), Some(Misread::NoFamily));
        assert!(matches!(of(FieldKind::Argument, "2|10"), Some(Misread::Rest { .. })));
    }
}
