//! `audit_rule_data`: one rule in bytes.
//!
//! Layout (`linux/audit.h`), all `u32` in the byte order of the machine: `flags`, `action`,
//! `field_count`, `mask[64]`, `fields[64]`, `values[64]`, `fieldflags[64]`, `buflen`, then `buflen`
//! bytes of strings without NUL, in field order. A string's length is its field's value.

use std::ops::Range;

use thiserror::Error;

use crate::catalog::PREPEND;
use crate::rule::{
    Action, Field, FieldId, FilterList, KERNEL_MAX_FIELDS, Mask, Op, Placement, Rule,
};

/// The members of `audit_rule_data` before the strings, in words of 32 bits.
mod member {
    use super::{KERNEL_MAX_FIELDS, Mask, Range};

    pub(super) const FLAGS: usize = 0;
    pub(super) const ACTION: usize = 1;
    pub(super) const FIELD_COUNT: usize = 2;
    pub(super) const MASK: Range<usize> = 3..3 + Mask::WORDS;
    pub(super) const FIELDS: Range<usize> = MASK.end..MASK.end + KERNEL_MAX_FIELDS;
    pub(super) const VALUES: Range<usize> = FIELDS.end..FIELDS.end + KERNEL_MAX_FIELDS;
    pub(super) const FIELD_FLAGS: Range<usize> = VALUES.end..VALUES.end + KERNEL_MAX_FIELDS;
    pub(super) const BUFLEN: usize = FIELD_FLAGS.end;
    pub(super) const COUNT: usize = BUFLEN + 1;
}

/// The length of the part before the strings, in bytes.
pub const FIXED_LEN: usize = 4 * member::COUNT;

/// The reason why bytes are not a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RuleError {
    /// Fewer bytes than the fixed part or the strings need.
    #[error("a rule of {expected} bytes is cut off after {found}")]
    Truncated {
        /// Bytes needed.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// `field_count` exceeds 64.
    #[error("a rule with {0} fields; the maximum is 64")]
    TooManyFields(u32),
    /// A string field is longer than the remaining strings.
    #[error("the string of field {0} ends after the end of the rule")]
    TextBeyondEnd(u32),
}

/// Encodes the rule as the payload of `AUDIT_ADD_RULE` or `AUDIT_DEL_RULE`, exact to the byte.
///
/// Leaves out fields after the 64th; the compiler allows 63.
pub fn encode(rule: &Rule) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(FIXED_LEN);
    append(rule, &mut bytes);
    bytes
}

/// Appends the payload to `to`.
pub(super) fn append(rule: &Rule, to: &mut Vec<u8>) {
    let fields = rule.fields.get(..KERNEL_MAX_FIELDS).unwrap_or(&rule.fields);
    to.resize(to.len() + FIXED_LEN, 0);
    let end = to.last_chunk_mut::<FIXED_LEN>().map(|end| end.as_chunks_mut().0);
    // A chunk of that length has as many words.
    let Some(Ok(words)) = end.map(<&mut [[u8; 4]; member::COUNT]>::try_from) else { return };
    words[member::FLAGS] = flags_of(rule).to_ne_bytes();
    words[member::ACTION] = rule.action.number().to_ne_bytes();
    words[member::FIELD_COUNT] = length(fields.len()).to_ne_bytes();
    words[member::MASK].copy_from_slice(&rule.mask.words().map(u32::to_ne_bytes));
    let (numbers, rest) = words[member::FIELDS.start..].split_at_mut(KERNEL_MAX_FIELDS);
    let (values, flags) = rest.split_at_mut(KERNEL_MAX_FIELDS);
    let mut text_len = rule.unclaimed.len();
    for (((field, number), value), flags) in fields.iter().zip(numbers).zip(values).zip(flags) {
        *number = field.number().to_ne_bytes();
        *value = value_of(field).to_ne_bytes();
        *flags = field.op().bits().to_ne_bytes();
        text_len += text_of(field).map_or(0, <[u8]>::len);
    }
    words[member::BUFLEN] = length(text_len).to_ne_bytes();

    fields.iter().filter_map(text_of).for_each(|text| to.extend_from_slice(text));
    to.extend_from_slice(&rule.unclaimed);
}

fn flags_of(rule: &Rule) -> u32 {
    let prepend = if rule.placement == Placement::Prepend { PREPEND } else { 0 };
    rule.list.number() | prepend
}

/// Decodes a rule. Ignores bytes after it (padding).
///
/// # Errors
/// [`RuleError`] if the bytes are inconsistent. Unknown lists, actions, fields and operators
/// are not errors: they are kept as numbers.
pub fn decode(bytes: &[u8]) -> Result<Rule, RuleError> {
    decode_after(&Mask::EMPTY, bytes)
}

