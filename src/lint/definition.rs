//! What a lint is: its code, name, severity, check and page.

use super::facts::Facts;
use super::finding::Finding;
use super::page::Page;
use super::scope::Scope;
use crate::diag::{self, Level};
use crate::rewrite::Change;
use crate::ruleset::RuleSet;

/// What a lint is about; the letter its code begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// `E`: the compiler or the kernel refuses it.
    Errors,
    /// `C`: it does not do what is likely meant.
    Correctness,
    /// `P`: it costs more than it must.
    Performance,
    /// `R`: it breaks on another host, or another day.
    Robustness,
    /// `S`: it reads worse than it must.
    Style,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 5] =
        [Self::Errors, Self::Correctness, Self::Performance, Self::Robustness, Self::Style];

    /// The letter its codes begin with.
    pub const fn letter(self) -> char {
        match self {
            Group::Errors => 'E',
            Group::Correctness => 'C',
            Group::Performance => 'P',
            Group::Robustness => 'R',
            Group::Style => 'S',
        }
    }

    /// As a heading.
    pub const fn title(self) -> &'static str {
        match self {
            Group::Errors => "errors",
            Group::Correctness => "correctness",
            Group::Performance => "performance",
            Group::Robustness => "robustness",
            Group::Style => "style",
        }
    }

    /// What its lints find: a plural noun phrase without a full stop.
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

/// How a lint finds what it finds.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The compiler says it, as this code.
    Compiler(diag::Code),
    /// It reads the texts, once, whatever the machines.
    Text(fn(&RuleSet<'_>, &Scope<'_>, &mut Vec<Finding>)),
    /// It reads the compiled rules of each machine.
    Rules(fn(&Facts<'_, '_>, &Scope<'_>, &mut Vec<Finding>)),
    /// It is about the suppressions themselves.
    Suppressions,
    /// Only the machine that the rules are loaded on can say it, as this code: it has a page, and is
    /// never found here.
    Loading(diag::Code),
}

/// A lint.
#[derive(Debug)]
pub struct Lint {
    /// Its stable code: `P101`.
    pub code: &'static str,
    /// Its name: `watch-arms-everything`.
    pub name: &'static str,
    /// How bad its findings are, if nothing else is configured.
    pub level: Level,
    /// What its fix changes in the kernel; `None` where it has no fix.
    pub fix: Option<Change>,
    /// How it finds them.
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
    /// What it is about.
    pub fn group(&self) -> Group {
        let letter = self.code.chars().next();
        Group::ALL.into_iter().find(|group| Some(group.letter()) == letter).unwrap_or(Group::Errors)
    }

    /// Its page.
    pub fn page(&self) -> Page {
        Page::parse(self.page)
    }
}
