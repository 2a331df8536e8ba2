//! Values that have a structure: list and action, conditions, lists, pairs.

use super::places::only_place;
use super::text::Text;
use crate::catalog::Operator;
use crate::span::Span;

/// The two words of `-a`, `-A` and `-d`: a list and an action, in either order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keywords<'a> {
    /// As written.
    pub text: Text<'a>,
    /// The offset of the comma; `None` unless there is exactly one.
    comma: Option<usize>,
}

/// The condition of `-F` or `-C`: `auid>=1000`. A set of rules has many, so it holds only the place where its parts meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression<'a> {
    /// As written.
    pub text: Text<'a>,
    /// The operator and its offset, or the part that is missing.
    operator: Result<(Operator, usize), Missing>,
}

/// The parts of a condition; no name is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// The field.
    pub field: Text<'a>,
    /// The operator.
    pub operator: Operator,
    /// The value, or for `-C` the other field.
    pub value: Text<'a>,
}

/// The missing part of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It has no operator.
    Operator,
    /// It has nothing before the operator.
    Field,
    /// It has nothing after the operator.
    Value,
}

/// The names of `-S`, separated by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyscallList<'a> {
    /// As written.
    pub text: Text<'a>,
}

/// The two paths of `-q`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPair<'a> {
    /// As written.
    pub text: Text<'a>,
    /// The offset of the comma; `None` unless there is exactly one, and it is not at the end.
    comma: Option<usize>,
}

impl<'a> Keywords<'a> {
    pub(super) fn parse(text: Text<'a>) -> Self {
        let comma = only_place(text.bytes(), b',');
        Keywords { text, comma }
    }

    /// Returns the words on both sides of the comma; `None` unless there is exactly one comma.
    pub fn pair(&self) -> Option<(Text<'a>, Text<'a>)> {
        self.comma.map(|comma| (self.text.slice(0..comma), self.text.skip(comma + 1)))
    }
}

impl<'a> PathPair<'a> {
    pub(super) fn parse(text: Text<'a>) -> Self {
        let comma = only_place(text.bytes(), b',').filter(|comma| comma + 1 < text.bytes().len());
        PathPair { text, comma }
    }

    /// Returns mount point and subtree; `None` unless there is exactly one comma that is not at the end.
    pub fn pair(&self) -> Option<(Text<'a>, Text<'a>)> {
        self.comma.map(|comma| (self.text.slice(0..comma), self.text.skip(comma + 1)))
    }
}

impl<'a> SyscallList<'a> {
    /// Returns the names. Empty names are skipped, but only if there is a comma: `-S ""` has one name, which is empty,
    /// and `-S ,` has none.
    pub fn names(&self) -> impl Iterator<Item = Text<'a>> + Clone {
        let empty = self.text.bytes().is_empty().then(|| self.text.clone());
        empty.into_iter().chain(self.text.split_commas())
    }
}

impl<'a> Expression<'a> {
    /// Parses the condition of `-F`.
    pub(crate) fn field(text: Text<'a>) -> Self {
        Self::with(text, &OPERATORS)
    }

    /// Parses the condition of `-C`, which has only two operators; any other operator is part of a
    /// name.
    pub(super) fn compare(text: Text<'a>) -> Self {
        Self::with(text, &[Operator::NotEqual, Operator::Equal])
    }

    #[inline]
    fn with(text: Text<'a>, operators: &[Operator]) -> Self {
        let operator = first_of(operators, text.bytes()).ok_or(Missing::Operator);
        let operator = operator.and_then(|(operator, at)| {
            if at == 0 {
                return Err(Missing::Field);
            }
            let has_value = at + operator.symbol().len() < text.bytes().len();
            has_value.then_some((operator, at)).ok_or(Missing::Value)
        });
        Expression { text, operator }
    }

    /// Returns its parts, or the part that is missing.
    ///
    /// # Errors
    /// The part that is missing.
    #[inline]
    pub fn parts(&self) -> Result<Comparison<'a>, Missing> {
        let (operator, at) = self.operator?;
        let value = self.text.skip(at + operator.symbol().len());
        Ok(Comparison { field: self.text.slice(0..at), operator, value })
    }
}

impl Comparison<'_> {
    /// Returns the place of the operator.
    pub fn operator_span(&self) -> Span {
        Span::new(self.field.span().end, self.value.span().start)
    }
}

/// Returns the first of the operators that the text contains, with the offset of its first occurrence.
fn first_of(operators: &[Operator], text: &[u8]) -> Option<(Operator, usize)> {
    // An operator of two characters ends with `=`, and is stronger than one of a single character.
    if let Some(end) = only_place(text, b'=') {
        let symbol = end.checked_sub(1).and_then(|start| text.get(start..=end));
        let longer = symbol.and_then(Operator::from_symbol).filter(|one| operators.contains(one));
        return Some(longer.map_or((Operator::Equal, end), |longer| (longer, end - 1)));
    }
    operators.iter().find_map(|operator| {
        let symbol = operator.symbol().as_bytes();
        let at = text.windows(symbol.len()).position(|bytes| bytes == symbol)?;
        Some((*operator, at))
    })
}

/// The order in which operators are searched, each in the whole text. The first operator in this
/// list wins, not the first in the text (`audit_rule_fieldpair_data`, libaudit.c).
const OPERATORS: [Operator; 8] = [
    Operator::NotEqual,
    Operator::GreaterEqual,
    Operator::LessEqual,
    Operator::BitTest,
    Operator::Equal,
    Operator::Greater,
    Operator::Less,
    Operator::BitMask,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> Result<(String, Operator, String), Missing> {
        Expression::field(Text::plain(text.as_bytes(), 0)).parts().map(|c| {
            let string = |t: Text<'_>| String::from_utf8_lossy(t.bytes()).into_owned();
            (string(c.field), c.operator, string(c.value))
        })
    }

    #[test]
    fn splits_at_the_strongest_operator() {
        let found = |name: &str, operator, value: &str| Ok((name.into(), operator, value.into()));
        assert_eq!(field("auid>=1000"), found("auid", Operator::GreaterEqual, "1000"));
        assert_eq!(field("a0&=0x40"), found("a0", Operator::BitTest, "0x40"));
        // `=` is searched before `&`, so the mask becomes part of the name.
        assert_eq!(field("a0&1=1"), found("a0&1", Operator::Equal, "1"));
        assert_eq!(field("uid==0"), found("uid", Operator::Equal, "=0"));
    }

    #[test]
    fn reports_the_missing_part() {
        assert_eq!(field("auid"), Err(Missing::Operator));
        assert_eq!(field("=1"), Err(Missing::Field));
        assert_eq!(field("auid!="), Err(Missing::Value));
    }

    #[test]
    fn accepts_one_comma_in_a_pair() {
        let pair = |text: &'static str| Keywords::parse(Text::plain(text.as_bytes(), 0)).pair();
        assert!(pair("always,exit").is_some());
        assert!(pair(",exit").is_some());
        assert!(pair("always").is_none());
        assert!(pair("always,exit,x").is_none());
    }
}
