//! Numbers as the C library reads them. Existing rules rely on its leniency.

/// A number read by `strtoul` or `strtol`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// The 64 bits that `strtoul` or `strtol` returns.
    bits: u64,
    /// Whether the number did not fit (`ERANGE`) and was replaced by the nearest number that does.
    pub(super) overflow: bool,
}

impl Number {
    /// Returns the low 32 bits, as in a field of the rule: 4294967296 is 0, -1 is 4294967295.
    #[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
    pub(super) const fn low32(self) -> u32 {
        self.bits as u32
    }
}

/// Parses as `strtoul(text, NULL, 0)` does on a 64-bit machine: white space, a sign, `0x` for hexadecimal and `0` for
/// octal, then digits up to the first other character. Without digits the result is 0.
pub(super) fn unsigned(text: &[u8]) -> Number {
    Digits::of(text, 0).unsigned()
}

/// Parses as `strtoul(text, NULL, 16)` does.
pub(super) fn hexadecimal(text: &[u8]) -> Number {
    Digits::of(text, 16).unsigned()
}

/// Parses as `strtol(text, NULL, 0)` does on a 64-bit machine.
#[expect(clippy::cast_sign_loss, reason = "the bits are wanted")]
pub(super) fn signed(text: &[u8]) -> Number {
    let digits = Digits::of(text, 0);
    let value = i128::try_from(digits.magnitude).unwrap_or(i128::MAX);
    let value = if digits.negative { -value } else { value };
    match i64::try_from(value) {
        Ok(value) => Number { bits: value as u64, overflow: false },
        Err(_) if digits.negative => Number { bits: i64::MIN as u64, overflow: true },
        Err(_) => Number { bits: i64::MAX as u64, overflow: true },
    }
}

/// Returns whether auditctl treats a value as a number. It checks only the first byte.
pub(super) fn starts_with_digit(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_digit)
}

/// Returns whether a value is a number with a minus sign.
pub(super) fn starts_with_minus_digit(text: &[u8]) -> bool {
    matches!(text, [b'-', digit, ..] if digit.is_ascii_digit())
}

/// A number as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written<'t> {
    /// Its value; saturates far above 64 bits.
    pub(super) value: i128,
    /// Whether it has more digits than a 0 that makes it octal.
    pub(super) is_octal: bool,
    /// The text after its digits.
    pub(super) rest: &'t [u8],
}

/// Returns a number with all that `strtoul` and `strtol` do not report; `None` if the text has no digits.
pub(super) fn written(text: &[u8]) -> Option<Written<'_>> {
    let digits = Digits::of(text, 0);
    let value = i128::try_from(digits.magnitude).unwrap_or(i128::MAX);
    (digits.count > 0).then_some(Written {
        value: if digits.negative { -value } else { value },
        is_octal: digits.base == 8 && digits.count > 1,
        rest: digits.rest,
    })
}

struct Digits<'t> {
    negative: bool,
    /// The maximum if 64 bits are not enough.
    magnitude: u128,
    base: u32,
    /// The number of digits, without `0x`.
    count: usize,
    rest: &'t [u8],
}

impl<'t> Digits<'t> {
    fn of(text: &'t [u8], base: u32) -> Self {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
        let spaces = text.iter().take_while(|byte| is_space(byte)).count();
        let text = text.get(spaces..).unwrap_or_default();
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let (base, text) = match (base, text) {
            (0 | 16, [b'0', b'x' | b'X', digit, ..]) if digit.is_ascii_hexdigit() => {
                (16, text.get(2..).unwrap_or_default())
            }
            (0, [b'0', ..]) => (8, text),
            (0, _) => (10, text),
            _ => (base, text),
        };
        let digits = text.iter().map_while(|byte| char::from(*byte).to_digit(base));
        let (magnitude, count) = digits.fold((Some(0_u64), 0), |(sum, count), digit| {
            let next = |sum: u64| sum.checked_mul(base.into())?.checked_add(digit.into());
            (sum.and_then(next), count + 1)
        });
        let magnitude = magnitude.map_or(u128::MAX, u128::from);
        let rest = text.get(count..).unwrap_or_default();
        Digits { negative, magnitude, base, count, rest }
    }

    fn unsigned(self) -> Number {
        match u64::try_from(self.magnitude) {
            Ok(bits) if self.negative => Number { bits: bits.wrapping_neg(), overflow: false },
            Ok(bits) => Number { bits, overflow: false },
            Err(_) => Number { bits: u64::MAX, overflow: true },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values are those of glibc and of the C standard (7.22.1.4).
    #[test]
    fn unsigned_numbers_wrap_when_negative() {
        assert_eq!(unsigned(b"1000").low32(), 1000);
        assert_eq!(unsigned(b"0x1fg").low32(), 0x1f);
        assert_eq!(unsigned(b"010").low32(), 8);
        assert_eq!(unsigned(b"08").low32(), 0);
        assert_eq!(unsigned(b"0x").low32(), 0);
        assert_eq!(unsigned(b"-1").low32(), u32::MAX);
        assert_eq!(unsigned(b" +7").low32(), 7);
        assert_eq!(unsigned(b"4294967296").low32(), 0);
    }

    #[test]
    fn too_large_numbers_saturate() {
        let huge = unsigned(b"99999999999999999999999999999999999999999999");
        assert!(huge.overflow);
        assert_eq!(huge.low32(), u32::MAX);
        assert_eq!(signed(b"9223372036854775808").low32(), u32::MAX);
        assert_eq!(signed(b"-9223372036854775809").low32(), 0);
    }

    #[test]
    fn base_16_needs_no_prefix() {
        assert_eq!(hexadecimal(b"c000003e").low32(), 0xc000_003e);
        assert_eq!(hexadecimal(b"0x3e").low32(), 0x3e);
        assert_eq!(hexadecimal(b"zz").low32(), 0);
    }
}
