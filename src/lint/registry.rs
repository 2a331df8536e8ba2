//! The list of all lints.

use super::definition::Lint;
use super::errors::{BAD_SUPPRESSION, ERRORS, LOADING};
use super::rules;
use crate::catalog;

/// Returns every lint: those of the compiler, then the others by code.
pub fn lints() -> impl Iterator<Item = &'static Lint> {
    let refused = ERRORS.iter().chain(LOADING).chain([&BAD_SUPPRESSION]);
    refused.chain(rules::LINTS.iter().copied())
}

/// Returns the lint with this code or name. Case does not matter.
///
/// ```
/// use rauditctl::lint::find;
/// assert_eq!(find("p101").unwrap().name, "watch-arms-everything");
/// assert!(find("P999").is_none());
/// ```
pub fn find(text: &str) -> Option<&'static Lint> {
    lints()
        .find(|lint| lint.code.eq_ignore_ascii_case(text) || lint.name.eq_ignore_ascii_case(text))
}

/// Returns the code or name that is most similar to `text`.
pub fn nearest(text: &str) -> Option<&'static str> {
    catalog::nearest(text.as_bytes(), lints().flat_map(|lint| [lint.code, lint.name]))
}
