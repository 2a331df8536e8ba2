//! Values that have a structure: list and action, conditions, lists, pairs.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_until};
use nom::combinator::{all_consuming, rest, value};
use nom::sequence::terminated;
use nom::{IResult, Parser};

use super::text::Text;
use crate::catalog::Operator;
use crate::span::Span;

/// The two words of `-a`, `-A` and `-d`: a list and an action, in either order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keywords<'a> {
    /// As written.
    pub text: Text<'a>,
    /// The words on both sides of the comma; `None` unless there is exactly one comma.
    pub pair: Option<(Text<'a>, Text<'a>)>,
}

/// The condition of `-F` or `-C`: `auid>=1000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression<'a> {
    /// As written.
    pub text: Text<'a>,
    /// Its parts, or the part that is missing.
    pub parts: Result<Comparison<'a>, Missing>,
}

/// The parts of a condition; no name is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// The field.
    pub field: Text<'a>,
    /// The operator.
    pub operator: Operator,
    /// The place of the operator.
    pub operator_span: Span,
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
    /// The names. Empty names are skipped, but only if there is a comma: `-S ""` has one name,
    /// which is empty, and `-S ,` has none.
    pub names: Vec<Text<'a>>,
}

/// The two paths of `-q`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPair<'a> {
    /// As written.
    pub text: Text<'a>,
    /// Mount point and subtree; `None` unless there is exactly one comma that is not at the end.
    pub pair: Option<(Text<'a>, Text<'a>)>,
}

impl<'a> Keywords<'a> {
    pub(super) fn parse(text: Text<'a>) -> Self {
        let pair = comma_pair(&text);
        Keywords { text, pair }
    }
}

impl<'a> PathPair<'a> {
    pub(super) fn parse(text: Text<'a>) -> Self {
        let pair = comma_pair(&text).filter(|(_, subtree)| !subtree.bytes().is_empty());
        PathPair { text, pair }
    }
}

impl<'a> SyscallList<'a> {
    pub(super) fn parse(text: Text<'a>) -> Self {
        let names =
            if text.bytes().contains(&b',') { text.split_commas() } else { vec![text.clone()] };
        SyscallList { text, names }
    }
}

impl<'a> Expression<'a> {
    /// Parses the condition of `-F`.
    pub(crate) fn field(text: Text<'a>) -> Self {
        Self::with(text, alt(OPERATORS.map(Split)))
    }

    /// Parses the condition of `-C`, which has only two operators; any other operator is part of a
    /// name.
    pub(super) fn compare(text: Text<'a>) -> Self {
        Self::with(text, alt([Operator::NotEqual, Operator::Equal].map(Split)))
    }

    fn with(
        text: Text<'a>,
        mut split: impl for<'b> Parser<
            &'b [u8],
            Output = Parts<'b>,
            Error = nom::error::Error<&'b [u8]>,
        >,
    ) -> Self {
        let lengths =
            split.parse(text.bytes()).map(|(_, (field, operator, _))| (field.len(), operator));
        let parts = match lengths {
            Ok((len, operator)) => comparison(&text, len, operator),
            Err(_) => Err(Missing::Operator),
        };
        Expression { text, parts }
    }
}

fn comparison<'a>(
    text: &Text<'a>,
    len: usize,
    operator: Operator,
) -> Result<Comparison<'a>, Missing> {
    let end = len + operator.symbol().len();
    let (field, value) = (text.slice(0..len), text.skip(end));
    if field.bytes().is_empty() {
        return Err(Missing::Field);
    }
    if value.bytes().is_empty() {
        return Err(Missing::Value);
    }
    Ok(Comparison { field, operator, operator_span: text.slice(len..end).span(), value })
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

type Parts<'b> = (&'b [u8], Operator, &'b [u8]);

/// Splits a text at the first occurrence of the operator.
struct Split(Operator);

impl<'b> Parser<&'b [u8]> for Split {
    type Output = Parts<'b>;
    type Error = nom::error::Error<&'b [u8]>;

    fn process<OM: nom::OutputMode>(
        &mut self,
        input: &'b [u8],
    ) -> nom::PResult<OM, &'b [u8], Self::Output, Self::Error> {
        let symbol = self.0.symbol();
        (take_until(symbol), value(self.0, tag(symbol)), rest).process::<OM>(input)
    }
}

fn comma_pair<'a>(text: &Text<'a>) -> Option<(Text<'a>, Text<'a>)> {
    let (_, left) = left_of_only_comma(text.bytes()).ok()?;
    Some((text.slice(0..left.len()), text.skip(left.len() + 1)))
}

fn left_of_only_comma(input: &[u8]) -> IResult<&[u8], &[u8]> {
    let word = || take_till(|byte| byte == b',');
    all_consuming(terminated(word(), (tag(","), word()))).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> Result<(String, Operator, String), Missing> {
        Expression::field(Text::plain(text.as_bytes(), 0)).parts.map(|c| {
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
        let pair = |text: &'static str| Keywords::parse(Text::plain(text.as_bytes(), 0)).pair;
        assert!(pair("always,exit").is_some());
        assert!(pair(",exit").is_some());
        assert!(pair("always").is_none());
        assert!(pair("always,exit,x").is_none());
    }
}
