//! The settings of a lint run.

use std::collections::HashMap;

use super::definition::Lint;
use super::scope::Scope;
use super::selection::Selection;
use crate::catalog::Arch;

/// The machines, kernels and lints of a lint run.
#[derive(Clone)]
pub struct LintSettings<'a> {
    /// The machines, kernels and limits.
    pub scope: Scope<'a>,
    /// The lints that are on, and their severity.
    pub selection: Selection,
    /// Lints that are off in one file, by the index of the file.
    pub ignored_in: HashMap<usize, Selection>,
}

impl LintSettings<'_> {
    /// Returns settings for one machine, any kernel and all lints. Checks look up nothing on this machine.
    pub fn new(arch: Arch) -> Self {
        LintSettings {
            scope: Scope::new(arch),
            selection: Selection::default(),
            ignored_in: HashMap::new(),
        }
    }

    /// Returns whether a lint is on in a file.
    pub(super) fn is_on(&self, lint: &Lint, file: usize) -> bool {
        self.selection.has(lint) && self.ignored_in.get(&file).is_none_or(|words| words.has(lint))
    }
}
