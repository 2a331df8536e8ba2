//! The commands that auditctl does not have, one per file, and what several of them need: `config`, `diff`, `input`,
//! `output` and `replace`.

pub(super) mod apply;
pub(super) mod compare;
pub(super) mod compile;
pub(super) mod completions;
mod config;
pub(super) mod covers;
mod diff;
pub(super) mod explain;
pub(super) mod fmt;
mod input;
pub(super) mod lint;
#[cfg(feature = "lsp")]
pub(super) mod lsp;
pub(super) mod optimize;
mod optimize_check;
mod output;
pub(super) mod plan;
mod replace;
pub(super) mod replay;
pub(super) mod test;
