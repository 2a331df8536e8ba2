//! C133 `misread-value`. Its page is the Markdown file of the same name.

use crate::diag::{Code, Level};
use crate::lint::definition::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C133",
    name: "misread-value",
    level: Level::Warning,
    fix: None,
    check: Check::Compiler(Code::MisreadValue),
    page: include_str!("c133_misread_value.md"),
};
