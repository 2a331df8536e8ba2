//! Bytes as hexadecimal digits.

/// Returns two lower-case digits for each byte.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    text.extend(halves.filter_map(|half| char::from_digit(half.into(), 16)));
    text
}

#[cfg(test)]
mod tests {
    use super::hexadecimal;

    #[test]
    fn writes_two_digits_for_each_byte() {
        assert_eq!(hexadecimal(&[0x00, 0x09, 0xa0, 0xff]), "0009a0ff");
        assert_eq!(hexadecimal(&[]), "");
    }
}
