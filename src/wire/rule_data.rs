//! `audit_rule_data`: one rule in bytes.
//!
//! Layout (`linux/audit.h`), all `u32` in the byte order of the machine: `flags`, `action`,
//! `field_count`, `mask[64]`, `fields[64]`, `values[64]`, `fieldflags[64]`, `buflen`, then `buflen`
//! bytes of strings without NUL, in field order. A string's length is its field's value.

use netlink_packet_audit::rules::RuleBuffer;
use thiserror::Error;

use crate::catalog::PREPEND;
use crate::rule::{
    Action, Field, FieldId, FilterList, KERNEL_MAX_FIELDS, Mask, Op, Placement, Rule,
};

/// Bytes of the part before the strings.
pub const FIXED_LEN: usize = 12 + 4 * (Mask::WORDS + 3 * KERNEL_MAX_FIELDS) + 4;

/// Why bytes are not a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RuleError {
    /// Fewer bytes than the fixed part, or than `buflen` says.
    #[error("a rule of {expected} bytes is cut off after {found}")]
    Truncated {
        /// Bytes there should be.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// `field_count` is over 64.
    #[error("a rule with {0} fields, but the kernel has room for 64")]
    TooManyFields(u32),
    /// A string field is longer than the strings that are left.
    #[error("the string of field {0} reaches beyond the rule")]
    TextBeyondEnd(u32),
}

/// The rule as payload of `AUDIT_ADD_RULE` or `AUDIT_DEL_RULE`, exact to the byte.
///
/// Fields beyond the 64th are left out; the compiler allows 63.
pub fn encode(rule: &Rule) -> Vec<u8> {
    let texts: Vec<&[u8]> = rule.fields.iter().filter_map(text_of).collect();
    let text_len = texts.iter().map(|text| text.len()).sum::<usize>() + rule.unclaimed.len();
    let mut bytes = Vec::with_capacity(FIXED_LEN + text_len);
    bytes.resize(FIXED_LEN, 0);

    let mut buffer = RuleBuffer::new(bytes.as_mut_slice());
    let place = if rule.placement == Placement::Prepend { PREPEND } else { 0 };
    buffer.set_flags(rule.list.number() | place);
    buffer.set_action(rule.action.number());
    for (bytes, word) in buffer.syscalls_mut().chunks_exact_mut(4).zip(rule.mask.words()) {
        bytes.copy_from_slice(&word.to_ne_bytes());
    }
    let fields = rule.fields.iter().take(KERNEL_MAX_FIELDS);
    let mut field_count = 0;
    for (position, field) in fields.enumerate() {
        buffer.set_field(position, field.number());
        buffer.set_field_flags(position, field.op().bits());
        buffer.set_value(position, value_of(field));
        field_count += 1;
    }
    buffer.set_field_count(field_count);
    buffer.set_buflen(length(text_len));

    texts.iter().for_each(|text| bytes.extend_from_slice(text));
    bytes.extend_from_slice(&rule.unclaimed);
    bytes
}

/// The rule that these bytes hold; what stands behind it (padding) is ignored.
///
/// # Errors
/// [`RuleError`] if the bytes contradict themselves. Unknown lists, actions, fields and operators
/// are no error: they are kept as numbers.
pub fn decode(bytes: &[u8]) -> Result<Rule, RuleError> {
    let truncated = |expected| RuleError::Truncated { expected, found: bytes.len() };
    if bytes.len() < FIXED_LEN {
        return Err(truncated(FIXED_LEN));
    }
    let buffer = RuleBuffer::new(bytes);
    let expected = FIXED_LEN + buffer.buflen() as usize;
    if bytes.len() < expected {
        return Err(truncated(expected));
    }
    if buffer.field_count() as usize > KERNEL_MAX_FIELDS {
        return Err(RuleError::TooManyFields(buffer.field_count()));
    }

    let flags = buffer.flags();
    let list = FilterList::from_number(flags & !PREPEND);
    let mut rule = Rule::new(list, Action::from_number(buffer.action()));
    if flags & PREPEND != 0 {
        rule.placement = Placement::Prepend;
    }
    let mut mask = [0; Mask::WORDS];
    mask.iter_mut().zip(words(buffer.syscalls())).for_each(|(to, word)| *to = word);
    rule.mask = Mask::from_words(mask);

    let mut texts = buffer.buf();
    let columns =
        words(buffer.fields()).zip(words(buffer.values())).zip(words(buffer.field_flags()));
    for ((number, value), flags) in columns.take(buffer.field_count() as usize) {
        rule.fields.push(field(number, value, Op::from_bits(flags), &mut texts)?);
    }
    rule.unclaimed = texts.into();
    Ok(rule)
}

fn field(number: u32, value: u32, op: Op, texts: &mut &[u8]) -> Result<Field, RuleError> {
    match FieldId::of(number) {
        FieldId::Number(id) => Ok(Field::Number { id, op, value }),
        FieldId::Text(id) => {
            let (text, rest) =
                texts.split_at_checked(value as usize).ok_or(RuleError::TextBeyondEnd(number))?;
            *texts = rest;
            Ok(Field::Text { id, op, text: text.into() })
        }
    }
}

fn text_of(field: &Field) -> Option<&[u8]> {
    match field {
        Field::Text { text, .. } => Some(text),
        Field::Number { .. } => None,
    }
}

fn value_of(field: &Field) -> u32 {
    match field {
        Field::Text { text, .. } => length(text.len()),
        Field::Number { value, .. } => *value,
    }
}

/// A length as the kernel counts it. Strings are far below 4 GiB: a rule that long is refused by
/// [`super::MAX_PAYLOAD`] before it is sent.
fn length(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|word| u32::from_ne_bytes(*word))
}
