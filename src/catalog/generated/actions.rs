//! Rule actions.
//!
//! Generated from `grammar/vocab/actions.tsv` by `cargo xtask vocab`; edit the source instead.

use crate::catalog::list::Action;

/// The name.
pub(crate) const fn name(action: Action) -> &'static str {
    match action {
        Action::Never => "never",
        Action::Possible => "possible",
        Action::Always => "always",
    }
}

/// The number.
pub(crate) const fn number(action: Action) -> u32 {
    match action {
        Action::Never => 0,
        Action::Possible => 1,
        Action::Always => 2,
    }
}
