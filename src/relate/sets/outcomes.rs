//! What the kernel does with an event, as numbers that are the results of diagrams.

use foldhash::HashMap;

use super::Keys;
use super::roles::keyed;
use crate::rule::{Action, Rule};

/// The rules of all sets, by their meaning. Their numbers are results of diagrams; 0 is no rule.
#[derive(Default)]
pub(super) struct Rules<'r> {
    known: HashMap<&'r Rule, u32>,
    all: Vec<&'r Rule>,
    /// Rules that others represent where only outcomes matter; none if every rule represents itself.
    pub(super) grouped: HashMap<&'r Rule, &'r Rule>,
}

/// The result for a list that ends before any rule matches.
pub(super) const ENDS: u32 = u32::MAX - 1;

impl<'r> Rules<'r> {
    pub(super) fn number(&mut self, rule: &'r Rule) -> u32 {
        let Rules { known, all, .. } = self;
        *known.entry(rule).or_insert_with(|| {
            all.push(rule);
            u32::try_from(all.len()).unwrap_or(ENDS - 1)
        })
    }

    /// Returns the number of the rule that stands for a rule.
    pub(super) fn group(&mut self, rule: &'r Rule) -> u32 {
        let group = self.grouped.get(rule).copied().unwrap_or(rule);
        self.number(group)
    }

    pub(super) fn get(&self, number: u32) -> Option<&'r Rule> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.all.get(at).copied()
    }
}

/// Outcomes of events, by number: 0 for no record, and else the keys of the record.
#[derive(Default)]
pub(super) struct Outcomes(HashMap<Vec<Vec<u8>>, u32>);

/// The outcome of an event that is not recorded.
pub(super) const NO_RECORD: u32 = 0;
/// The outcome of an event that is recorded without a key.
pub(super) const RECORD: u32 = 1;

impl Outcomes {
    pub(super) fn recorded(&mut self, keys: Keys, rule: Option<&Rule>) -> u32 {
        let keys: Vec<Vec<u8>> = match (keys, rule) {
            (Keys::Count, Some(rule)) => rule.keys().map(<[u8]>::to_vec).collect(),
            (Keys::Ignore, _) | (_, None) => Vec::new(),
        };
        if keys.is_empty() {
            return RECORD;
        }
        let next = RECORD + 1 + u32::try_from(self.0.len()).unwrap_or(u32::MAX / 2);
        *self.0.entry(keys).or_insert(next)
    }
}

/// Returns the outcomes of calls.
pub(super) struct Decides<'d, 'r> {
    pub(super) rules: &'d Rules<'r>,
    pub(super) outcomes: &'d mut Outcomes,
    pub(super) keys: Keys,
}

impl Decides<'_, '_> {
    /// Returns the outcome of a judgment.
    pub(super) fn outcome(&mut self, judgment: Judgment) -> u32 {
        match self.rules.get(judgment.winner) {
            Some(rule) if is_always(rule) => {
                let keeper = || self.rules.get(judgment.keeper).and_then(keyed);
                self.outcomes.recorded(self.keys, keyed(rule).or_else(keeper))
            }
            _ => NO_RECORD,
        }
    }
}

/// The state of a call: the rule that decides so far, and the rule whose key is kept if it has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Judgment {
    pub(super) winner: u32,
    pub(super) keeper: u32,
}

/// Judgments by number. 0 is that of no rule.
pub(super) struct States {
    known: HashMap<Judgment, u32>,
    all: Vec<Judgment>,
}

impl Default for States {
    fn default() -> Self {
        States {
            known: HashMap::from_iter([(Judgment::default(), 0)]),
            all: vec![Judgment::default()],
        }
    }
}

impl States {
    pub(super) fn number(&mut self, judgment: Judgment) -> u32 {
        let States { known, all } = self;
        *known.entry(judgment).or_insert_with(|| {
            all.push(judgment);
            u32::try_from(all.len() - 1).unwrap_or(0)
        })
    }

    pub(super) fn get(&self, number: u32) -> Judgment {
        self.all.get(number as usize).copied().unwrap_or_default()
    }
}

pub(super) fn is_always(rule: &Rule) -> bool {
    rule.action != Action::Never
}
