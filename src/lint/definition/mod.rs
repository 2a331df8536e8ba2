//! What a lint is: its code, name, severity, check and page; and what it reports.

mod finding;

pub use finding::{Finding, Related};

use super::facts::Facts;
use super::page::LintPage;
use super::scope::Scope;
use crate::diag::{self, Level};
use crate::rewrite::Change;
use crate::ruleset::RuleSet;

/// A group of lints, named by the first letter of their codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Group {
    /// `E`: the compiler or the kernel refuses the line.
    Errors,
    /// `C`: the rule probably does not do what its author intended.
    Correctness,
    /// `P`: the rule costs more than necessary.
    Performance,
    /// `R`: the rule fails on another host or at another time.
    Robustness,
    /// `S`: the rule is harder to read than necessary.
    Style,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 5] =
        [Self::Errors, Self::Correctness, Self::Performance, Self::Robustness, Self::Style];

    /// Returns the first letter of its codes.
    pub const fn letter(self) -> char {
        match self {
            Group::Errors => 'E',
            Group::Correctness => 'C',
            Group::Performance => 'P',
            Group::Robustness => 'R',
            Group::Style => 'S',
        }
    }

    /// Returns its name, as a heading.
    pub const fn title(self) -> &'static str {
        match self {
            Group::Errors => "errors",
            Group::Correctness => "correctness",
            Group::Performance => "performance",
            Group::Robustness => "robustness",
            Group::Style => "style",
        }
    }

    /// Returns what its lints find: a plural noun phrase without a full stop.
    pub const fn about(self) -> &'static str {
        match self {
            Group::Errors => "rules that auditctl or the kernel refuses; the load stops there",
            Group::Correctness => "rules that likely do not do what their author meant",
            Group::Performance => "rules that cost more than necessary",
            Group::Robustness => "rules that fail on another host or at another time",
            Group::Style => "rules that are harder to read than necessary",
        }
    }
}

/// The check of a lint.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The compiler reports it, with this code.
    Compiler(diag::Code),
    /// The check reads the texts, once for all machines.
    Text(fn(&RuleSet<'_>, &Scope<'_>, &mut Vec<Finding>)),
    /// The check reads the compiled rules of each machine.
    Rules(fn(&Facts<'_, '_>, &Scope<'_>, &mut Vec<Finding>)),
    /// The lint is about suppression comments.
    Suppressions,
    /// Only the machine that loads the rules can report it, with this code. The lint has a page, but the linter
    /// never reports it.
    Loading(diag::Code),
}

/// A lint.
#[derive(Debug)]
#[non_exhaustive]
pub struct Lint {
    /// Its stable code: `P101`.
    pub code: &'static str,
    /// Its name: `watch-arms-everything`.
    pub name: &'static str,
    /// The default severity of its findings.
    pub level: Level,
    /// The effect of its fix on the kernel; `None` if it has no fix.
    pub fix: Option<Change>,
    /// Its check.
    pub check: Check,
    /// Its page, as Markdown.
    pub(super) page: &'static str,
}

impl PartialEq for Lint {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Lint {}

impl Lint {
    /// Returns its group.
    pub fn group(&self) -> Group {
        let letter = self.code.chars().next();
        Group::ALL.into_iter().find(|group| Some(group.letter()) == letter).unwrap_or(Group::Errors)
    }

    /// Returns its page.
    pub fn page(&self) -> LintPage {
        LintPage::parse(self.page)
    }
}
