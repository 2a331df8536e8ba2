//! What an error in a rules file does to the rest of the file.

use crate::compile::Step;

/// Set by `-i` and `-c` in the file, for the lines that follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tolerance {
    /// The first error ends the load.
    #[default]
    None,
    /// `-i`: errors are ignored.
    Ignore,
    /// `-c`: errors are skipped and remembered.
    Continue,
    /// An error was remembered: the exit status at the end is 1.
    Remembered,
}

impl Tolerance {
    /// Returns the tolerance after this step. A second `-c` forgets the errors before it, as auditctl's does.
    #[must_use]
    pub fn after(self, step: &Step) -> Self {
        match (self, step) {
            (_, Step::Continue) => Tolerance::Continue,
            (Tolerance::None, Step::Ignore) => Tolerance::Ignore,
            _ => self,
        }
    }

    /// Returns the tolerance after an error; `None` if the error ends the load.
    pub fn after_error(self) -> Option<Self> {
        match self {
            Tolerance::None => None,
            Tolerance::Ignore => Some(Tolerance::Ignore),
            Tolerance::Continue | Tolerance::Remembered => Some(Tolerance::Remembered),
        }
    }
}
