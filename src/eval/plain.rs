//! Events in plain JSON: on one line, with strings without escapes, and whole numbers. Programs write millions of events
//! like this.
//!
//! Any other text is left to `serde_json`, which knows all of JSON and has the messages.

use super::attribute::Attribute;
use super::event::{Event, Name};
use super::notation::{
    Problem, Reader, Value, attribute_of_name, known_attribute_of_event, set_name,
};

impl Reader {
    /// Reads an event; `None` if the text is no plain JSON, or if an attribute is wrong.
    pub(super) fn read_plain(self, text: &str) -> Option<Event> {
        // All bytes are looked at: this takes less time than a search.
        let is_plain = |byte: u8| byte >= b' ' && byte != b'\\';
        if !text.bytes().fold(true, |all, byte| all & is_plain(byte)) {
            return None;
        }
        let mut event = Event::default();
        let mut json = Plain { text, at: 0 };
        json.table(|json, attribute| match known_attribute_of_event(attribute)? {
            Attribute::Names => {
                event.names = Some(json.names()?);
                Some(())
            }
            attribute => json.value(|value| self.set_known(&mut event, attribute, value)),
        })?;
        let is_whole = json.next().is_none() && self.finish(&event).is_ok();
        is_whole.then_some(event)
    }
}

/// A text, and the place up to which it is read.
struct Plain<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Plain<'t> {
    /// Reads a table. `row` reads the value of an attribute.
    fn table(&mut self, mut row: impl FnMut(&mut Self, &'t str) -> Option<()>) -> Option<()> {
        self.all_between(b'{', b'}', |json| {
            let attribute = json.string()?;
            json.expect(b':')?;
            row(json, attribute)
        })
    }

    fn names(&mut self) -> Option<Vec<Name>> {
        let mut names = Vec::new();
        self.all_between(b'[', b']', |json| {
            let mut name = Name::default();
            json.table(|json, attribute| {
                let attribute = attribute_of_name(attribute).ok()?;
                json.value(|value| set_name(&mut name, attribute, value))
            })?;
            names.push(name);
            Some(())
        })?;
        Some(names)
    }

    /// Reads a value that is no table, and passes it on.
    fn value(&mut self, set: impl FnOnce(&Value<'t>) -> Result<(), Problem>) -> Option<()> {
        let set = match self.next()? {
            b'"' => set(&Value::text(self.string()?.as_bytes())),
            b'-' | b'0'..=b'9' => set(&Value::Number(self.number()?.into())),
            b'[' => {
                let mut list = Vec::new();
                self.all_between(b'[', b']', |json| {
                    list.push(json.single()?);
                    Some(())
                })?;
                set(&Value::List(list))
            }
            _ => set(&self.single()?),
        };
        set.ok()
    }

    /// Reads a value that is neither a list nor a table.
    fn single(&mut self) -> Option<Value<'t>> {
        match self.next()? {
            b'"' => Some(Value::text(self.string()?.as_bytes())),
            b'-' | b'0'..=b'9' => Some(Value::Number(self.number()?.into())),
            b'n' => self.word("null", Value::Null),
            b't' => self.word("true", Value::Bool(true)),
            _ => self.word("false", Value::Bool(false)),
        }
    }

    fn word(&mut self, word: &str, value: Value<'t>) -> Option<Value<'t>> {
        let is_next = self.text.get(self.at..)?.starts_with(word);
        self.at += word.len();
        is_next.then_some(value)
    }

    /// Reads a number of few digits. `-0` is no whole number in JSON.
    fn number(&mut self) -> Option<i64> {
        /// Numbers of this many digits do not overflow.
        const MOST_DIGITS: usize = 18;
        let is_negative = self.byte() == Some(b'-');
        let first = self.at + usize::from(is_negative);
        let digits = self.text.as_bytes().get(first..)?;
        let (mut count, mut number) = (0, 0_i64);
        for digit in digits.iter().take(MOST_DIGITS).take_while(|byte| byte.is_ascii_digit()) {
            number = 10 * number + i64::from(digit - b'0');
            count += 1;
        }
        self.at = first + count;
        let begins_with_zero = digits.first() == Some(&b'0') && (count > 1 || is_negative);
        let goes_on = matches!(self.byte(), Some(b'0'..=b'9' | b'.' | b'e' | b'E'));
        let number = if is_negative { -number } else { number };
        (count > 0 && !begins_with_zero && !goes_on).then_some(number)
    }

    /// Reads a string, from one quote to the other.
    fn string(&mut self) -> Option<&'t str> {
        self.expect(b'"')?;
        let rest = self.text.get(self.at..)?;
        let length = memchr::memchr(b'"', rest.as_bytes())?;
        self.at += length + 1;
        rest.get(..length)
    }

    /// Reads elements with commas between them.
    fn all_between(
        &mut self,
        open: u8,
        close: u8,
        mut element: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        self.expect(open)?;
        if self.next()? == close {
            self.at += 1;
            return Some(());
        }
        loop {
            element(self)?;
            let next = self.next()?;
            self.at += 1;
            if next != b',' {
                return (next == close).then_some(());
            }
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        let is_next = self.next()? == byte;
        self.at += 1;
        is_next.then_some(())
    }

    /// Returns the next byte that is no space, and skips the spaces before it.
    fn next(&mut self) -> Option<u8> {
        while self.byte()? == b' ' {
            self.at += 1;
        }
        self.byte()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Arch;

    const READER: Reader = Reader::new(Arch::X86_64);

    #[test]
    fn reads_plain_json_as_serde_does() {
        for text in [
            "{}",
            "  { }  ",
            r#"{"arch": "b64", "syscall" : "openat","exit": -13 , "a0": 0, "a1": 999999999999999999}"#,
            r#"{"auid": -1, "sessionid": "unset", "pers": "0x8", "uid": 4294967295}"#,
            r#"{"exe": "/usr/bin/é [", "groups": [ 0,4 , "7"], "success": true, "saddr_fam": null}"#,
            r#"{"names": [], "uid": null, "syscall": 1, "syscall": 2}"#,
            r#"{"names": [{}, {"path": "/etc", "dev": [8, 1], "mode": "40755", "inode": null}], "ouid": 3}"#,
            r#"{"path": "/a", "names": [{"path": "/b"}]}"#,
        ] {
            let read = READER.read_any(text.as_bytes()).unwrap();
            assert_eq!(READER.read_plain(text), Some(read), "{text}");
        }
    }

    #[test]
    fn leaves_everything_else_to_serde() {
        for text in [
            "",
            "[]",
            "{",
            "{} x",
            "{\t}",
            r#"{"uid": 1,}"#,
            r#"{"uid": 1 "gid": 1}"#,
            r#"{"uid" 1}"#,
            r#"{uid: 1}"#,
            r#"{"uid": 01}"#,
            r#"{"uid": -0}"#,
            r#"{"uid": -}"#,
            r#"{"uid": 1.0}"#,
            r#"{"uid": 1e2}"#,
            r#"{"a0": 1000000000000000000}"#,
            r#"{"uid": nul}"#,
            r#"{"uid": }"#,
            r#"{"groups": [1,]}"#,
            r#"{"groups": [1}"#,
            r#"{"groups": [[1]]}"#,
            r#"{"names": null}"#,
            r#"{"names": {"path": "/"}}"#,
            r#"{"at_entry": {"uid": 0}}"#,
            r#"{"exe": "/a\/b"}"#,
            "{\"exe\": \"a\nb\"}",
            r#"{"exe": "a"#,
            r#"{"sycall": 1}"#,
            r#"{"uid": "root"}"#,
            r#"{"exit": 0, "success": false}"#,
        ] {
            assert_eq!(READER.read_plain(text), None, "{text}");
        }
    }
}
