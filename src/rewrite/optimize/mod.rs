//! Optimizes a set of rules: the kernel records the same for less work.
//!
//! Each step makes edits that a lemma justifies. An edit stays only if the rules that it touches are proved to record the
//! same events under the same keys after it.
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
pub use proof::{Refuted, Whole};
pub use step::Step;

use crate::analysis::{Arming, Sides};
use crate::catalog::KernelVersion;
use draft::{Draft, Edit};
use proof::Prover;

/// Maximum number of times that the steps are made.
const MOST_ROUNDS: usize = 8;

/// The result of an optimization.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Optimized {
    /// The rules, in the kernel's order.
    pub rules: Vec<Optimal>,
    /// What each step did, in order.
    pub steps: Vec<Done>,
    /// Whether the whole sets record the same.
    pub whole: Whole,
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

/// The kernel, the steps and the exceptions of an optimization.
#[derive(Clone, Debug)]
pub struct Task<'t> {
    /// The kernel's version.
    pub version: KernelVersion,
    /// The steps to make.
    pub steps: &'t [Step],
    /// Rules that stay as they are, by their [serials](crate::model::Entry::serial).
    pub kept: &'t [usize],
}

/// Optimizes a set of rules.
///
/// # Errors
/// [`Refuted`] if a step would change what is recorded: that is a mistake of this program.
pub fn optimize(arming: &Arming, task: &Task<'_>) -> Result<Optimized, Refuted> {
    let (machine, sides) = (arming.arch, Sides::of(arming));
    let mut prover = Prover::new(arming.kernel().profile(), task.version);
    let mut draft = Draft::of(arming.kernel(), task.kept);
    let chosen = Step::ALL.into_iter().filter(|step| task.steps.contains(step));
    let mut done: Vec<Done> =
        chosen.map(|step| Done { step, edits: Vec::new(), undecided: Vec::new() }).collect();
    // Rules with narrow masks may merge, and a merged rule may be narrower.
    for _ in 0..MOST_ROUNDS {
        let mut is_changed = false;
        for Done { step, edits, undecided } in &mut done {
            let found: Vec<Edit> = match step {
                Step::Drop => drop::edits(&draft),
                Step::MergePerm => merge::by_perm(&draft, machine, &sides),
                Step::MergeSyscalls => merge::by_syscalls(&draft, machine),
                Step::MergeArch => merge::by_arch(&draft, machine, &sides),
                Step::Narrow => narrow::edits(&draft, machine, &sides),
                Step::Order => order::edits(&draft, machine),
            };
            let (proved, unproved) = prover.proved(*step, &draft, found)?;
            edits.extend(proved.iter().map(|edit| draft.sources(edit)));
            *undecided = unproved.iter().map(|edit| draft.sources(edit)).collect();
            is_changed |= !proved.is_empty();
            draft.apply(*step, &proved);
        }
        if !is_changed {
            break;
        }
    }
    let whole = prover.whole(&Draft::of(arming.kernel(), &[]), &draft)?;
    Ok(Optimized { rules: draft.into_rules(), steps: done, whole })
}
