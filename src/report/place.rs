//! The line of a rule in JSON.

use serde::Serialize;

use crate::analysis::Origin;

/// The file and the line of a rule.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Place<'a> {
    file: &'a str,
    line: usize,
}

impl<'a> Place<'a> {
    pub(super) fn file(&self) -> &'a str {
        self.file
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }
}

impl<'a> From<&'a Origin> for Place<'a> {
    fn from(origin: &'a Origin) -> Self {
        Place { file: &origin.file, line: origin.line }
    }
}
