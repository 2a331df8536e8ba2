//! Answers to questions about an event of which only some attributes are known.

use super::attribute::{Attribute, Attributes};
use crate::rule::Op;

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It depends on these attributes, which the event leaves out.
    Unknown(Attributes),
}

impl Truth {
    /// Returns the answer that depends on one attribute.
    pub(super) const fn unknown(attribute: Attribute) -> Self {
        Truth::Unknown(Attributes::of(attribute))
    }

    /// Returns the answer for `value`, which is unknown if the event leaves `attribute` out.
    pub(super) fn of<T>(
        value: Option<T>,
        attribute: Attribute,
        holds: impl FnOnce(T) -> bool,
    ) -> Self {
        value.map_or(Truth::unknown(attribute), |value| Truth::from(holds(value)))
    }

    /// Returns whether an id compares like this with another one. That is unknown if the event leaves `attribute` out, and if
    /// one of them stands for an account whose number is unknown.
    pub(super) fn of_ids(id: Option<u32>, other: u32, attribute: Attribute, op: Op) -> Self {
        let compared = id.and_then(|id| op.compares_ids(id, other));
        Truth::of(compared, attribute, |holds| holds)
    }

    /// Returns whether both hold.
    #[must_use]
    pub(super) const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, other) => other,
            (this, Truth::True) => this,
            (Truth::Unknown(this), Truth::Unknown(other)) => Truth::Unknown(this.with(other)),
        }
    }

    /// Returns whether either holds.
    #[must_use]
    pub(super) const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Truth::True, _) | (_, Truth::True) => Truth::True,
            (Truth::False, other) => other,
            (this, Truth::False) => this,
            (Truth::Unknown(this), Truth::Unknown(other)) => Truth::Unknown(this.with(other)),
        }
    }

    /// Returns whether it does not hold.
    #[must_use]
    pub(super) const fn negated(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown(attributes) => Truth::Unknown(attributes),
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Truth::True } else { Truth::False }
    }
}
