//! Bytes as hexadecimal digits, the form of payloads in JSON.

/// Returns two lower-case digits for each byte.
pub fn to_digits(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    text.extend(halves.filter_map(|half| char::from_digit(half.into(), 16)));
    text
}

/// Returns the bytes of digits; `None` if they are no digits, or an odd number of them.
///
/// ```
/// use rauditctl::wire::{from_digits, to_digits};
///
/// assert_eq!(from_digits("0009a0Ff"), Some(vec![0x00, 0x09, 0xa0, 0xff]));
/// assert_eq!(to_digits(&[0x00, 0x09, 0xa0, 0xff]), "0009a0ff");
/// assert_eq!(from_digits("+1"), None);
/// assert_eq!(from_digits("abc"), None);
/// ```
pub fn from_digits(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks() else { return None };
    let value = |digit: u8| char::from(digit).to_digit(16);
    let byte = |[high, low]: &[u8; 2]| u8::try_from(value(*high)? << 4 | value(*low)?).ok();
    pairs.iter().map(byte).collect()
}
