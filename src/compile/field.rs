//! `-F`: a condition. The catalog has the values and operators of each field; this file has auditctl's
//! checks, in its order (`audit_rule_fieldpair_data`, libaudit.c).

use super::value::Read;
use super::{Compiler, Flow, Outcome};
use crate::catalog::{self, FieldKind, FieldRow, OperatorSet, field};
use crate::diag::{ConditionFault, RuleFault, SyscallFault};
use crate::rule::{Field, FieldId, FilterList, MAX_FIELDS, Op};
use crate::span::Span;
use crate::syntax::{Command, Comparison, Expression, Item, Missing, Text};

impl Compiler<'_> {
    pub(super) fn field(
        &mut self,
        expression: &Expression<'_>,
        item: &Item<'_>,
        command: &Command<'_>,
    ) -> Outcome {
        if self.rule.list().is_none()
            && !self.faults.in_list
            && !precedes_trim(expression, item, command)
        {
            return self.fail(RuleFault::ListMissing, item.span.join(expression.text.span()));
        }
        if expression.text.bytes().starts_with(b"key=") {
            let key = expression.text.skip(4);
            self.check_operator_in_value(&key);
            return self.add_key(&key);
        }
        self.add_field(expression)
    }

    /// Adds a condition to the rule.
    pub(super) fn add_field(&mut self, expression: &Expression<'_>) -> Outcome {
        let text = &expression.text;
        self.check_field_count(text)?;
        let comparison = match expression.parts() {
            Ok(comparison) => comparison,
            Err(missing) => {
                let text = malformed_part(expression, missing);
                let fault = ConditionFault::MalformedField { text, missing };
                return self.fail(fault, expression.text.span());
            }
        };
        let name = &comparison.field;
        let Some(row) = catalog::field_number(name.bytes()).and_then(catalog::field_info) else {
            return self.fail(ConditionFault::UnknownField(name.bytes().into()), name.span());
        };
        self.check_list_features(row, name.bytes(), name.span())?;
        self.check_field_feature(row, name.bytes(), name.span())?;
        self.check_list(row, name.bytes(), name.span())?;
        if row.number == field::ARCH && self.seen.syscalls {
            return self.fail(SyscallFault::ArchAfterSyscalls(name.bytes().into()), text.span());
        }
        let value = self
            .check_operator(row, &comparison)
            .and_then(|()| self.read_value(row, &comparison))
            .inspect_err(|_| self.faults.in_arch |= row.number == field::ARCH)?;
        self.push_field(row.number, Op::Known(comparison.operator), value, text.span());
        self.cut_short(text, name.bytes().len());
        Ok(Flow::Next)
    }

    /// Checks that the rule can take one more condition.
    #[inline]
    pub(super) fn check_field_count(&mut self, text: &Text<'_>) -> Result<(), Flow> {
        match self.rule.fields.len() < MAX_FIELDS {
            true => Ok(()),
            false => self.fail(RuleFault::TooManyFields(text.bytes().into()), text.span()),
        }
    }

    /// Records that auditctl cuts this text, and so its word, after `len` bytes.
    #[inline]
    pub(super) fn cut_short(&mut self, text: &Text<'_>, len: usize) {
        self.cut = Some((text.span().end, text.bytes().len() - len));
    }

    pub(super) fn push_field(&mut self, number: u32, op: Op, value: Read, span: Span) {
        match number {
            field::PATH | field::DIR | field::PERM => self.seen.path_or_perm = true,
            field::EXE => self.seen.exe = true,
            field::FSTYPE => self.seen.fstype = true,
            _ => {}
        }
        let field = match (FieldId::of(number), value) {
            (FieldId::Text(id), Read::Text(text)) => Field::Text { id, op, text },
            (FieldId::Number(id), Read::Number(value)) => Field::Number { id, op, value },
            // The kind of a field decides how its value is read.
            (FieldId::Text(_), Read::Number(_)) | (FieldId::Number(_), Read::Text(_)) => return,
        };
        self.rule.fields.push(field);
        self.program.field_spans.push(span);
    }

    /// Checks the exclude and filesystem lists against the features of an old kernel.
    #[inline]
    pub(super) fn check_list_features(
        &mut self,
        row: &FieldRow,
        name: &[u8],
        span: Span,
    ) -> Result<(), Flow> {
        match self.rule.list() {
            Some(FilterList::Exclude) => self.check_exclude_features(row, span),
            Some(FilterList::Filesystem) if !self.host.features().filter_fs() => {
                self.fail(ConditionFault::FilesystemUnsupported(name.into()), span)
            }
            _ => Ok(()),
        }
    }

    fn check_exclude_features(&mut self, row: &FieldRow, span: Span) -> Result<(), Flow> {
        if self.host.features().exclude_extend() || row.basic_exclude {
            Ok(())
        } else {
            self.fail(ConditionFault::ExcludeFields, span)
        }
    }

    fn check_field_feature(&mut self, row: &FieldRow, name: &[u8], span: Span) -> Result<(), Flow> {
        let supported = match row.number {
            field::EXE => self.host.features().executable_path(),
            field::SESSIONID => self.host.features().sessionid_filter(),
            _ => true,
        };
        if supported {
            Ok(())
        } else {
            self.fail(ConditionFault::FieldUnsupported(name.into()), span)
        }
    }

    #[inline]
    fn check_list(&mut self, row: &FieldRow, name: &[u8], span: Span) -> Result<(), Flow> {
        let allows_field =
            |list: FilterList| row.lists.iter().any(|l| FilterList::from(*l) == list);
        if self.rule.list().is_some_and(allows_field) || self.faults.in_list {
            return Ok(());
        }
        let mut lists = catalog::KnownList::ALL.iter().filter(|list| list.known_to_auditctl());
        if lists.all(|list| row.lists.contains(list)) {
            return Ok(());
        }
        let fault = match row.kind {
            FieldKind::MessageType => ConditionFault::MessageTypeList,
            FieldKind::SessionId => ConditionFault::SessionIdList(name.into()),
            FieldKind::FsType => ConditionFault::FsTypeList(name.into()),
            _ => ConditionFault::ExitOnly(name.into()),
        };
        self.fail(fault, span)
    }

    #[inline]
    fn check_operator(&mut self, row: &FieldRow, comparison: &Comparison<'_>) -> Result<(), Flow> {
        if row.operators.contains(comparison.operator) {
            return Ok(());
        }
        let name = comparison.field.bytes().into();
        let fault = match row.operators {
            OperatorSet::Equal => ConditionFault::EqualOnly(name),
            _ => ConditionFault::EqualityOnly(name),
        };
        self.fail(fault, comparison.operator_span())
    }
}

/// Returns whether the condition contains an arch and `-t` follows: such a condition may come without a list.
fn precedes_trim(expression: &Expression<'_>, item: &Item<'_>, command: &Command<'_>) -> bool {
    let next = command.words.get(item.next).map(|word| word.bytes());
    next == Some(b"-t") && expression.text.bytes().windows(5).any(|part| part == b"arch=")
}

/// Returns the part of a malformed condition that auditctl prints: it cuts the text at the operator.
fn malformed_part(expression: &Expression<'_>, missing: Missing) -> Box<[u8]> {
    let bytes = expression.text.bytes();
    match missing {
        Missing::Operator => bytes.into(),
        Missing::Field => Box::default(),
        Missing::Value => expression_name(bytes).into(),
    }
}

/// Returns the part before an operator that ends the text.
pub(super) fn expression_name(bytes: &[u8]) -> &[u8] {
    let symbols = catalog::Operator::ALL.map(catalog::Operator::symbol);
    let longest = symbols.iter().filter(|s| bytes.ends_with(s.as_bytes())).map(|s| s.len()).max();
    bytes.get(..bytes.len() - longest.unwrap_or(0)).unwrap_or_default()
}
