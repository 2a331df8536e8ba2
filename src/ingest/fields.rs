//! The fields of a record: `name=value`, separated by spaces.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::group::Part;
use super::slots::Slot;

/// The fields of a record, in order. Words without `=` are skipped.
///
/// ```
/// use rauditctl::ingest::Fields;
///
/// let mut fields = Fields::of(br#"avc:  denied  pid=7 comm="a b" name=2F6120"#);
/// assert_eq!(fields.next().unwrap().1.number(), Some(7));
/// assert_eq!(fields.next().unwrap().1.text().unwrap(), &b"a b"[..]);
/// assert_eq!(fields.next().unwrap().1.text().unwrap(), &b"/a "[..]);
/// ```
#[derive(Clone, Debug)]
pub struct Fields<'r> {
    rest: &'r [u8],
}

/// The value of a field, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'r>(&'r [u8]);

impl<'r> Fields<'r> {
    /// Returns the fields of a record.
    pub fn of(fields: &'r [u8]) -> Self {
        Fields { rest: fields }
    }

    /// Returns the first value of a field.
    pub fn get(self, name: &[u8]) -> Option<Value<'r>> {
        self.into_iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }
}

/// Searches for a field in records that the kernel writes for calls. In such a record no value has a space, and a search is
/// faster than reading all fields.
#[derive(Clone, Debug)]
pub struct Search {
    /// The name with the space before it and the `=` after it.
    finder: memmem::Finder<'static>,
    /// The number of its place.
    slot: Option<Slot>,
}

impl Search {
    /// Prepares to search for a field of this name, wherever it is.
    pub fn of(name: &[u8]) -> Self {
        let finder = memmem::Finder::new(&[b" ", name, b"="].concat()).into_owned();
        Search { finder, slot: Slot::of(name) }
    }

    /// Returns the value of the field in a record.
    pub fn find<'r>(&self, part: &Part<'r>) -> Option<Value<'r>> {
        match self.slot.and_then(|slot| part.placed(slot)) {
            Some(value) => value.map(Value),
            None => self.find_in(part.fields),
        }
    }

    /// Returns the value of the field in a text. It can be the first field.
    pub fn find_in<'r>(&self, fields: &'r [u8]) -> Option<Value<'r>> {
        let needle = self.finder.needle();
        if let Some(rest) = needle.get(1..).and_then(|name| fields.strip_prefix(name)) {
            return Value::at_start(rest).map(|(value, _)| value);
        }
        let start = self.finder.find(fields)? + needle.len();
        Value::at_start(fields.get(start..)?).map(|(value, _)| value)
    }
}

impl<'r> Iterator for Fields<'r> {
    type Item = (&'r [u8], Value<'r>);

    fn next(&mut self) -> Option<Self::Item> {
        // Words are short, so a loop is faster than a search.
        loop {
            let at = self.rest.iter().position(|byte| matches!(byte, b' ' | b'='))?;
            let (name, rest) = self.rest.split_at_checked(at)?;
            let (separator, value) = rest.split_first()?;
            self.rest = value;
            if *separator == b' ' {
                continue;
            }
            let (value, rest) = Value::at_start(value)?;
            self.rest = rest;
            return Some((name, value));
        }
    }
}

impl<'r> Value<'r> {
    /// Returns the value at the start of a text, and the rest of the text.
    fn at_start(text: &'r [u8]) -> Option<(Self, &'r [u8])> {
        let len = match text.first() {
            Some(b'"') => memchr(b'"', text.get(1..)?).map_or(text.len(), |quote| quote + 2),
            // The message of a program, which has fields of its own. The kernel writes it last, so nothing after this
            // quote is a field of the kernel, even if a quote is in the message or the end of it is missing.
            Some(b'\'') => text.trim_ascii_end().len(),
            _ => text.iter().position(|byte| *byte == b' ').unwrap_or(text.len()),
        };
        let (value, rest) = text.split_at_checked(len)?;
        Some((Value(value), rest))
    }

    /// Returns the bytes as they are written.
    pub fn raw(self) -> &'r [u8] {
        self.0
    }

    /// Returns a decimal number.
    pub fn number<N: std::str::FromStr>(self) -> Option<N> {
        std::str::from_utf8(self.0).ok()?.parse().ok()
    }

    /// Returns a number of this base.
    pub fn based(self, base: u32) -> Option<u64> {
        u64::from_str_radix(std::str::from_utf8(self.0).ok()?, base).ok()
    }

    /// Returns a text that any user can choose: in quotes, or in hexadecimal digits. `None` for `(null)` and for other
    /// words.
    pub fn text(self) -> Option<Cow<'r, [u8]>> {
        match self.0 {
            [b'"', text @ .., b'"'] => Some(Cow::Borrowed(text)),
            digits if !digits.is_empty() && digits.len() % 2 == 0 => {
                let byte = |pair: &[u8]| match pair {
                    [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
                    _ => None,
                };
                digits.chunks(2).map(byte).collect::<Option<Vec<u8>>>().map(Cow::Owned)
            }
            _ => None,
        }
    }

    /// Returns the text within the quotes of a message of a program.
    pub fn message(self) -> &'r [u8] {
        match self.0 {
            [b'\'', text @ .., b'\''] | [b'\'', text @ ..] => text,
            other => other,
        }
    }
}

/// Returns the value of a hexadecimal digit. The kernel writes capital letters.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(fields: &str) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Fields::of(fields.as_bytes()).map(|(name, value)| (text(name), text(value.raw()))).collect()
    }

    #[test]
    fn fields_end_where_their_values_do() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            all(r#"a=1  b="x y" c="#),
            [pair("a", "1"), pair("b", "\"x y\""), pair("c", "")]
        );
        assert_eq!(all("word a=b=c"), [pair("a", "b=c")]);
        assert_eq!(all(r#"a="open"#), [pair("a", "\"open")]);
        let message = all("pid=1 msg='op=login acct=\"x\" it's' ");
        assert_eq!(message, [pair("pid", "1"), pair("msg", "'op=login acct=\"x\" it's'")]);
        for text in ["'op=x auid=0", "'op=x' auid=0 exe=\"/sbin/x\""] {
            let cut_off = all(&format!("auid=1000 msg={text}"));
            assert_eq!(cut_off, [pair("auid", "1000"), pair("msg", text)]);
        }
    }

    #[test]
    fn texts_are_quoted_or_hexadecimal() {
        let text = |value: &'static str| Value(value.as_bytes()).text().map(Cow::into_owned);
        assert_eq!(text("\"a b\""), Some(b"a b".to_vec()));
        assert_eq!(text("6B3101"), Some(b"k1\x01".to_vec()));
        assert_eq!(text("(null)"), None);
        assert_eq!(text("6b31"), None);
        assert_eq!(text("\"open"), None);
        assert_eq!(text(""), None);
    }
}
