//! What an error in a rules file does to the rest of it.

use crate::compile::Step;

/// Set by `-i` and `-c` in the file, for the lines that follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tolerance {
    /// The first error ends it.
    #[default]
    None,
    /// `-i`: errors are passed over.
    Ignore,
    /// `-c`: errors are passed over, and remembered.
    Continue,
    /// One is remembered: in the end the exit status is 1.
    Remembered,
}

impl Tolerance {
    /// What holds after this step. A second `-c` forgets what happened before it, as auditctl's does.
    pub(super) fn after(self, step: &Step) -> Self {
        match (self, step) {
            (_, Step::Continue) => Tolerance::Continue,
            (Tolerance::None, Step::Ignore) => Tolerance::Ignore,
            _ => self,
        }
    }

    /// What holds after an error; `None` if it is not tolerated.
    pub(super) fn after_error(self) -> Option<Self> {
        match self {
            Tolerance::None => None,
            Tolerance::Ignore => Some(Tolerance::Ignore),
            Tolerance::Continue | Tolerance::Remembered => Some(Tolerance::Remembered),
        }
    }
}