/// Decodes a rule that comes after one with this mask. Rules with the same mask share its memory, and most rules have
/// the mask of the rule before them.
pub(crate) fn decode_after(last: &Mask, bytes: &[u8]) -> Result<Rule, RuleError> {
    let truncated = |expected| RuleError::Truncated { expected, found: bytes.len() };
    let (fixed, strings) =
        bytes.split_first_chunk::<FIXED_LEN>().ok_or_else(|| truncated(FIXED_LEN))?;
    let words = words_of(fixed);
    let len = words[member::BUFLEN] as usize;
    let mut texts = strings.get(..len).ok_or_else(|| truncated(FIXED_LEN.saturating_add(len)))?;
    let field_count = words[member::FIELD_COUNT] as usize;
    if field_count > KERNEL_MAX_FIELDS {
        return Err(RuleError::TooManyFields(words[member::FIELD_COUNT]));
    }

    let flags = words[member::FLAGS];
    let list = FilterList::from_number(flags & !PREPEND);
    let mut rule = Rule::new(list, Action::from_number(words[member::ACTION]));
    if flags & PREPEND != 0 {
        rule.placement = Placement::Prepend;
    }
    rule.mask = match last.words() {
        same if *same == words[member::MASK] => last.clone(),
        _ => {
            let mut mask = [0; Mask::WORDS];
            mask.copy_from_slice(&words[member::MASK]);
            Mask::from_words(mask)
        }
    };

    let numbers = words[member::FIELDS].iter().zip(&words[member::VALUES]);
    let written = numbers.zip(&words[member::FIELD_FLAGS]).take(field_count);
    let mut fields = Vec::with_capacity(field_count);
    for ((number, value), flags) in written {
        fields.push(field(*number, *value, Op::from_bits(*flags), &mut texts)?);
    }
    rule.fields = fields.into();
    rule.unclaimed = texts.into();
    Ok(rule)
}

/// Returns whether [`decode`] reads this rule from the bytes, without making another one.
#[cfg(any(feature = "netlink", test))]
pub(crate) fn is_rule(bytes: &[u8], rule: &Rule) -> bool {
    let Some((fixed, strings)) = bytes.split_first_chunk::<FIXED_LEN>() else { return false };
    let words = words_of(fixed);
    let Some(mut texts) = strings.get(..words[member::BUFLEN] as usize) else { return false };
    let is_field = |field: &Field, at: usize| {
        words.get(member::FIELDS.start + at) == Some(&field.number())
            && words.get(member::VALUES.start + at) == Some(&value_of(field))
            && words.get(member::FIELD_FLAGS.start + at) == Some(&field.op().bits())
    };
    let mut is_text = |text: &[u8]| {
        let rest = texts.strip_prefix(text);
        texts = rest.unwrap_or_default();
        rest.is_some()
    };
    words[member::FLAGS] == flags_of(rule)
        && words[member::ACTION] == rule.action.number()
        && words[member::FIELD_COUNT] as usize == rule.fields.len()
        && rule.fields.len() <= KERNEL_MAX_FIELDS
        && *rule.mask.words() == words[member::MASK]
        && rule.fields.iter().enumerate().all(|(at, field)| is_field(field, at))
        && rule.fields.iter().filter_map(text_of).all(&mut is_text)
        && *texts == *rule.unclaimed
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

/// Converts a length to the kernel's type. Strings are far below 4 GiB: a longer rule exceeds
/// [`super::MAX_PAYLOAD`] and is refused before it is sent.
fn length(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn words_of(bytes: &[u8; FIXED_LEN]) -> [u32; member::COUNT] {
    let mut words = [0; member::COUNT];
    let values = bytes.as_chunks::<4>().0.iter().map(|word| u32::from_ne_bytes(*word));
    words.iter_mut().zip(values).for_each(|(word, value)| *word = value);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::field;

    #[test]
    fn compares_as_decoding_does() {
        let field = |number, value, text: &[u8]| match FieldId::of(number) {
            FieldId::Number(id) => Field::Number { id, op: Op::EQUAL, value },
            FieldId::Text(id) => Field::Text { id, op: Op::EQUAL, text: text.into() },
        };
        let mut rule = Rule::new(FilterList::Exit, Action::Always);
        assert!(rule.mask.insert(59));
        rule.fields = [
            field(field::DIR, 0, b"/etc"),
            field(field::PERM, 6, b""),
            field(field::KEY, 0, b"etc"),
        ]
        .into_iter()
        .collect();
        let bytes = encode(&rule);
        assert!(is_rule(&bytes, &rule));
        assert!(is_rule(&[&*bytes, b"padding"].concat(), &rule));
        for at in 0..bytes.len() {
            assert!(!is_rule(&bytes[..at], &rule), "cut at {at}");
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let is_decoded = decode(&changed).is_ok_and(|other| other == rule);
                assert_eq!(is_rule(&changed, &rule), is_decoded, "bit {bit} of byte {at}");
            }
        }
        let shorter =
            Rule { fields: rule.fields.iter().take(2).cloned().collect(), ..rule.clone() };
        assert!(!is_rule(&bytes, &shorter) && !is_rule(&encode(&shorter), &rule));
    }
}
