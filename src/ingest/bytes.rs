//! Bytes that are read by eight.

/// The number of bytes in a word.
pub(super) const WORD: usize = 8;

/// Returns a word with the same byte everywhere.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; WORD])
}

/// Returns the bytes at a place as a word, the first the lowest; `None` if the text ends before.
#[inline]
pub(super) fn first_bytes(text: &[u8], at: usize) -> Option<u64> {
    text.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// Returns a text of at most eight bytes as a word, with zeros after it; `None` if it is longer.
#[inline]
pub(crate) fn word_of(text: &[u8]) -> Option<u64> {
    if text.len() > WORD {
        return None;
    }
    Some(match (text.first_chunk::<4>(), text.last_chunk::<4>(), text) {
        (Some(first), Some(last), _) => {
            // Some bytes are in both.
            let [first, last] = [*first, *last].map(u32::from_le_bytes).map(u64::from);
            first | last << (8 * (text.len() - 4))
        }
        (_, _, [one, two, three]) => u64::from_le_bytes([*one, *two, *three, 0, 0, 0, 0, 0]),
        (_, _, [one, two]) => u64::from_le_bytes([*one, *two, 0, 0, 0, 0, 0, 0]),
        (_, _, [one]) => u64::from(*one),
        _ => 0,
    })
}

/// Returns where the first byte of a word that is zero has its highest bit set; 0 without such a byte. Bits of later bytes
/// can be wrong.
#[inline]
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(all(1)) & !word & all(0x80)
}

/// Returns where the value ends that begins at a place, as `word`: at a space. `None` for a value in quotes that has a space
/// or another quote, for a message of a program, and for a value that no space ends.
#[inline]
pub(super) fn end_of_value(text: &[u8], start: usize, mut word: u64) -> Option<usize> {
    let [first, ..] = word.to_le_bytes();
    match first {
        b'"' => return end_of_quoted(text, start),
        b'\'' => return None,
        _ => {}
    }
    let mut at = start;
    loop {
        let found = zeros(word ^ all(b' '));
        if found != 0 {
            return Some(at + place(found));
        }
        at += WORD;
        word = first_bytes(text, at)?;
    }
}

#[inline]
fn end_of_quoted(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let word = first_bytes(text, at)?;
        let found = zeros(word ^ all(b' ')) | zeros(word ^ all(b'"'));
        if found != 0 {
            let quote = at + place(found);
            return (text.get(quote..quote + 2)? == b"\" ").then_some(quote + 1);
        }
        at += WORD;
    }
}

/// Returns the number of the byte whose bit is the lowest.
#[inline]
const fn place(bits: u64) -> usize {
    bits.trailing_zeros() as usize / WORD
}
