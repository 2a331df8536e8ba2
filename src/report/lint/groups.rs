//! Findings of one code together, as a person reads them: the problem once, then the places.

use foldhash::HashMap;

use super::Findings;
use crate::diag::Level;
use crate::lint::{Finding, Lint};

/// The findings of one code and severity.
#[derive(Debug)]
pub(super) struct Group<'f> {
    pub(super) level: Level,
    pub(super) lint: &'static Lint,
    /// The findings by their message, in order of the first place. None is empty.
    pub(super) messages: Vec<Vec<&'f Finding>>,
}

impl<'f> Group<'f> {
    /// Returns the findings by message.
    pub(super) fn findings(&self) -> impl Iterator<Item = &'f Finding> {
        self.messages.iter().flatten().copied()
    }

    /// Returns the number of findings.
    pub(super) fn count(&self) -> usize {
        self.messages.iter().map(Vec::len).sum()
    }
}

impl<'r> Findings<'r> {
    /// Returns the findings by code, most severe first, then in order of the first place.
    pub(super) fn groups(&self) -> Vec<Group<'r>> {
        let mut groups: Vec<Group<'r>> = Vec::new();
        let mut of_code: HashMap<(&str, Level), usize> = HashMap::default();
        let mut of_message: HashMap<(usize, &str), usize> = HashMap::default();
        for finding in self.findings {
            let (level, lint) = (finding.level, finding.lint);
            let number = *of_code.entry((lint.code, level)).or_insert(groups.len());
            if number == groups.len() {
                groups.push(Group { level, lint, messages: Vec::new() });
            }
            let Some(group) = groups.get_mut(number) else { continue };
            let next = group.messages.len();
            let message = *of_message.entry((number, &finding.message)).or_insert(next);
            match group.messages.get_mut(message) {
                Some(same) => same.push(finding),
                None => group.messages.push(vec![finding]),
            }
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.level));
        groups
    }
}
