//! The edits of a step that are proved: the rules that an edit touches record the same events under the same keys after it.
//!
//! A rule that matches the same calls can take the place of another one in any list, so the rules before and after it do
//! not matter. Rules that move are proved together with those that they pass.

use foldhash::HashSet;
use thiserror::Error;

use super::draft::{Draft, Edit, Optimal};
use super::step::Step;
use crate::catalog::{KernelVersion, field};
use crate::model::{KernelModel, Profile, Reason};
use crate::relate::sets::{Evidence, Keys, Relation, compare};
use crate::rule::{Action, Field, Rule, TextId};

/// A step would change what is recorded.
#[derive(Clone, Debug, Error)]
#[error("{} would change what is recorded", .step.map_or("all steps together", Step::name))]
#[non_exhaustive]
pub struct Refuted {
    /// The step; `None` for all of them together.
    pub step: Option<Step>,
    /// The rules that it would change, by their [serials](crate::model::Entry::serial).
    pub rules: Vec<usize>,
    /// An event that would be recorded otherwise.
    pub evidence: Box<Evidence>,
}

/// Maximum number of rules of a set that is compared as a whole.
const MOST_COMPARED: usize = 500;

/// What the comparison of the whole sets gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Whole {
    /// They record the same events under the same keys.
    Same,
    /// That is not known.
    Undecided,
    /// There are too many rules.
    NotCompared,
}

/// Compares the rules before and after an edit.
pub(super) struct Prover {
    profile: Profile,
    version: KernelVersion,
    /// Rules that were proved to match the same calls, in a form in which the path does not count.
    alike: HashSet<[Rule; 2]>,
}

enum Answer {
    Same,
    Differs(Box<Evidence>),
    Undecided,
}

impl Prover {
    pub(super) fn new(profile: Profile, version: KernelVersion) -> Self {
        Prover { profile, version, alike: HashSet::default() }
    }

    /// Divides the edits of a step into those that are proved and those that are not.
    pub(super) fn proved(
        &mut self,
        step: Step,
        draft: &Draft,
        edits: Vec<Edit>,
    ) -> Result<(Vec<Edit>, Vec<Edit>), Refuted> {
        let (mut proved, mut undecided) = (Vec::new(), Vec::new());
        for edit in edits {
            let keys = if step == Step::MergeKeys { Keys::Ignore } else { Keys::Count };
            match self.answer(draft, &edit, keys) {
                Answer::Same => proved.push(edit),
                Answer::Undecided => undecided.push(edit),
                // The key of a rule that decides nothing may be in a record.
                Answer::Differs(_) if step == Step::Drop => undecided.push(edit),
                Answer::Differs(evidence) => {
                    let rules = draft.sources(&edit);
                    return Err(Refuted { step: Some(step), rules, evidence });
                }
            }
        }
        Ok((proved, undecided))
    }

    /// Returns an event that is recorded otherwise after an edit.
    pub(super) fn example(&self, draft: &Draft, edit: &Edit) -> Option<Box<Evidence>> {
        let (before, after) = draft.around(edit);
        self.evidence(&before, &after)
    }

    /// Returns an event that is recorded otherwise by other rules.
    pub(super) fn difference(
        &self,
        before: &[Optimal],
        after: &[Optimal],
    ) -> Option<Box<Evidence>> {
        let rules = |all: &[Optimal]| all.iter().map(|one| one.rule.clone()).collect::<Vec<_>>();
        self.evidence(&rules(before), &rules(after))
    }

    /// Returns whether other rules record the same.
    pub(super) fn are_same(&self, before: &[Optimal], after: &[Optimal]) -> bool {
        let rules = |all: &[Optimal]| all.iter().map(|one| one.rule.clone()).collect::<Vec<_>>();
        matches!(self.compare(&rules(before), &rules(after), Keys::Count), Answer::Same)
    }

