//! What a set could save more, at a price.

use super::draft::{Draft, Optimal};
use super::fast_path::fast_path;
use super::merge;
use super::prices::Prices;
use super::skip_daemons::skip_daemons;
use super::step::Step;
use super::{Optimized, Task};
use crate::analysis::{Arming, Sides};
use crate::rule::Action;

/// The rules that a step with a price would make.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Offer {
    /// The step.
    pub step: Step,
    /// The rules, in the kernel's order.
    pub rules: Vec<Optimal>,
}

/// Returns what each step with a price would make of optimized rules, if it was not made and saves something on its
/// kernel.
pub fn offers(source: &Arming, task: &Task<'_>, optimized: &Optimized) -> Vec<Offer> {
    let is_open = |step: &Step| !task.steps.contains(step) && task.kind.suits(*step);
    let offer = |step| Some(Offer { step, rules: made(source, task, &optimized.rules, step)? });
    Step::priced().filter(is_open).filter_map(offer).collect()
}

fn made(source: &Arming, task: &Task<'_>, rules: &[Optimal], step: Step) -> Option<Vec<Optimal>> {
    let sides = Sides::of(source);
    match step {
        Step::FastPath => {
            let prices = Prices::new(source, task.workload, task.calibration);
            Some(fast_path(rules, &sides, task.companions, &prices)?.rules)
        }
        Step::SkipDaemons if rules.iter().any(|one| one.rule.action == Action::Always) => {
            skip_daemons(rules).ok()
        }
        Step::MergeKeys => {
            let mut draft = Draft::with(rules.to_vec(), task.kept);
            let edits = merge::by_keys(&draft, source.arch);
            draft.apply(step, &edits);
            (!edits.is_empty()).then(|| draft.into_rules())
        }
        _ => None,
    }
}
