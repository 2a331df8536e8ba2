//! Reports of findings, for people and for programs.
//!
//! | file | reader |
//! |---|---|
//! | `text` | a person at a terminal |
//! | `config` | a person with errors in rauditctl.toml |
//! | `page` | a person who looks up a code, or all codes |
//! | `markdown` | a person who follows a link to a code |
//! | `table` | a person who needs only the numbers |
//! | `concise` | an editor, or `grep` |
//! | `json` | any program |
//! | `sarif` | code scanning services, and viewers in editors |
//! | `github` | the log of a GitHub Actions step |
//! | `gitlab` | the Code Quality report of GitLab |
//! | `junit` | tools that show test results |
//!
//! These share the other files: `groups` has the findings of one code together, `draw` draws one finding, `places`
//! names lines, `region` computes lines and columns, `patch` and `lines` show what a fix changes, `fixes` has edits as
//! data, `fingerprint` identifies a finding in later runs, `summary` counts findings, and `stream` serializes a
//! sequence without keeping it in memory.

mod concise;
mod config;
mod draw;
mod fingerprint;
mod fixes;
mod github;
mod gitlab;
mod groups;
mod json;
mod junit;
mod lines;
mod markdown;
mod page;
mod patch;
mod places;
mod region;
mod sarif;
mod stream;
mod summary;
mod table;
mod text;

pub use concise::concise;
pub use config::config_error;
pub use draw::Look;
pub use github::github;
pub(super) use github::{data, property};
pub use gitlab::gitlab;
pub use json::json;
pub use junit::junit;
pub(super) use junit::legal;
pub use markdown::markdown;
pub use page::explanation;
pub use sarif::sarif;
pub use summary::Summary;
pub use table::statistics;
pub use text::{Choice, Repeated, text};

use crate::diag::Level;
use crate::lint::Finding;
use crate::source::Source;

/// Findings, with the texts that they are in.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'r> {
    /// The texts; the places of findings are indexes into these.
    pub sources: &'r [&'r Source],
    /// The findings, by file and place.
    pub findings: &'r [Finding],
    /// The number of findings silenced by comments; they are not in `findings`.
    pub silenced: usize,
}

impl<'r> Findings<'r> {
    fn source(&self, file: usize) -> Option<&'r Source> {
        self.sources.get(file).copied()
    }
}

/// Returns the name of a severity in machine-readable output.
const fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    }
}

/// Returns a path without `./` at the start, as tools that compare it with paths in a repository need it.
pub(super) fn relative(path: &str) -> &str {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    path
}
