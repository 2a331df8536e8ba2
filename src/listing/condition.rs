//! One condition of a line, and where a text ends. Texts are printed as they are, with spaces too.

use super::shown::number;
use super::value;
use crate::catalog::{self, Operator, field};
use crate::rule::{Field, FieldId, NumberId, Op};

/// Returns the bytes before the first space.
pub(super) fn word(text: &[u8]) -> &[u8] {
    let end = memchr::memchr(b' ', text).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Returns the number of the field that a text begins with, and the length of its name.
pub(super) fn field_name(text: &[u8]) -> Option<(u32, usize)> {
    let is_operator = |byte: &u8| Operator::has_character(*byte);
    let length = text.iter().position(is_operator)?;
    let name = text.get(..length)?;
    let id = catalog::field_number(name)?;
    let is_printed = catalog::field_name(id).is_some_and(|known| known.as_bytes() == name);
    (is_printed && id != field::ARCH).then_some((id, length))
}

/// Returns the operator that a text begins with, and the text after it.
pub(super) fn split_operator(text: &[u8]) -> Option<(Operator, &[u8])> {
    let found = Operator::ALL.into_iter().filter_map(|operator| {
        text.strip_prefix(operator.symbol().as_bytes()).map(|rest| (operator, rest))
    });
    found.min_by_key(|(_, rest)| rest.len())
}

/// Returns the number that follows an operator.
pub(super) fn number_of(id: NumberId, op: Operator, text: &[u8]) -> Option<u32> {
    match id {
        // Permissions are printed with `=`, also if they have another operator.
        NumberId::PERM => value::permissions(text).filter(|_| op == Operator::Equal),
        _ => value::number(id.number(), text),
    }
}

/// Returns the comparison of two fields.
pub(super) fn comparison(text: &[u8]) -> Option<Field> {
    let (left, length) = field_name(text)?;
    let (op, right) = split_operator(text.get(length..)?)?;
    let right = catalog::field_number(right)?;
    let value = catalog::compare_number(left, right)?;
    let printed = catalog::compare_pair(value)?;
    let is_printed = text == [printed.0, op.symbol(), printed.1].concat().as_bytes();
    is_printed.then_some(Field::Number { id: NumberId::FIELD_COMPARE, op: Op::Known(op), value })
}

/// Returns a field without a name, from its number on.
pub(super) fn unnamed(text: &[u8]) -> Option<Field> {
    let length = text.iter().position(|byte| !byte.is_ascii_digit())?;
    let id = value::decimal(text.get(..length)?)?;
    let (op, text) = split_operator(text.get(length..)?)?;
    let value = value::decimal(text)?;
    number(id, Op::Known(op), value).filter(|_| catalog::field_name(id).is_none())
}

/// Returns whether a text has a part that is printed like a field without a name.
pub(super) fn has_unnamed(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b" f")
        .any(|at| text.get(at + 2..).is_some_and(|rest| unnamed(word(rest)).is_some()))
}

/// Returns whether a text begins with a space and a condition that may come after a text.
pub(super) fn starts_condition(text: &[u8]) -> bool {
    if let Some(pair) = text.strip_prefix(b" -C ") {
        return comparison(word(pair)).is_some();
    }
    let Some(text) = text.strip_prefix(b" -F ") else { return false };
    let Some((id, name)) = field_name(text) else { return false };
    let Some((op, value)) = text.get(name..).and_then(split_operator) else { return false };
    match FieldId::of(id) {
        FieldId::Text(_) => !value.is_empty(),
        FieldId::Number(id) => number_of(id, op, word(value)).is_some(),
    }
}
