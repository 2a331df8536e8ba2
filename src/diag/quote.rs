//! Text of unknown origin in a message.

#[cfg(feature = "cli")]
use std::borrow::Cow;
use std::fmt::Write as _;

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

/// Returns whether a character is a control character, which a terminal or a log may obey, or changes the direction
/// of text, which hides what a line contains (Unicode, UAX 9, "Directional Formatting Characters").
pub(crate) fn is_unprintable(char: char) -> bool {
    let is_directional = matches!(
        char,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    char.is_control() || is_directional || matches!(char, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
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
        let text = "\u{e9}\u{5d0}\u{200d}\u{1f600} ::error::";
        assert_eq!(quote(text.as_bytes()), format!("`{text}`"));
    }
}
