//! The lints that are on, and their severity.

use super::definition::{Group, Lint};
use super::registry;
use crate::diag::Level;

/// One word of `--select` or `--ignore`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Every lint.
    All,
    /// A group, by its letter.
    Group(Group),
    /// One lint, by its code or name.
    Lint(&'static Lint),
}

impl Selector {
    /// Parses `ALL`, the letter of a group, or the code or name of a lint.
    ///
    /// ```
    /// use rauditctl::lint::Selector;
    /// assert!(Selector::parse("p").is_some());
    /// assert_eq!(Selector::parse("P101"), Selector::parse("watch-arms-everything"));
    /// assert_eq!(Selector::parse("X1"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("all") {
            return Some(Selector::All);
        }
        let is_letter = |group: &Group| text.eq_ignore_ascii_case(&group.letter().to_string());
        let group = Group::ALL.into_iter().find(is_letter).map(Selector::Group);
        group.or_else(|| registry::find(text).map(Selector::Lint))
    }

    /// Returns whether it selects this lint.
    pub fn selects(self, lint: &Lint) -> bool {
        self.weight(lint).is_some()
    }

    /// Returns how specifically it selects this lint; `None` if it does not.
    fn weight(self, lint: &Lint) -> Option<u8> {
        match self {
            Selector::All => Some(0),
            Selector::Group(group) => (lint.group() == group).then_some(1),
            Selector::Lint(selected) => (selected == lint).then_some(2),
        }
    }
}

/// The lints that are on, and their severity.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The lints that are on; empty for all.
    pub select: Vec<Selector>,
    /// The lints that are off.
    pub ignore: Vec<Selector>,
    /// Severities that differ from the default.
    pub levels: Vec<(Selector, Level)>,
}

impl Selection {
    /// Returns whether a lint is on. The most specific word wins; `ignore` wins a tie.
    pub fn has(&self, lint: &Lint) -> bool {
        let closest = |words: &[Selector]| words.iter().filter_map(|word| word.weight(lint)).max();
        let selected = if self.select.is_empty() { Some(0) } else { closest(&self.select) };
        selected > closest(&self.ignore)
    }

    /// Returns the severity of a lint. The most specific word wins; the last one wins a tie.
    pub fn level(&self, lint: &Lint) -> Level {
        let weighed =
            self.levels.iter().filter_map(|(word, level)| Some((word.weight(lint)?, *level)));
        weighed.max_by_key(|(weight, _)| *weight).map_or(lint.level, |(_, level)| level)
    }
}
