//! The commands that auditctl does not have, one a file.

pub(super) mod compile;
pub(super) mod completions;
mod diff;
pub(super) mod explain;
pub(super) mod fmt;
mod input;
pub(super) mod lint;
pub(super) mod lsp;
mod output;
mod replace;

/// What these commands exit with.
pub(super) mod exit {
    /// Done.
    pub(in crate::cli) const DONE: u8 = 0;
    /// The rules have errors.
    pub(in crate::cli) const FAULTS: u8 = 1;
    /// Files are in another form than that of `fmt`.
    pub(in crate::cli) const UNFORMATTED: u8 = 1;
    /// The command line is wrong, or a file cannot be read.
    pub(in crate::cli) const USAGE: u8 = 2;
}
