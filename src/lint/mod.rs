//! Findings over rules files: what is wrong, unsafe, slow, dead or not portable, and how to fix it.
//!
//! ```text
//! RuleSet ──facts──▶ Facts, one per machine ──rules/*──▶ findings
//!                                                          │
//!             Report ◀── suppress ◀── selection ◀── merged over machines
//! ```
//!
//! | file | what |
//! |---|---|
//! | `scope` | what rules are linted for: machines, kernels, limits |
//! | `facts` | a set compiled for one machine, with what several checks need, each computed once |
//! | `definition` | what a lint is: code, name, severity, check, page |
//! | `registry` | the list of all lints |
//! | `page` | the page of a lint, read from Markdown |
//! | `rules/` | the lints, one file and one page each; `errors/` has the pages of what the compiler refuses |
//! | `finding` | what a lint reports |
//! | `arms_all` | rules that arm every syscall, by how they are written |
//! | `paths`, `path_kind` | the paths that rules name, and whether a path is a file by its name |
//! | `engine` | runs the lints and merges their findings |
//! | `suppress` | `# rauditctl: allow(...)` |
//! | `selection` | which lints are on, and their severity |
//! | `fix` | applies fixes in rounds |
//! | `config` | `rauditctl.toml` |
//!
//! Nothing here reads a file or prints: the texts come in, and a [`Report`] goes out.

mod arms_all;
pub mod config;
mod definition;
mod engine;
mod errors;
mod facts;
mod finding;
pub mod fix;
mod page;
mod path_kind;
mod paths;
mod registry;
mod rules;
mod scope;
mod selection;
mod suppress;
mod written;

pub use definition::{Check, Group, Lint};
pub use engine::{Report, Settings, lint};
pub use facts::Facts;
pub use finding::{Finding, Related};
pub use page::{Page, Section};
pub use registry::{find, lints, nearest};
pub use scope::Scope;
pub use selection::{Selection, Selector};

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
