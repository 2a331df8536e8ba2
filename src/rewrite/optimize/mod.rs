//! Optimizes a set of rules: the kernel records the same for less work.
//!
//! Each step makes edits that a lemma justifies. The sets before and after a step are then compared: an edit stays only
//! if both are proved to record the same events under the same keys.
//!
//! | file | what |
//! |---|---|
//! | `step` | the steps, with their names and lemmas |
//! | `draft` | the rules of a set between two steps, and edits of them |
//! | `drop` | rules that decide nothing |
//! | `merge` | rules that could be one rule |
//! | `narrow` | syscalls that a rule cannot match |
//! | `order` | conditions that fail early and cost little first |
//! | `proof` | the edits of a step that are proved |

mod draft;
mod drop;
mod merge;
mod narrow;
mod order;
mod proof;
mod step;

pub use draft::Optimal;
pub use proof::Refuted;
pub use step::Step;

use crate::analysis::{Arming, Sides};
use crate::catalog::KernelVersion;
use draft::{Draft, Edit};
use proof::Prover;

/// The result of an optimization.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Optimized {
    /// The rules, in the kernel's order.
    pub rules: Vec<Optimal>,
    /// What each step did, in order.
    pub steps: Vec<Done>,
}

/// What a step did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Done {
    /// The step.
    pub step: Step,
    /// The rules that it changed, dropped or merged, by their [serials](crate::model::Entry::serial): one list for each
    /// edit.
    pub edits: Vec<Vec<usize>>,
    /// The rules that it left as they were because the proof was not found.
    pub undecided: Vec<Vec<usize>>,
}

/// Optimizes the rules of a kernel of this version with some steps.
///
/// # Errors
/// [`Refuted`] if a step would change what is recorded: that is a mistake of this program.
pub fn optimize(
    arming: &Arming,
    version: KernelVersion,
    steps: &[Step],
) -> Result<Optimized, Refuted> {
    let sides = Sides::of(arming);
    let prover = Prover { profile: arming.kernel().profile(), version };
    let mut draft = Draft::of(arming.kernel());
    let mut done: Vec<Done> = Vec::new();
    for step in Step::ALL.into_iter().filter(|step| steps.contains(step)) {
        let edits: Vec<Edit> = match step {
            Step::Drop => drop::edits(&draft),
            Step::MergePerm => merge::by_perm(&draft, arming.arch, &sides),
            Step::MergeSyscalls => merge::by_syscalls(&draft, arming.arch),
            Step::MergeArch => merge::by_arch(&draft, arming.arch, &sides),
            Step::Narrow => narrow::edits(&draft, arming.arch, &sides),
            Step::Order => order::edits(&draft, arming.arch),
        };
        let sources = |edits: &[Edit]| edits.iter().map(|edit| draft.sources(edit)).collect();
        let (proved, undecided) = prover.proved(step, &draft, edits)?;
        done.push(Done { step, edits: sources(&proved), undecided: sources(&undecided) });
        draft.apply(step, &proved);
    }
    Ok(Optimized { rules: draft.into_rules(), steps: done })
}
