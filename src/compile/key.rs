//! `-k` and `-F key=`: all keys of a rule are joined into one field, which comes last.

use super::value::Read;
use super::{Compiler, Flow, Outcome};
use crate::catalog::{self, Operator, field};
use crate::diag::{ConditionFault, KeyFault, RuleFault};
use crate::rule::{KEY_SEPARATOR, MAX_FIELDS, MAX_KEY_LEN, Op};
use crate::span::Span;
use crate::syntax::{Expression, Text};

impl Compiler<'_> {
    pub(super) fn key(&mut self, key: &Text<'_>, span: Span) -> Outcome {
        let has_list = self.rule.list().is_some() || self.faults.in_list;
        if !(self.seen.takes_key() && has_list) {
            return self.fail(KeyFault::Misplaced, span.join(key.span()));
        }
        self.add_key(key)
    }

    pub(super) fn add_key(&mut self, key: &Text<'_>) -> Outcome {
        let bytes = key.bytes();
        let is_first = self.keys.bytes.is_empty();
        if bytes.len() + self.keys.bytes.len() + usize::from(!is_first) > MAX_KEY_LEN {
            return self.fail(KeyFault::TooLong, key.span());
        }
        if bytes.contains(&KEY_SEPARATOR) {
            return self.fail(KeyFault::Separator(bytes.into()), key.span());
        }
        if is_first {
            // Usually the only key.
            self.keys.bytes = bytes.to_vec();
        } else {
            self.keys.bytes.push(KEY_SEPARATOR);
            self.keys.bytes.extend_from_slice(bytes);
        }
        self.keys.span = key.span();
        Ok(Flow::Next)
    }

    /// Checks that an old kernel accepts a key on this list.
    fn check_key_list(&mut self) -> Result<(), Flow> {
        match catalog::field_info(field::KEY) {
            Some(row) => self.check_list_features(row, b"key", self.keys.span),
            None => Ok(()),
        }
    }

    /// Adds the keys to the otherwise complete rule. auditctl does this with a condition: `key=`
    /// and all keys.
    pub(super) fn join_keys(&mut self) {
        let keys = std::mem::take(&mut self.keys.bytes).into_boxed_slice();
        let hidden = self.faults.any && !self.options.is_first_only();
        if self.rule.fields.len() >= MAX_FIELDS {
            let text = [b"key=", &*keys].concat().into();
            self.note(RuleFault::TooManyFields(text), self.keys.span);
        } else if let Some(fault) = split_key(&keys) {
            self.note(fault, self.keys.span);
        } else if self.check_key_list().is_err() {
            // The fault is already noted.
        } else if self.seen.takes_key() {
            self.push_field(field::KEY, Op::EQUAL, Read::Text(keys), self.keys.span);
        } else if !hidden {
            self.note(KeyFault::FieldMisplaced, self.keys.span);
        }
    }
}

/// Returns the fault of keys that contain an operator stronger than `=`. Such an operator splits
/// the condition: `-k a!=b` has the unknown field `key=a`.
fn split_key(keys: &[u8]) -> Option<ConditionFault> {
    if !keys.iter().any(|byte| Operator::has_character(*byte)) {
        return None;
    }
    let condition = [b"key=", keys].concat();
    let expression = Expression::field(Text::plain(&condition, 0));
    match expression.parts() {
        Ok(parts) if parts.operator == Operator::Equal => None,
        Ok(parts) => Some(ConditionFault::UnknownField(parts.field.bytes().into())),
        Err(missing) => {
            let text = super::field::expression_name(&condition).into();
            Some(ConditionFault::MalformedField { text, missing })
        }
    }
}
