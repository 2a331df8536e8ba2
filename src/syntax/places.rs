//! The places of one byte in a short text: words and conditions are shorter than what a vector instruction is worth.

/// Passes each place of `byte` to `take`. Looks at eight bytes at a time.
#[inline]
pub(super) fn each_place(text: &[u8], byte: u8, mut take: impl FnMut(usize)) {
    let (eights, rest) = text.as_chunks();
    let mut at = 0;
    for eight in eights {
        let mut found = places_among(*eight, byte);
        while found != 0 {
            take(at + found.trailing_zeros() as usize / 8);
            found &= found - 1;
        }
        at += 8;
    }
    for (at, other) in (at..).zip(rest) {
        if *other == byte {
            take(at);
        }
    }
}

/// Returns the place of a byte that occurs once; `None` if it is missing, or occurs more often.
#[inline]
pub(super) fn only_place(text: &[u8], byte: u8) -> Option<usize> {
    let (mut count, mut place) = (0, 0);
    each_place(text, byte, |at| {
        count += 1;
        place = at;
    });
    (count == 1).then_some(place)
}

/// Returns a number in which the highest bit of each byte is set that is `byte`.
fn places_among(bytes: [u8; 8], byte: u8) -> u64 {
    const LOW_BITS: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    // The byte becomes 0, and only 0 has no bit in the sum or in itself.
    let zeros = u64::from_le_bytes(bytes) ^ u64::from_le_bytes([byte; 8]);
    !(((zeros & LOW_BITS) + LOW_BITS) | zeros | LOW_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_place_in_texts_of_any_length() {
        // Bytes that differ from a comma in one bit, and the byte after it, are none.
        let bytes = [b',', b'-', 0xac, b'm', b',', 0x2d, b'(', 0x2e, 0x80, 0xff, 0];
        let text: Vec<u8> = (0..100).map(|at| bytes[at * at / 7 % bytes.len()]).collect();
        for len in 0..text.len() {
            let text = &text[..len];
            let mut places = Vec::new();
            each_place(text, b',', |at| places.push(at));
            let expected: Vec<usize> = (0..len).filter(|at| text[*at] == b',').collect();
            assert_eq!(places, expected);
            let only = match expected[..] {
                [only] => Some(only),
                _ => None,
            };
            assert_eq!(only_place(text, b','), only);
        }
    }
}
