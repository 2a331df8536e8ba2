//! C106 `skipped-rule`. Its page is the Markdown file of the same name.

use crate::diag::{Code, Level};
use crate::lint::definition::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C106",
    name: "skipped-rule",
    level: Level::Warning,
    fix: None,
    check: Check::Compiler(Code::PossibleDeprecated),
    page: include_str!("c106_skipped_rule.md"),
};
