//! What the linter has found, for people and for programs.
//!
//! | file | for whom |
//! |---|---|
//! | `text` | a person at a terminal |
//! | `config` | a person whose rauditctl.toml is wrong |
//! | `page` | a person who asks what a code means |
//! | `statistics` | a person who wants the counts only |

mod config;
mod page;
mod statistics;
mod text;

pub use config::config_error;
pub use page::page;
pub use statistics::statistics;
pub use text::text;

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
    /// How many findings are this bad.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// How many fixes could be made: safe ones, and the others.
    pub fn fixable(&self) -> (usize, usize) {
        let fixes = self.findings.iter().filter_map(|finding| finding.fix.as_ref());
        let (safe, others): (Vec<_>, Vec<_>) = fixes.partition(|fix| fix.change.is_safe());
        (safe.len(), others.len())
    }

    fn source(&self, file: usize) -> Option<&'r Source> {
        self.sources.get(file).copied()
    }
}

/// What a program reads a severity as.
pub(super) const fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    }
}
