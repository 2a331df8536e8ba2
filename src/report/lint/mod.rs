//! What the linter has found, for people and for programs.
//!
//! | file | for whom |
//! |---|---|
//! | `text` | a person at a terminal |
//! | `config` | a person whose rauditctl.toml is wrong |
//! | `page` | a person who asks what a code means, or which there are |
//! | `markdown` | a person who follows a link to a code |
//! | `statistics` | a person who wants the counts only |
//! | `json` | programs of one's own |
//! | `sarif` | code scanning services, and viewers in editors |
//! | `github` | the log of a GitHub Actions step |
//! | `gitlab` | the Code Quality report of GitLab |
//! | `junit` | whatever shows test results |
//!
//! The others are what these share: `region` counts lines and columns, `patch` shows
//! what a fix writes, `fixes` has edits as data,
//! `fingerprint` knows a finding again, `summary` counts, `stream` keeps nothing in memory.

mod config;
mod fingerprint;
mod fixes;
mod github;
mod gitlab;
mod json;
mod junit;
mod lines;
mod markdown;
mod page;
mod patch;
mod region;
mod sarif;
mod statistics;
mod stream;
mod summary;
mod text;

pub use config::config_error;
pub use github::github;
pub use gitlab::gitlab;
pub use json::json;
pub use junit::junit;
pub use markdown::markdown;
pub use page::explanation;
pub use sarif::sarif;
pub use statistics::statistics;
pub use summary::Summary;
pub use text::{Look, text};

use crate::diag::Level;
use crate::lint::Finding;
use crate::source::Source;

/// What was found, and in which texts.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'r> {
    /// The texts; the places of findings are indexes into these.
    pub sources: &'r [&'r Source],
    /// The findings, by file and place.
    pub findings: &'r [Finding],
    /// How many more there were, silenced by comments.
    pub silenced: usize,
}

impl<'r> Findings<'r> {
    fn source(&self, file: usize) -> Option<&'r Source> {
        self.sources.get(file).copied()
    }
}

/// What a program reads a severity as.
const fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    }
}

/// A path as those name files who compare them with names in a repository: without `./` before it.
fn relative(path: &str) -> &str {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    path
}
