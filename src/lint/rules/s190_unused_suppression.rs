//! S190 `unused-suppression`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "S190",
    name: "unused-suppression",
    level: Level::Warning,
    fix: None,
    check: Check::Suppressions,
    page: include_str!("s190_unused_suppression.md"),
};
