//! `-C`: two fields compared with each other.

use super::value::Read;
use super::{Compiler, Flow, Outcome};
use crate::catalog::{self, field};
use crate::diag::ConditionFault;
use crate::rule::{FilterList, Op};
use crate::syntax::{Expression, Missing};

impl Compiler<'_> {
    pub(super) fn compare(&mut self, expression: &Expression<'_>) -> Outcome {
        let text = &expression.text;
        self.check_field_count(text)?;
        let comparison = match expression.parts() {
            Ok(comparison) => comparison,
            Err(missing) => {
                let part = match missing {
                    Missing::Operator => text.bytes().into(),
                    Missing::Field => Box::default(),
                    Missing::Value => before_equality(text.bytes()).into(),
                };
                let fault = ConditionFault::MalformedCompare { text: part, missing };
                return self.fail(fault, text.span());
            }
        };
        let (left, right) = (&comparison.field, &comparison.value);
        let Some(left_number) = catalog::field_number(left.bytes()) else {
            return self
                .fail(ConditionFault::UnknownCompareField(left.bytes().into()), left.span());
        };
        let Some(right_number) = catalog::field_number(right.bytes()) else {
            let (field, value) = (left.bytes().into(), right.bytes().into());
            return self.fail(ConditionFault::UnknownCompareValue { field, value }, right.span());
        };
        if self.rule.list() != Some(FilterList::Exit) && !self.faults.in_list {
            return self.fail(ConditionFault::ExitOnly(left.bytes().into()), text.span());
        }
        let Some(number) = catalog::compare_number(left_number, right_number) else {
            return self.fail(ConditionFault::IncomparableFields(left.bytes().into()), text.span());
        };
        let op = Op::Known(comparison.operator);
        self.push_field(field::FIELD_COMPARE, op, Read::Number(number), text.span());
        self.cut_short(text, left.bytes().len());
        Ok(Flow::Next)
    }
}

/// Returns the part before the operator that ends the text, `=` or `!=`.
fn before_equality(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"!=").or(text.strip_suffix(b"=")).unwrap_or(text)
}