    fn evidence(&self, before: &[Rule], after: &[Rule]) -> Option<Box<Evidence>> {
        match self.compare(before, after, Keys::Count) {
            Answer::Differs(evidence) => Some(evidence),
            Answer::Same | Answer::Undecided => None,
        }
    }

    /// Compares whole sets.
    pub(super) fn whole(
        &self,
        before: &[&Optimal],
        after: &[&Optimal],
        keys: Keys,
    ) -> Result<Whole, Refuted> {
        if before.len() > MOST_COMPARED {
            return Ok(Whole::NotCompared);
        }
        let rules = |all: &[&Optimal]| all.iter().map(|one| one.rule.clone()).collect::<Vec<_>>();
        match self.compare(&rules(before), &rules(after), keys) {
            Answer::Same => Ok(Whole::Same),
            Answer::Undecided => Ok(Whole::Undecided),
            Answer::Differs(evidence) => Err(Refuted { step: None, rules: Vec::new(), evidence }),
        }
    }

    fn answer(&mut self, draft: &Draft, edit: &Edit, keys: Keys) -> Answer {
        if let (Some(into), []) = (&edit.into, edit.merged.as_slice()) {
            let Some(rule) = draft.rule(edit.at) else { return Answer::Undecided };
            return self.alike(rule, into);
        }
        let (before, after) = draft.around(edit);
        self.compare(&before, &after, keys)
    }

    /// Returns whether two rules match the same calls.
    fn alike(&mut self, rule: &Rule, into: &Rule) -> Answer {
        if same_conditions(rule, into) && rule.mask == into.mask {
            return Answer::Same;
        }
        let plain = [plain(rule), plain(into)];
        if self.alike.contains(&plain) {
            return Answer::Same;
        }
        let answer = self.compare(&plain[..1], &plain[1..], Keys::Count);
        if let Answer::Same = answer {
            self.alike.insert(plain);
        }
        answer
    }

    fn compare(&self, before: &[Rule], after: &[Rule], keys: Keys) -> Answer {
        let (Some(old), Some(new)) = (self.kernel(before), self.kernel(after)) else {
            return Answer::Undecided;
        };
        let comparison = compare(&old, &new, self.version, keys);
        match (comparison.relation(), comparison.differences.into_iter().next()) {
            (Relation::Same, _) => Answer::Same,
            (_, Some(evidence)) => Answer::Differs(evidence.into()),
            (_, None) => Answer::Undecided,
        }
    }

    /// Returns a kernel with rules; `None` if it refuses one. A second equal rule, which a step can make, does nothing.
    fn kernel(&self, rules: &[Rule]) -> Option<KernelModel> {
        let mut kernel = KernelModel::new(self.profile);
        for rule in rules {
            match kernel.add(rule) {
                Ok(()) => {}
                Err(refusal) if refusal.reason == Reason::Exists => {}
                Err(_) => return None,
            }
        }
        Some(kernel)
    }
}

/// Returns whether two rules have the same conditions and keys, in any order.
fn same_conditions(rule: &Rule, other: &Rule) -> bool {
    let sorted = |rule: &Rule| {
        let mut fields: Vec<Field> = rule.fields.iter().cloned().collect();
        fields.sort_by_cached_key(|field| (field.number(), format!("{field:?}")));
        fields
    };
    rule.fields.len() == other.fields.len() && sorted(rule) == sorted(other)
}

/// Returns the rule that records what it matches, without keys, for one path that stands for every other.
fn plain(rule: &Rule) -> Rule {
    let mut plain = Rule { action: Action::Always, ..rule.clone() };
    plain.fields.retain(|condition| condition.number() != field::KEY);
    for condition in plain.fields.iter_mut() {
        if let Field::Text { id: TextId::PATH | TextId::DIR, text, .. } = condition
            && text.len() > 1
        {
            *text = Box::from(*b"/srv/file");
        }
    }
    plain
}
