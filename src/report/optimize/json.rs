//! The report for programs.

use serde::Serialize;

use super::Optimization;
use crate::report::place::Place;
use crate::rewrite::optimize::Whole;

/// The report, as `docs/schema/optimize.schema.json` describes it.
#[derive(Serialize)]
pub struct OptimizeReport<'o> {
    version: u32,
    rules: Count,
    /// Whether all rules together were compared: `same`, `undecided` or `not-compared`.
    whole: &'static str,
    steps: Vec<StepView<'o>>,
    unknown_paths: Vec<Place<'o>>,
    unknown_accounts: Vec<Place<'o>>,
    calibrated_on: &'o str,
    costs: Vec<CostView>,
}

#[derive(Serialize)]
struct Count {
    before: usize,
    after: usize,
}

#[derive(Serialize)]
struct StepView<'o> {
    step: &'static str,
    lemma: &'static str,
    edits: Vec<Vec<Place<'o>>>,
    undecided: Vec<Vec<Place<'o>>>,
}

#[derive(Serialize)]
struct CostView {
    syscall: &'static str,
    before: f64,
    after: f64,
}

impl<'o> OptimizeReport<'o> {
    /// Prepares the report.
    pub fn new(optimization: &'o Optimization<'o>) -> Self {
        let places = |serials: &'o Vec<usize>| -> Vec<Place<'o>> {
            optimization.places(serials).map(Place::from).collect()
        };
        let all = |edits: &'o [Vec<usize>]| edits.iter().map(places).collect();
        let steps = optimization.optimized.steps.iter().map(|done| StepView {
            step: done.step.name(),
            lemma: done.step.lemma(),
            edits: all(&done.edits),
            undecided: all(&done.undecided),
        });
        let costs = optimization.costs().into_iter().map(|cost| CostView {
            syscall: cost.syscall,
            before: cost.before.round(),
            after: cost.after.round(),
        });
        OptimizeReport {
            version: 1,
            whole: match optimization.optimized.whole {
                Whole::Same => "same",
                Whole::Undecided => "undecided",
                _ => "not-compared",
            },
            rules: Count {
                before: optimization.before.rules_held,
                after: optimization.after.rules_held,
            },
            steps: steps.collect(),
            unknown_paths: optimization
                .places(optimization.unknown_paths)
                .map(Place::from)
                .collect(),
            unknown_accounts: optimization
                .places(optimization.unknown_accounts)
                .map(Place::from)
                .collect(),
            calibrated_on: &optimization.calibration.kernel,
            costs: costs.collect(),
        }
    }
}
