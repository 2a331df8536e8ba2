//! Values one after the other, as words of eight bytes.
//!
//! Each word shows what it is and how much follows, so that different values never give the same bytes.

use crate::ingest::word_of;

/// The highest byte of a word: what it is. For a short value, it is its length and one.
const LONG: u8 = 0x20;
const KIND: u8 = 0x40;
const MARK: u8 = 0x41;
const END: u8 = 0x42;

/// The mark of a path that no rule is about.
pub(super) const ELSEWHERE: u32 = 1 << 8;
/// The mark of a value of which only matters that it is there.
pub(super) const ANY: u32 = 1 << 9;
/// The mark of a relative name that is part of no path of a rule.
pub(super) const APART: u32 = 1 << 10;

/// Adds a value. No value is another one than an empty one.
#[inline]
pub(super) fn add_value(value: Option<&[u8]>, to: &mut Vec<u8>) {
    let Some(value) = value else { return add(0, to) };
    match word_of(value) {
        Some(word) if value.len() < 8 => add(word | (value.len() as u64 + 1) << 56, to),
        _ => add_long(value, to),
    }
}

fn add_long(value: &[u8], to: &mut Vec<u8>) {
    add(value.len() as u64 | tag(LONG), to);
    match (value.first_chunk(), value.last_chunk()) {
        // Some bytes are in both words.
        (Some(first), Some(last)) if value.len() <= 16 => {
            add(u64::from_le_bytes(*first), to);
            add(u64::from_le_bytes(*last), to);
        }
        _ => to.extend_from_slice(value),
    }
}

/// Returns a value of at most eight bytes as a number that no other such value has.
#[inline]
pub(super) fn short(value: &[u8]) -> Option<u64> {
    // No text that is shorter ends with the byte 0.
    word_of(value).filter(|_| value.last() != Some(&0))
}

/// Adds the type of a record.
#[inline]
pub(super) fn add_kind(kind: Option<u32>, to: &mut Vec<u8>) {
    add(u64::from(kind.unwrap_or(u32::MAX)) | tag(KIND), to);
}

/// Adds what is no value.
#[inline]
pub(super) fn add_mark(mark: u32, to: &mut Vec<u8>) {
    add(u64::from(mark) | tag(MARK), to);
}

/// Ends values of which there can be any number.
pub(super) fn add_end(to: &mut Vec<u8>) {
    add(tag(END), to);
}

#[inline]
fn add(word: u64, to: &mut Vec<u8>) {
    to.extend_from_slice(&word.to_le_bytes());
}

/// Returns a word with this highest byte.
const fn tag(byte: u8) -> u64 {
    u64::from_be_bytes([byte, 0, 0, 0, 0, 0, 0, 0])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn different_values_have_different_words(
            one in prop::collection::vec(prop::option::of("[0a\\x00]{0,20}"), 0..4),
            other in prop::collection::vec(prop::option::of("[0a\\x00]{0,20}"), 0..4),
        ) {
            let coded = |values: &[Option<String>]| {
                let mut to = Vec::new();
                values.iter().for_each(|value| add_value(value.as_deref().map(str::as_bytes), &mut to));
                to
            };
            prop_assert_eq!(coded(&one) == coded(&other), one == other);
        }

        #[test]
        fn different_short_values_are_different(one in "[0a\\x00]{0,9}", other in "[0a\\x00]{0,9}") {
            if let (Some(first), Some(second)) = (short(one.as_bytes()), short(other.as_bytes())) {
                prop_assert_eq!(first == second, one == other);
            }
        }
    }
}
