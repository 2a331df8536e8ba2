//! The edits of a step that are proved: both sets record the same events under the same keys.

use thiserror::Error;

use super::draft::{Draft, Edit};
use super::step::Step;
use crate::catalog::KernelVersion;
use crate::model::Profile;
use crate::relate::sets::{Evidence, Keys, Relation, compare};

/// A step would change what is recorded.
#[derive(Clone, Debug, Error)]
#[error("the step {} would change what is recorded", .step.name())]
#[non_exhaustive]
pub struct Refuted {
    /// The step.
    pub step: Step,
    /// The rules that it would change, by their [serials](crate::model::Entry::serial).
    pub rules: Vec<usize>,
    /// An event that would be recorded otherwise.
    pub evidence: Box<Evidence>,
}

/// Compares the sets before and after a step.
pub(super) struct Prover {
    pub(super) profile: Profile,
    pub(super) version: KernelVersion,
}

enum Answer {
    Same,
    Differs(Box<Evidence>),
    Undecided,
}

impl Prover {
    /// Divides the edits of a step into those that are proved together and those that are not.
    pub(super) fn proved(
        &self,
        step: Step,
        draft: &Draft,
        edits: Vec<Edit>,
    ) -> Result<(Vec<Edit>, Vec<Edit>), Refuted> {
        let (mut proved, mut undecided) = (Vec::new(), Vec::new());
        // Parts of the edits that are still to be proved, the next one last.
        let mut parts = vec![edits];
        let mut known = draft.clone();
        while let Some(mut part) = parts.pop() {
            let mut next = known.clone();
            next.apply(step, &part);
            match self.compare(&known, &next) {
                _ if part.is_empty() => {}
                Answer::Same => {
                    known = next;
                    proved.append(&mut part);
                }
                _ if part.len() > 1 => {
                    let rest = part.split_off(part.len() / 2);
                    parts.extend([rest, part]);
                }
                Answer::Differs(evidence) => {
                    let rules = part.iter().flat_map(|edit| draft.sources(edit)).collect();
                    return Err(Refuted { step, rules, evidence });
                }
                Answer::Undecided => undecided.append(&mut part),
            }
        }
        Ok((proved, undecided))
    }

    fn compare(&self, old: &Draft, new: &Draft) -> Answer {
        let kernels = (old.kernel(self.profile), new.kernel(self.profile));
        let (Some(old), Some(new)) = kernels else { return Answer::Undecided };
        let comparison = compare(&old, &new, self.version, Keys::Count);
        match (comparison.relation(), comparison.differences.into_iter().next()) {
            (Relation::Same, _) => Answer::Same,
            (_, Some(evidence)) => Answer::Differs(evidence.into()),
            (_, None) => Answer::Undecided,
        }
    }
}
