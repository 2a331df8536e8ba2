//! Comparison operators.
//!
//! Generated from `grammar/vocab/operators.tsv` by `cargo xtask vocab`; edit the source instead.

use crate::catalog::operator::Operator;

/// The symbol in a rule.
pub(crate) const fn symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "=",
        Operator::NotEqual => "!=",
        Operator::Greater => ">",
        Operator::GreaterEqual => ">=",
        Operator::Less => "<",
        Operator::LessEqual => "<=",
        Operator::BitMask => "&",
        Operator::BitTest => "&=",
    }
}

/// The value in `fieldflags`.
pub(crate) const fn bits(operator: Operator) -> u32 {
    match operator {
        Operator::Equal => 0x40000000,
        Operator::NotEqual => 0x30000000,
        Operator::Greater => 0x20000000,
        Operator::GreaterEqual => 0x60000000,
        Operator::Less => 0x10000000,
        Operator::LessEqual => 0x50000000,
        Operator::BitMask => 0x08000000,
        Operator::BitTest => 0x48000000,
    }
}
