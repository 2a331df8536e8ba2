//! A rule that takes tasks without a login user out of auditing: `-a never,task -F auid=unset`.

use super::draft::Optimal;
use super::step::Step;
use crate::catalog::field;
use crate::relate::Conditions;
use crate::rule::{Action, Field, FieldId, FilterList, Op, Rule};

/// The auid of a task without a login user.
const UNSET: u32 = u32::MAX;

/// Adds the rule before all others.
///
/// # Errors
/// The first rule that may record a task without a login user.
pub(super) fn skip_daemons(rules: &[Optimal]) -> Result<Vec<Optimal>, &Optimal> {
    if let Some(other) = rules.iter().find(|optimal| may_record_daemons(&optimal.rule)) {
        return Err(other);
    }
    let mut rule = Rule::new(FilterList::Task, Action::Never);
    rule.fields.extend(without_login());
    let new =
        Optimal { rule, from: Vec::new(), dropped: Vec::new(), steps: vec![Step::SkipDaemons] };
    Ok(std::iter::once(new).chain(rules.iter().cloned()).collect())
}

fn may_record_daemons(rule: &Rule) -> bool {
    let is_of_tasks =
        matches!(rule.list, FilterList::Exit | FilterList::Task | FilterList::IoUring);
    let mut of_daemons = rule.clone();
    of_daemons.fields.extend(without_login());
    is_of_tasks
        && rule.action == Action::Always
        && Conditions::of(&of_daemons).contradiction().is_none()
}

/// Returns the condition `auid=unset`.
fn without_login() -> Option<Field> {
    match FieldId::of(field::AUID) {
        FieldId::Number(id) => Some(Field::Number { id, op: Op::EQUAL, value: UNSET }),
        FieldId::Text(_) => None,
    }
}
