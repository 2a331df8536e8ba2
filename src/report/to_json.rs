//! JSON that is safe to print: ASCII escapes stand for the characters that a terminal may obey.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

use crate::diag::is_unprintable;

/// Writes a value as JSON on one line.
///
/// # Errors
/// Those of `out`.
pub fn write_json<W: Write + ?Sized>(out: &mut W, value: &impl Serialize) -> io::Result<()> {
    write_with(out, value, Printable)
}

/// Writes a value as JSON on many lines, for people.
///
/// # Errors
/// Those of `out`.
pub fn write_json_lines<W: Write + ?Sized>(out: &mut W, value: &impl Serialize) -> io::Result<()> {
    write_with(out, value, PrintableLines(PrettyFormatter::new()))
}

fn write_with<W: Write + ?Sized>(
    out: &mut W,
    value: &impl Serialize,
    formatter: impl Formatter,
) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
    out.write_all(b"\n")
}

/// Writes strings with escapes. The serializer itself escapes only what JSON requires: U+009B, which begins a command
/// to a terminal, is not among that.
struct Printable;

impl Formatter for Printable {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_fragment(out, fragment)
    }
}

/// Does the same on many lines.
struct PrintableLines(PrettyFormatter<'static>);

/// Passes calls on.
macro_rules! passed_on {
    ($($name:ident($($first:ident)?)),* $(,)?) => {
        $(fn $name<W: Write + ?Sized>(&mut self, out: &mut W $(, $first: bool)?) -> io::Result<()> {
            self.0.$name(out $(, $first)?)
        })*
    };
}

impl Formatter for PrintableLines {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_fragment(out, fragment)
    }

    passed_on!(
        begin_array(),
        end_array(),
        begin_array_value(first),
        end_array_value(),
        begin_object(),
        end_object(),
        begin_object_key(first),
        begin_object_value(),
        end_object_value(),
    );
}

fn write_fragment<W: Write + ?Sized>(out: &mut W, fragment: &str) -> io::Result<()> {
    if fragment.bytes().fold(true, |plain, byte| plain & (b' '..=b'~').contains(&byte)) {
        return out.write_all(fragment.as_bytes());
    }
    let mut rest = fragment;
    while let Some((at, char)) = rest.char_indices().find(|(_, char)| is_unprintable(*char)) {
        let (before, after) = rest.split_at(at);
        out.write_all(before.as_bytes())?;
        for unit in char.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        rest = after.get(char.len_utf8()..).unwrap_or_default();
    }
    out.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_a_terminal_obeys_and_changes_nothing() {
        let value = "a\u{9b}2J\n\u{1b}\u{202e}\u{7f}b\u{e9}\u{e0041}";
        let mut out = Vec::new();
        write_json(&mut out, &value).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\"a\\u009b2J\\n\\u001b\\u202e\\u007fb\u{e9}\\udb40\\udc41\"\n");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), value);
    }
}
