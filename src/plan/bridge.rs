//! Rules that match the same events as others, and are not equal to them for the kernel.

use crate::catalog::{Operator, field};
use crate::model::is_legal;
use crate::rule::{Field, FieldId, Op, Placement, Rule};

/// Returns a rule with the same meaning that is not taken: a condition is there twice, or a condition that always holds is
/// added. Returns `None` if the kernel takes no such rule.
pub(super) fn bridge(rule: &Rule, is_taken: impl Fn(&Rule) -> bool) -> Option<Rule> {
    let with = |at: usize, condition: Field| {
        let mut fields: Vec<Field> = rule.fields.iter().cloned().collect();
        fields.insert(at, condition);
        Rule { fields: fields.into(), ..rule.clone() }
    };
    let conditions = rule.fields.iter().cloned().enumerate();
    let repeated = conditions.map(|(at, condition)| with(at + 1, condition));
    let candidates = repeated.chain(always_true().map(|condition| with(0, condition)));
    let mut legal = candidates.filter(is_legal);
    let found = legal.find(|rule| !is_taken(rule))?;
    Some(Rule { placement: Placement::Prepend, ..found })
}

/// Returns a condition that every task meets.
fn always_true() -> Option<Field> {
    match FieldId::of(field::UID) {
        FieldId::Number(id) => {
            Some(Field::Number { id, op: Op::Known(Operator::GreaterEqual), value: 0 })
        }
        FieldId::Text(_) => None,
    }
}
