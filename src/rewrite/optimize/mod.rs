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
//! | `ranges` | rules that could be one rule with a wider range |
//! | `narrow` | syscalls that a rule cannot match |
//! | `order` | conditions that fail early and cost little first |
//! | `lead` | rules that end the walk first |
//! | `fast_path` | rules that end the walk early, at a price |
//! | `skip_daemons` | a rule that takes daemons out of auditing, at a price |
//! | `offer` | what a set could save more, at a price |
//! | `kind` | the kind of kernel that rules are for |
//! | `prices` | what rules cost a workload |
//! | `worker` | what rules match in a worker of io_uring |
//! | `proof` | the edits of a step that are proved |

mod draft;
mod drop;
mod fast_path;
mod kind;
mod lead;
mod merge;
mod narrow;
mod offer;
mod order;
mod prices;
mod proof;
mod ranges;
mod skip_daemons;
mod step;
mod worker;

pub use draft::Optimal;
pub use kind::Kind;
pub use offer::{Offer, offers};
pub use proof::{Refuted, Whole};
pub use step::Step;

use crate::analysis::cost::Calibration;
use crate::analysis::workload::Workload;
use crate::analysis::{Arming, Sides};
use crate::catalog::{Arch, KernelVersion};
use crate::relate::sets::{Evidence, Keys};
use draft::{Draft, Edit};
use fast_path::{FastPath, fast_path};
use lead::{Lead, lead};
use prices::Prices;
use proof::Prover;
use skip_daemons::skip_daemons;

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
    /// Whether the whole sets record the same, apart from the prices.
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
    /// The rules that it added.
    pub added: usize,
    /// What it takes away, if it has a price.
    pub loss: Option<Loss>,
}

/// What a step with a price takes away.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Loss {
    /// In these syscalls, records of other subsystems come without their SYSCALL record.
    Companions(Vec<(Arch, u32)>),
    /// Events have more keys; such as this one, if an example is known.
    Keys(Option<Box<Evidence>>),
    /// An event like this one is lost.
    Logins(Box<Evidence>),
    /// The step is not made: this rule, by its serial, may record a task without a login user.
    RecordsDaemons(Option<usize>),
    /// The step is not made: it saves nothing, or makes a syscall of the workload dearer.
    Nothing,
}

/// The kernel, the steps and the exceptions of an optimization.
#[derive(Clone, Debug)]
pub struct Task<'t> {
    /// The kernel's version.
    pub version: KernelVersion,
    /// The kind of the kernel.
    pub kind: Kind,
    /// The steps to make.
    pub steps: &'t [Step],
    /// Rules that stay as they are, by their [serials](crate::model::Entry::serial).
    pub kept: &'t [usize],
    /// Syscalls in which records of other subsystems keep their SYSCALL record.
    pub companions: &'t [(Arch, u32)],
    /// The calls whose cost decides.
    pub workload: &'t Workload,
    /// The costs of the kernel.
    pub calibration: &'t Calibration,
}

/// Optimizes a set of rules.
///
/// # Errors
/// [`Refuted`] if a step would change what is recorded: that is a mistake of this program.
pub fn optimize(arming: &Arming, task: &Task<'_>) -> Result<Optimized, Refuted> {
    let sides = Sides::of(arming);
    let mut optimizer = Optimizer {
        arming,
        sides: &sides,
        task,
        prover: Prover::new(arming.kernel().profile(), task.version),
        done: Step::ALL
            .into_iter()
            .filter(|step| task.steps.contains(step))
            .map(Done::new)
            .collect(),
    };
    let settled = optimizer.settled(Draft::of(arming.kernel(), task.kept))?;
    for done in optimizer.done.iter_mut().filter(|done| done.step == Step::MergeKeys) {
        done.loss.get_or_insert(Loss::Nothing);
    }
    let rules = optimizer.add(settled);
    let whole = optimizer.whole(&rules)?;
    Ok(Optimized { rules, steps: optimizer.done, whole })
}

impl Done {
    fn new(step: Step) -> Self {
        Done { step, edits: Vec::new(), undecided: Vec::new(), added: 0, loss: None }
    }
}

/// An optimization that is under way.
struct Optimizer<'o> {
    arming: &'o Arming,
    sides: &'o Sides,
    task: &'o Task<'o>,
    prover: Prover,
    done: Vec<Done>,
}

