//! The order in which `ls -v` lists files and augenrules reads them.
//!
//! Source: the manual of the GNU coreutils, "Version sort ordering". A name is divided into alternating parts:
//! without digits, and numbers. In parts without digits, `~` sorts before the end of the part, then letters, then
//! everything else. Numbers are compared by value. File extensions are compared last.

use std::cmp::Ordering;

/// Compares two names of files.
pub(super) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    let by_stem = compare_parts(stem(a), stem(b));
    by_stem.then_with(|| compare_parts(a, b)).then_with(|| a.cmp(b))
}

/// Returns the name without its extensions: dots, each followed by a letter and then letters and digits.
fn stem(name: &[u8]) -> &[u8] {
    let mut stem = name;
    while let Some(dot) = stem.iter().rposition(|byte| *byte == b'.') {
        let (Some(before), Some([first, rest @ ..])) = (stem.get(..dot), stem.get(dot + 1..))
        else {
            break;
        };
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'~';
        let is_extension = |byte: &u8| is_letter(byte) || byte.is_ascii_digit();
        if before.is_empty() || !is_letter(first) || !rest.iter().all(is_extension) {
            break;
        }
        stem = before;
    }
    stem
}

fn compare_parts(mut a: &[u8], mut b: &[u8]) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let (text_a, rest_a) = split(a, |byte| !byte.is_ascii_digit());
        let (text_b, rest_b) = split(b, |byte| !byte.is_ascii_digit());
        let (number_a, rest_a) = split(rest_a, u8::is_ascii_digit);
        let (number_b, rest_b) = split(rest_b, u8::is_ascii_digit);
        let order = compare_text(text_a, text_b).then_with(|| compare_numbers(number_a, number_b));
        if order.is_ne() {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
    Ordering::Equal
}

/// Splits off the leading bytes that satisfy the predicate, and returns them and the rest.
fn split(name: &[u8], is_meant: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    let end = name.iter().position(|byte| !is_meant(byte)).unwrap_or(name.len());
    name.split_at(end)
}

fn compare_text(a: &[u8], b: &[u8]) -> Ordering {
    // The end of a part has a rank too, between `~` and the letters.
    let ranks = |text: &[u8]| text.iter().map(|byte| rank(*byte)).chain([END]).collect::<Vec<_>>();
    ranks(a).cmp(&ranks(b))
}

/// The rank of the end of a part.
const END: u16 = 1;

fn rank(byte: u8) -> u16 {
    match byte {
        b'~' => 0,
        letter if letter.is_ascii_alphabetic() => u16::from(letter) + 2,
        other => u16::from(other) + 0x100,
    }
}

fn compare_numbers(a: &[u8], b: &[u8]) -> Ordering {
    let trimmed = |number: &'_ [u8]| -> Vec<u8> {
        number.iter().copied().skip_while(|digit| *digit == b'0').collect()
    };
    let (a, b) = (trimmed(a), trimmed(b));
    a.len().cmp(&b.len()).then_with(|| a.cmp(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_ls_does() {
        // As `ls -1v` of coreutils 9.1 lists them.
        let sorted = [
            "1.rules",
            "2-b.rules",
            "9.rules",
            "10~x.rules",
            "10.a.rules",
            "010.rules",
            "10.rules",
            "10+x.rules",
            "10-base-config.rules",
            "10.1.rules",
            "10_x.rules",
            "11-loginuid.rules",
            "100-late.rules",
            "Audit.rules",
            "audit.rules",
            "audit2.rules",
            "audit10.rules",
        ];
        let mut names = sorted.to_vec();
        names.reverse();
        names.sort_by(|a, b| compare(a.as_bytes(), b.as_bytes()));
        assert_eq!(names, sorted);
    }
}
