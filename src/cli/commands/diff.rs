//! The changes in a file.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use similar::TextDiff;

use crate::diag::{escaped, is_unprintable};

/// Writes the changes in the form of `diff -u`, for `patch`; nothing if there are none. On a terminal, escapes stand for
/// the characters in lines that a terminal may obey.
///
/// # Errors
/// Those of `out`.
pub(super) fn diff(name: &[u8], old: &[u8], new: &[u8], out: &mut dyn Write) -> io::Result<()> {
    if old == new {
        return Ok(());
    }
    let name = &*quoted(name);
    for part in [b"--- ", name, b"\n+++ ", name, b"\n"] {
        out.write_all(part)?;
    }
    let changes = TextDiff::from_lines(old, new);
    if !io::stdout().is_terminal() {
        return changes.unified_diff().to_writer(out);
    }
    let mut lines = Vec::new();
    changes.unified_diff().to_writer(&mut lines)?;
    lines.split_inclusive(|byte| *byte == b'\n').try_for_each(|line| out.write_all(&shown(line)))
}

/// Returns a line for a terminal. Its tabs and its newline stay.
fn shown(line: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(line);
    let parts = text.split_inclusive(['\t', '\n']).flat_map(|part| {
        let (text, end) = match part.strip_suffix(['\t', '\n']) {
            Some(text) => part.split_at(text.len()),
            None => (part, ""),
        };
        [escaped(text), Cow::Borrowed(end)]
    });
    parts.collect::<String>().into_bytes()
}

/// Returns the name of a file as git and `patch` write it: in quotes and with the escapes of C if it has characters
/// that a terminal or a log may obey, or is not UTF-8.
pub(super) fn quoted(name: &[u8]) -> Cow<'_, [u8]> {
    if str::from_utf8(name).is_ok_and(|name| !name.contains(is_unprintable)) {
        return Cow::Borrowed(name);
    }
    let mut quoted = b"\"".to_vec();
    for byte in name {
        match byte {
            b'"' | b'\\' => quoted.extend([b'\\', *byte]),
            b' '..=b'~' => quoted.push(*byte),
            b'\n' => quoted.extend(b"\\n"),
            b'\t' => quoted.extend(b"\\t"),
            _ => quoted.extend(format!("\\{byte:03o}").into_bytes()),
        }
    }
    quoted.push(b'"');
    Cow::Owned(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_names_as_git_does() {
        assert_eq!(*quoted(b"a b.rules"), *b"a b.rules");
        assert_eq!(*quoted("\u{e9}".as_bytes()), *"\u{e9}".as_bytes());
        assert_eq!(*quoted(b"a\n\"::error::\x1b"), *b"\"a\\n\\\"::error::\\033\"");
        assert_eq!(*quoted("\u{9b}".as_bytes()), *br#""\302\233""#);
        assert_eq!(*quoted(b"\xff"), *br#""\377""#);
    }

    #[test]
    fn shows_lines_without_what_a_terminal_obeys() {
        assert_eq!(shown("-\ta\u{9b}2J\u{1b}\r\n".as_bytes()), b"-\ta\\u{9b}2J\\u{1b}\\r\n");
    }
}
