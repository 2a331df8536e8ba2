//! One value of an attribute.

use std::borrow::Cow;

use super::Problem;

/// A value, from text, JSON or TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'v> {
    /// `null` in JSON.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(i128),
    /// A text.
    Text(Cow<'v, [u8]>),
    /// A list.
    List(Vec<Value<'v>>),
    /// A table.
    Table(Vec<(Cow<'v, str>, Value<'v>)>),
}

impl<'v> Value<'v> {
    /// Returns the value of a text.
    pub fn text(text: impl Into<Cow<'v, [u8]>>) -> Self {
        Value::Text(text.into())
    }

    /// Returns the text of a value for a message.
    pub(crate) fn shown(&self) -> String {
        match self {
            Value::Null => "null".into(),
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => value.to_string(),
            Value::Text(text) => String::from_utf8_lossy(text).escape_debug().to_string(),
            Value::List(_) => "a list".into(),
            Value::Table(_) => "a table".into(),
        }
    }

    fn unexpected(&self, attribute: &str, expected: &str) -> Problem {
        Problem::new(format!("{attribute}: `{}` is not {expected}", self.shown()))
            .with_help(format!("write {expected}"))
    }

    /// Returns the number: in a text, decimal, hexadecimal with `0x`, or octal with `0o`.
    pub(super) fn as_number(&self) -> Option<i128> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(text) => {
                let text = std::str::from_utf8(text).ok()?;
                let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
                let (radix, digits) = match digits.as_bytes() {
                    [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
                    [b'0', b'o', ..] => (8, digits.get(2..)?),
                    _ => (10, digits),
                };
                if digits.starts_with(['+', '-']) {
                    return None;
                }
                i128::from_str_radix(digits, radix).ok().map(|number| sign * number)
            }
            _ => None,
        }
    }

    /// Returns a number of 32 bits.
    pub(super) fn number(&self, attribute: &str) -> Result<u32, Problem> {
        if let Value::Number(number) = self
            && let Ok(number) = u32::try_from(*number)
        {
            return Ok(number);
        }
        self.read_number(attribute)
    }

    fn read_number(&self, attribute: &str) -> Result<u32, Problem> {
        let number = self.as_number().ok_or_else(|| self.unexpected(attribute, "a number"))?;
        u32::try_from(number).map_err(|_| out_of_range(attribute, number))
    }

    /// Returns a number of 32 bits, or the one for an id that is not set.
    pub(super) fn id_or_unset(&self, attribute: &str) -> Result<u32, Problem> {
        match self {
            Value::Text(text) if **text == *b"unset" => Ok(u32::MAX),
            _ if self.as_number() == Some(-1) => Ok(u32::MAX),
            _ => self.number(attribute).map_err(|problem| match self.as_number() {
                None => problem.with_help("write the number of the user, or `unset`"),
                Some(_) => problem,
            }),
        }
    }

    /// Returns an argument of a call.
    pub(super) fn argument(&self, attribute: &str) -> Result<u64, Problem> {
        let number = self.as_number().ok_or_else(|| self.unexpected(attribute, "a number"))?;
        u64::try_from(number)
            .or_else(|_| i64::try_from(number).map(i64::cast_unsigned))
            .map_err(|_| out_of_range(attribute, number))
    }

    /// Returns a text.
    pub(super) fn text_of(&self, attribute: &str) -> Result<&[u8], Problem> {
        self.name().ok_or_else(|| self.unexpected(attribute, "a text"))
    }

    /// Returns a copy of a text.
    pub(super) fn bytes(&self, attribute: &str) -> Result<Vec<u8>, Problem> {
        self.text_of(attribute).map(<[u8]>::to_vec)
    }

    /// Returns a name; numbers are not names.
    pub(super) fn name(&self) -> Option<&[u8]> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a truth value.
    pub(super) fn truth(&self, attribute: &str) -> Result<bool, Problem> {
        match self {
            Value::Bool(value) => Ok(*value),
            Value::Number(0) => Ok(false),
            Value::Number(1) => Ok(true),
            Value::Text(text) => match &**text {
                b"true" | b"yes" | b"1" => Ok(true),
                b"false" | b"no" | b"0" => Ok(false),
                _ => Err(self.unexpected(attribute, "`true` or `false`")),
            },
            _ => Err(self.unexpected(attribute, "`true` or `false`")),
        }
    }

    pub(super) fn is_empty_text(&self) -> bool {
        matches!(self, Value::Text(text) if text.is_empty())
    }

    /// Returns the elements of a list. A single value is a list of one.
    pub(super) fn elements(&self) -> &[Value<'v>] {
        match self {
            Value::List(elements) => elements,
            single => std::slice::from_ref(single),
        }
    }

    /// Returns the rows of a table.
    pub(super) fn rows(&self, attribute: &str) -> Result<&[(Cow<'v, str>, Value<'v>)], Problem> {
        match self {
            Value::Table(rows) => Ok(rows),
            _ => Err(self.unexpected(attribute, "a table")),
        }
    }
}

fn out_of_range(attribute: &str, number: i128) -> Problem {
    Problem::new(format!("{attribute}: {number} is out of range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_texts() {
        let number = |text: &'static str| Value::text(text.as_bytes()).as_number();
        assert_eq!(number("0x1f"), Some(31));
        assert_eq!(number("-13"), Some(-13));
        assert_eq!(number("0o17"), Some(15));
        for text in ["", "+1", "--1", "0x", "1a", "0x-1"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn arguments_have_64_bits() {
        let argument = |number| Value::Number(number).argument("a0");
        assert_eq!(argument(-1), Ok(u64::MAX));
        assert_eq!(argument(i128::from(u64::MAX)), Ok(u64::MAX));
        assert!(argument(i128::from(u64::MAX) + 1).is_err());
    }
}