impl Optimizer<'_> {
    /// Makes the steps that edit or move rules until nothing changes: rules with narrow masks may merge, a merged rule may
    /// be narrower, and rules that are no longer in the way of others may let them merge.
    fn settled(&mut self, mut draft: Draft) -> Result<Vec<Optimal>, Refuted> {
        for _ in 0..MOST_ROUNDS {
            if self.round(&mut draft)? {
                continue;
            }
            let (rules, is_changed) = self.lead(draft.into_rules());
            if !is_changed {
                return Ok(rules);
            }
            draft = Draft::with(rules, self.task.kept);
        }
        Ok(draft.into_rules())
    }

    /// Moves the rules that end the walk. Returns whether a rule moved.
    fn lead(&mut self, rules: Vec<Optimal>) -> (Vec<Optimal>, bool) {
        let Optimizer { arming, sides, task, prover, done } = self;
        let Some(done) = done.iter_mut().find(|done| done.step == Step::Lead) else {
            return (rules, false);
        };
        let prices = Prices::new(arming, task.workload, task.calibration);
        let Lead { rules, moved } = lead(&rules, sides, task.kept, &prices, prover);
        let is_changed = !moved.is_empty();
        done.edits.extend(moved);
        (rules, is_changed)
    }

    /// Makes each step that edits rules. Returns whether a rule changed.
    fn round(&mut self, draft: &mut Draft) -> Result<bool, Refuted> {
        let (machine, sides) = (self.arming.arch, self.sides);
        let mut is_changed = false;
        for done in &mut self.done {
            let found: Vec<Edit> = match done.step {
                Step::Drop => drop::edits(draft, sides),
                Step::MergePerm => merge::by_perm(draft, machine, sides),
                Step::MergeSyscalls => merge::by_syscalls(draft, machine),
                Step::MergeRanges => ranges::edits(draft, machine),
                Step::MergeArch => merge::by_arch(draft, machine, sides),
                Step::MergeKeys => merge::by_keys(draft, machine),
                Step::Narrow => narrow::edits(draft, machine, sides, self.task.kind),
                Step::Order => order::edits(draft, machine),
                Step::Lead | Step::FastPath | Step::SkipDaemons => continue,
            };
            let (proved, unproved) = self.prover.proved(done.step, draft, found)?;
            if let (Step::MergeKeys, None, Some(edit)) = (done.step, &done.loss, proved.first()) {
                done.loss = Some(Loss::Keys(self.prover.example(draft, edit)));
            }
            done.edits.extend(proved.iter().map(|edit| draft.sources(edit)));
            done.undecided = unproved.iter().map(|edit| draft.sources(edit)).collect();
            is_changed |= !proved.is_empty();
            draft.apply(done.step, &proved);
        }
        Ok(is_changed)
    }

    /// Makes each step that adds rules.
    fn add(&mut self, mut rules: Vec<Optimal>) -> Vec<Optimal> {
        let Optimizer { arming, sides, task, prover, done } = self;
        let prices = Prices::new(arming, task.workload, task.calibration);
        for done in done {
            let (more, loss) = match done.step {
                Step::FastPath => match fast_path(&rules, sides, task.companions, &prices) {
                    Some(FastPath { rules, syscalls }) => (Some(rules), Loss::Companions(syscalls)),
                    None => (None, Loss::Nothing),
                },
                Step::SkipDaemons => match skip_daemons(&rules) {
                    Ok(more) => match prover.difference(&rules, &more) {
                        Some(example) => (Some(more), Loss::Logins(example)),
                        None => (None, Loss::Nothing),
                    },
                    Err(other) => (None, Loss::RecordsDaemons(other.from.first().copied())),
                },
                _ => continue,
            };
            done.loss = Some(loss);
            if let Some(more) = more {
                done.added = more.len() - rules.len();
                rules = more;
            }
        }
        rules
    }

    /// Compares the whole sets, apart from what the steps take away.
    fn whole(&self, rules: &[Optimal]) -> Result<Whole, Refuted> {
        let merges_keys = |done: &Done| done.step == Step::MergeKeys && !done.edits.is_empty();
        let keys = if self.done.iter().any(merges_keys) { Keys::Ignore } else { Keys::Count };
        let before = Draft::of(self.arming.kernel(), &[]).into_rules();
        let is_compared = |optimal: &&Optimal| !optimal.steps.contains(&Step::SkipDaemons);
        let after: Vec<&Optimal> = rules.iter().filter(is_compared).collect();
        self.prover.whole(&before.iter().collect::<Vec<_>>(), &after, keys)
    }
}
