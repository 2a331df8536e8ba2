//! Findings over rules files: what is wrong, unsafe, slow, dead or not portable, and how to mend it.
//!
//! ```text
//! Sources ──set──▶ RuleSet ──compiled──▶ Compiled, one a machine ──rules/*──▶ findings
//!                                                                              │
//!                          Report ◀── suppress ◀── selection ◀── merged over machines
//! ```
//!
//! | file | what |
//! |---|---|
//! | `set` | files and their lines, in the order in which they are loaded |
//! | `compiled` | the set compiled for one machine |
//! | `paths` | the paths that the compiled rules name |
//! | `standing` | which rules the kernel holds in the end, in its order |
//! | `abi` | the two word sizes of a machine |
//! | `conditions`, `values`, `wider` | what the conditions of rules leave possible |
//! | `registry` | every lint: its code, name, severity, fix and page |
//! | `page` | the page of a lint, read from the head of its file |
//! | `rules/` | the lints, one a file; `errors/` has the pages of what the compiler refuses |
//! | `finding`, `fix` | what a lint says, and the edits that mend it |
//! | `sweeping` | rules that arm everything, by how they are written |
//! | `mergeable`, `merging` | rules that could be one, and the edits that make them one |
//! | `proof` | fixes held to the rules that they make |
//! | `suppress` | `# rauditctl: allow(...)` |
//! | `selection` | which lints count, and how much |
//! | `config` | `rauditctl.toml` |
//!
//! Nothing here reads a file or prints: the texts come in, and a [`Report`] goes out.

mod abi;
mod compiled;
mod conditions;
#[cfg(test)]
mod conditions_tests;
pub mod config;
mod engine;
mod errors;
mod finding;
pub mod fix;
mod host;
mod likely;
mod mergeable;
mod merging;
mod page;
mod paths;
mod proof;
mod registry;
mod rewrite;
mod rules;
mod selection;
mod set;
mod standing;
mod suppress;
mod sweeping;
mod values;
mod wider;

pub use compiled::{Compiled, CompiledLine, LoadedRule};
pub use engine::{Report, Settings, lint};
pub use finding::{Change, Edit, Finding, Fix, Place, Related};
pub use page::{Page, Section};
pub use registry::{Check, Group, Lint, find, lints, nearest};
pub use selection::{Selection, Selector};
pub use set::{Input, Line, LineId, RuleFile, RuleSet};

use crate::catalog::KernelVersion;

/// The kernels that rules are for, both ends included; an end that is not given is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KernelRange {
    /// The oldest.
    pub min: Option<KernelVersion>,
    /// The newest.
    pub max: Option<KernelVersion>,
}

impl KernelRange {
    /// Reads `6.1`, `5.10..6.8`, `5.10..` or `..6.8`; `None` for anything else, and where the oldest is
    /// newer than the newest.
    ///
    /// ```
    /// use rauditctl::catalog::KernelVersion;
    /// use rauditctl::lint::KernelRange;
    /// let range = KernelRange::parse("5.10..6.8").unwrap();
    /// assert_eq!(range.min, Some(KernelVersion::new(5, 10)));
    /// assert_eq!(KernelRange::parse("6.1").unwrap().max, Some(KernelVersion::new(6, 1)));
    /// assert_eq!(KernelRange::parse("6.8..5.10"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let version = |text: &str| match text {
            "" => Some(None),
            _ => KernelVersion::parse(text.as_bytes()).map(Some),
        };
        let (min, max) = match text.split_once("..") {
            Some((min, max)) => (version(min)?, version(max)?),
            None if text.is_empty() => return None,
            None => (version(text)?, version(text)?),
        };
        let is_ordered = min.is_none() || max.is_none() || min <= max;
        is_ordered.then_some(KernelRange { min, max })
    }

    /// Whether some kernel of the range is `version` or newer.
    pub fn reaches(self, version: KernelVersion) -> bool {
        self.max.is_none_or(|max| max >= version)
    }

    /// Whether some kernel of the range is older than `version`; a range without an oldest one is not
    /// taken to reach back for ever.
    pub fn begins_before(self, version: KernelVersion) -> bool {
        self.min.is_some_and(|min| min < version)
    }
}
