//! Text of unknown origin in a message.

#[cfg(feature = "cli")]
use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// Returns bytes of a rule in backquotes. Bytes that are not UTF-8 are written as `\x..`, and characters that
/// [`is_unprintable`] as escapes.
pub(crate) fn quote(bytes: &[u8]) -> String {
    let mut quoted = String::from("`");
    for chunk in bytes.utf8_chunks() {
        push_escaped(&mut quoted, chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(quoted, "\\x{byte:02x}");
        }
    }
    quoted.push('`');
    quoted
}

/// Returns a text, such as the name of a file, with escapes for the characters that [`is_unprintable`].
#[cfg(feature = "cli")]
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    push_escaped(&mut escaped, text);
    Cow::Owned(escaped)
}

fn push_escaped(to: &mut String, text: &str) {
    for char in text.chars() {
        match is_unprintable(char) {
            true => to.extend(char.escape_default()),
            false => to.push(char),
        }
    }
}

/// Letters and marks that are drawn blank, or not at all: those of Unicode's property Default_Ignorable_Code_Point, and the
/// Braille pattern without dots.
const UNSEEN: [RangeInclusive<char>; 10] = [
    '\u{34f}'..='\u{34f}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180d}',
    '\u{180f}'..='\u{180f}',
    '\u{2800}'..='\u{2800}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{e0100}'..='\u{e01ef}',
];

/// Returns whether a character is a control character, which a terminal or a log may obey, or hides what a line contains:
/// it changes the direction of text, has no width, looks like a space, or has no agreed look. These are the categories Cc,
/// Cf, Zl, Zp, Zs without the space, Co and Cn of Unicode, and the letters and marks that are [`UNSEEN`].
pub(crate) fn is_unprintable(char: char) -> bool {
    if char.is_ascii() {
        return char.is_ascii_control();
    }
    // The standard library escapes these categories, and a combining character only at the beginning of a text.
    if UNSEEN.iter().any(|range| range.contains(&char)) {
        return true;
    }
    let mut buffer = [b'a'; 5];
    let length = buffer.get_mut(1..).map_or(0, |rest| char.encode_utf8(rest).len());
    let text = buffer.get(..=length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.is_none_or(|text| text.escape_debug().nth(1) != Some(char))
}

#[cfg(test)]
mod tests {
    use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
    use icu_properties::{CodePointMapData, CodePointSetData};

    use super::*;

    #[test]
    fn escapes_what_a_terminal_or_a_log_obeys() {
        let hostile = "a\n::error::\u{1b}[2J\u{9b}2J\r\u{7f}\u{202e}\u{2028}";
        let shown = "a\\n::error::\\u{1b}[2J\\u{9b}2J\\r\\u{7f}\\u{202e}\\u{2028}";
        assert_eq!(quote(hostile.as_bytes()), format!("`{shown}`"));
        #[cfg(feature = "cli")]
        assert_eq!(escaped(hostile), shown);
    }

    #[test]
    fn keeps_letters_of_every_script() {
        // Hebrew, Devanagari with a vowel sign, a combining accent, and an emoji.
        let text = "\u{e9}\u{5d0}\u{915}\u{941}e\u{301}\u{1f600} ::error:: \"'\\";
        assert_eq!(quote(text.as_bytes()), format!("`{text}`"));
    }

    /// ICU has the properties of characters, too. Its Unicode can be newer than that of the standard library.
    #[test]
    fn escapes_what_is_not_seen() {
        let hidden = GeneralCategoryGroup::Other.union(GeneralCategoryGroup::Separator);
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        for char in '\u{80}'..=char::MAX {
            let category = CodePointMapData::<GeneralCategory>::new().get(char);
            let is_unseen = ignorable.contains(char) || char == '\u{2800}';
            if hidden.contains(category) {
                let is_known = category != GeneralCategory::Unassigned;
                assert!(is_unprintable(char) || !is_known, "{char:?}");
            } else {
                let is_in_table = UNSEEN.iter().any(|range| range.contains(&char));
                assert_eq!(is_in_table, is_unseen, "{char:?}");
            }
        }
    }
}
