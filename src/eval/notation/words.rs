//! The words of an event: `attribute=value`.

use std::ops::Range;

use super::Problem;

/// One attribute as written.
pub(super) struct Word {
    pub(super) attribute: String,
    /// The elements of the value, between commas.
    pub(super) elements: Vec<Vec<u8>>,
    /// The bytes of the attribute's name.
    pub(super) name_at: Range<usize>,
    /// The bytes of the value.
    pub(super) value_at: Range<usize>,
}

/// Splits the text into words.
pub(super) fn words(text: &[u8]) -> Result<Vec<Word>, Problem> {
    let mut words = Vec::new();
    let mut scanner = Scanner { text, position: 0 };
    while scanner.skip_spaces() {
        words.push(scanner.word()?);
    }
    Ok(words)
}

struct Scanner<'t> {
    text: &'t [u8],
    position: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.position).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.position += 1;
        Some(byte)
    }

    /// Returns whether there is another word.
    fn skip_spaces(&mut self) -> bool {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.position += 1;
        }
        self.peek().is_some()
    }

    fn word(&mut self) -> Result<Word, Problem> {
        let start = self.position;
        while self.peek().is_some_and(|byte| byte != b'=' && !byte.is_ascii_whitespace()) {
            self.position += 1;
        }
        let name_at = start..self.position;
        let attribute = String::from_utf8_lossy(self.text.get(name_at.clone()).unwrap_or_default())
            .into_owned();
        if self.next() != Some(b'=') {
            return Err(Problem::new(format!("`{attribute}` has no value"))
                .with_help(format!("write `{attribute}=VALUE`"))
                .at(name_at));
        }
        let value_start = self.position;
        let elements = self.value()?;
        Ok(Word { attribute, elements, name_at, value_at: value_start..self.position })
    }

    fn value(&mut self) -> Result<Vec<Vec<u8>>, Problem> {
        let start = self.position;
        let (mut elements, mut element, mut is_quoted) = (Vec::new(), Vec::new(), false);
        while let Some(byte) = self.peek() {
            if byte.is_ascii_whitespace() && !is_quoted {
                break;
            }
            self.position += 1;
            match byte {
                b'"' => is_quoted = !is_quoted,
                b'\\' => element.push(self.escaped()?),
                b',' if !is_quoted => elements.push(std::mem::take(&mut element)),
                _ => element.push(byte),
            }
        }
        if is_quoted {
            return Err(Problem::new("the quote does not end")
                .with_help("end it with `\"`")
                .at(start..self.position));
        }
        elements.push(element);
        Ok(elements)
    }

    /// Returns the byte after a backslash.
    fn escaped(&mut self) -> Result<u8, Problem> {
        let start = self.position.saturating_sub(1);
        match self.next() {
            Some(b'x') => {
                let digits = self.text.get(self.position..self.position + 2);
                let byte = digits
                    // A sign is no digit.
                    .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
                    .and_then(|digits| std::str::from_utf8(digits).ok())
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok());
                self.position += 2;
                byte.ok_or_else(|| {
                    let end = self.position.min(self.text.len());
                    self.position = end;
                    Problem::new("`\\x` is not followed by two hexadecimal digits").at(start..end)
                })
            }
            Some(byte) => Ok(byte),
            None => Err(Problem::new("nothing follows the backslash").at(start..self.position)),
        }
    }
}

/// Writes a value so that [`words`] reads it back as one element.
pub(super) fn quote(value: &[u8], to: &mut String) {
    let is_plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b',');
    let is_printable = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
    match std::str::from_utf8(value) {
        Ok(text) if !text.is_empty() && text.bytes().all(|byte| is_plain(&byte)) => {
            return to.push_str(text);
        }
        _ => to.push('"'),
    }
    for byte in value {
        match byte {
            b'"' | b'\\' => to.extend(['\\', char::from(*byte)]),
            _ if is_printable(byte) => to.push(char::from(*byte)),
            _ => to.push_str(&format!("\\x{byte:02x}")),
        }
    }
    to.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(text: &str) -> Vec<Vec<u8>> {
        words(text.as_bytes()).unwrap().remove(0).elements
    }

    #[test]
    fn splits_at_spaces_and_commas() {
        let words = words(b" syscall=openat  path=/a,/b ").unwrap();
        assert_eq!(words.len(), 2);
        assert_eq!(words[1].elements, [b"/a", b"/b"]);
        assert_eq!((words[1].name_at.clone(), words[1].value_at.clone()), (17..21, 22..27));
    }

    #[test]
    fn reads_back_what_it_quotes() {
        for value in [b"/a b".as_slice(), b"/a,b", b"\xff\n\"\\", b"", b"plain"] {
            let mut text = String::from("path=");
            quote(value, &mut text);
            assert_eq!(elements(&text), [value], "{text}");
        }
    }

    #[test]
    fn refuses_open_ends() {
        for text in ["path", "path=\"a", "path=a\\", "path=\\xf", "path=\\xzz", "path=\\x+f"] {
            assert!(words(text.as_bytes()).is_err(), "{text}");
        }
    }
}
