//! Rule actions.
//!
//! Generated from `grammar/vocab/actions.tsv` by `cargo xtask vocab`; edit the source instead.

use crate::catalog::list::KnownAction;

/// The name.
pub(crate) const fn name(action: KnownAction) -> &'static str {
    match action {
        KnownAction::Never => "never",
        KnownAction::Possible => "possible",
        KnownAction::Always => "always",
    }
}

/// The number.
pub(crate) const fn number(action: KnownAction) -> u32 {
    match action {
        KnownAction::Never => 0,
        KnownAction::Possible => 1,
        KnownAction::Always => 2,
    }
}
