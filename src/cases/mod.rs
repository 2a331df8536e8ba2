//! Test cases for rules: events with what the rules should do with them.
//!
//! A case is in a comment above its rule, which auditctl ignores, or in a TOML file.
//!
//! ```text
//! #@ records syscall=openat path=/etc/shadow flags=O_WRONLY auid=1000
//! #@ ignores syscall=openat path=/etc/shadow flags=O_RDONLY auid=1000
//! -a always,exit -F path=/etc/shadow -F perm=wa -F key=identity
//! ```
//!
//! | file | subject |
//! |---|---|
//! | `comments` | cases in comments |
//! | `toml` | cases in TOML files, and their tables |
//! | `run` | the results of cases |
//! | `impossible` | expectations that no event can meet |
//! | `coverage` | the rules that decide no case |
//! | `generate` | events for a rule, on both sides of each boundary |
//! | `requirements` | requirements in comments, for `covers` |
//! | `written` | comments of rules as they are written, for programs that move rules |

mod comments;
mod coverage;
mod generate;
mod impossible;
mod requirements;
mod run;
mod toml;
mod written;

pub use comments::{CASE_WORDS, MARK, OTHER_WORDS, PRODUCT_MARK, cases_in_comments};
pub use coverage::{Coverage, Uncovered};
pub use generate::{Generated, NoCase, generate};
pub use impossible::impossible;
pub use requirements::{Link, Requirement, Requirements, is_technique, requirements};
pub use run::{Found, Outcome, Tested, run};
pub use toml::{CaseFile, read_cases};
pub use written::{WrittenCase, WrittenName, written_cases, written_names};

use std::fmt;

use crate::analysis::Origin;
use crate::eval::Event;
use crate::span::Span;

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// The name. Cases in comments are named after their event.
    pub name: String,
    /// The values that tell the rows of a table apart; empty for a case with one row.
    pub row: String,
    /// The place of the case.
    pub origin: Origin,
    /// The place of the expectation in the text.
    pub expectation_at: Span,
    /// The event.
    pub event: Event,
    /// What the rules should do.
    pub expected: Expectation,
    /// The reason why the case is known to fail. It is reported when it holds.
    pub known_gap: Option<String>,
}

/// What rules should do with an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Record it with this key.
    Key(String),
    /// Record it by this rule.
    Rule(RulePlace),
    /// Record it.
    Recorded,
    /// Not record it.
    Silent,
    /// Not record it, because of this rule.
    SilencedBy(RulePlace),
    /// Record it by one of these rules: those below a comment.
    RecordedByOne(Vec<Origin>),
    /// Not record it, because of one of these rules.
    SilencedByOne(Vec<Origin>),
    /// Not record it by any of these rules.
    NotRecordedBy(Vec<Origin>),
}

/// The place of a rule, as a person writes it: `30-identity.rules:4`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePlace {
    /// The end of the path of the file.
    pub file: String,
    /// The line.
    pub line: usize,
}

impl RulePlace {
    /// Parses `FILE:LINE`.
    pub fn parse(text: &str) -> Option<Self> {
        let (file, line) = text.rsplit_once(':')?;
        let line = line.parse().ok().filter(|line: &usize| *line > 0)?;
        (!file.is_empty()).then(|| RulePlace { file: file.to_owned(), line })
    }

    /// Returns whether a rule is at this place.
    pub fn is(&self, origin: &Origin) -> bool {
        let is_end = origin.file.strip_suffix(self.file.as_str());
        self.line == origin.line
            && is_end.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    }
}

impl fmt::Display for RulePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl Case {
    /// Returns the name with the row.
    pub fn title(&self) -> String {
        if self.row.is_empty() {
            self.name.clone()
        } else {
            format!("{} [{}]", self.name, self.row)
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expectation::Key(key) => write!(f, "key {key}"),
            Expectation::Rule(place) => write!(f, "recorded by {place}"),
            Expectation::Recorded => f.write_str("recorded"),
            Expectation::Silent => f.write_str("not recorded"),
            Expectation::SilencedBy(place) => write!(f, "silenced by {place}"),
            Expectation::RecordedByOne(rules) => write!(f, "recorded by {}", listed(rules)),
            Expectation::SilencedByOne(rules) => write!(f, "silenced by {}", listed(rules)),
            Expectation::NotRecordedBy(rules) => write!(f, "not recorded by {}", listed(rules)),
        }
    }
}

fn listed(rules: &[Origin]) -> String {
    let places: Vec<String> = rules.iter().map(ToString::to_string).collect();
    places.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_match_the_end_of_a_path() {
        let place = RulePlace::parse("30-identity.rules:4").unwrap();
        let origin = |file: &str, line| Origin { file: file.into(), line };
        assert!(place.is(&origin("rules.d/30-identity.rules", 4)));
        assert!(place.is(&origin("30-identity.rules", 4)));
        assert!(!place.is(&origin("rules.d/130-identity.rules", 4)));
        assert!(!place.is(&origin("30-identity.rules", 5)));
        for text in ["30.rules", ":4", "a:0", "a:x"] {
            assert_eq!(RulePlace::parse(text), None, "{text}");
        }
    }
}
