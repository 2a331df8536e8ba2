//! The numbers that a rule allows, by field.

use super::super::values::Values;
use super::{FAILURE, SUCCESS};
use crate::catalog::{Operator, field};

/// The numbers that all conditions on a field allow together, sorted by field. A rule has few fields: a map would take
/// ten times the memory.
#[derive(Clone, Debug, Default)]
pub(super) struct ByField(Vec<(u32, Values)>);

impl ByField {
    /// Adds a condition on a field.
    pub(super) fn restrict(&mut self, number: u32, operator: Operator, value: u32) {
        match self.0.binary_search_by_key(&number, |(known, _)| *known) {
            Ok(at) => {
                if let Some((_, values)) = self.0.get_mut(at) {
                    values.restrict(operator, value);
                }
            }
            Err(at) => {
                let mut values = all(number);
                values.restrict(operator, value);
                self.0.reserve_exact(1);
                self.0.insert(at, (number, values));
            }
        }
    }

    /// Returns the numbers that the conditions on a field allow; `None` if there are none.
    pub(super) fn get(&self, number: &u32) -> Option<&Values> {
        let at = self.0.binary_search_by_key(number, |(known, _)| *known).ok()?;
        self.0.get(at).map(|(_, values)| values)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&u32, &Values)> {
        self.0.iter().map(|(number, values)| (number, values))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Returns the numbers that a field can have without any condition.
fn all(number: u32) -> Values {
    let mut values = Values::any();
    if number == field::SUCCESS {
        values.restrict(Operator::GreaterEqual, SUCCESS);
        values.restrict(Operator::LessEqual, FAILURE);
    }
    values
}
