//! The report for programs.

use serde::Serialize;

use super::costs::{Both, CallCost, Costs, WorkloadCost};
use super::{Optimization, price};
use crate::eval::Notation;
use crate::report::place::Place;
use crate::rewrite::optimize::{Done, Loss, Whole};

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
    kind: &'static str,
    calibrated_on: &'o str,
    costs: Vec<CostView>,
    possible: Vec<OfferView>,
    /// The cost of the workload; `None` without one.
    workload: Option<WorkloadView>,
    /// The most rules that are tested for a call.
    longest_walk: Both<usize>,
    armed: ArmedView,
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
    added: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<PriceView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_made: Option<NotMade<'o>>,
}

/// What a step took away.
#[derive(Serialize)]
struct PriceView {
    what: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    syscalls: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<String>,
}

/// Why a step with a price was not made.
#[derive(Serialize)]
struct NotMade<'o> {
    why: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<Place<'o>>,
}

#[derive(Serialize)]
struct OfferView {
    step: &'static str,
    price: &'static str,
    costs: Vec<CostView>,
}

#[derive(Serialize)]
struct CostView {
    syscall: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<u64>,
    #[serde(flatten)]
    instructions: Both<f64>,
}

#[derive(Serialize)]
struct WorkloadView {
    calls: u64,
    /// Instructions on a stock kernel.
    stock: Both<f64>,
    /// The same on a kernel with the bitmap.
    bitmap: Both<f64>,
    /// Calls that are not counted: the kernel has no such syscall.
    unknown: Vec<CallView>,
}

#[derive(Serialize)]
struct CallView {
    name: String,
    calls: u64,
}

/// The number of armed syscalls.
#[derive(Serialize)]
struct ArmedView {
    stock: Both<usize>,
    bitmap: Both<usize>,
}

impl From<WorkloadCost> for WorkloadView {
    fn from(cost: WorkloadCost) -> Self {
        let unknown = cost.unknown.into_iter();
        WorkloadView {
            calls: cost.calls,
            stock: rounded(cost.stock),
            bitmap: rounded(cost.bitmap),
            unknown: unknown.map(|call| CallView { name: call.name, calls: call.count }).collect(),
        }
    }
}

fn rounded(both: Both<f64>) -> Both<f64> {
    Both { before: both.before.round(), after: both.after.round() }
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
            added: done.added,
            price: done.loss.as_ref().and_then(|loss| PriceView::of(optimization, done, loss)),
            not_made: done.loss.as_ref().and_then(|loss| NotMade::of(optimization, loss)),
        });
        let possible = optimization.offered.iter().map(|offered| OfferView {
            step: offered.step.name(),
            price: offered.step.price().unwrap_or_default(),
            costs: views(optimization.costs_with(offered)),
        });
        let costs = Costs::of(optimization);
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
            kind: optimization.kind.name(),
            calibrated_on: &optimization.calibration.kernel,
            costs: views(costs.syscalls),
            possible: possible.collect(),
            workload: costs.workload.map(WorkloadView::from),
            longest_walk: costs.walk,
            armed: ArmedView { stock: costs.armed_stock, bitmap: costs.armed_bitmap },
        }
    }
}

fn views(costs: Vec<CallCost>) -> Vec<CostView> {
    let view = |cost: CallCost| CostView {
        syscall: cost.syscall,
        calls: cost.calls,
        instructions: rounded(cost.instructions),
    };
    costs.into_iter().map(view).collect()
}

impl PriceView {
    fn of(optimization: &Optimization<'_>, done: &Done, loss: &Loss) -> Option<Self> {
        let machine = optimization.before.arch;
        let (syscalls, example) = match loss {
            Loss::Companions(syscalls) => (price::names(syscalls, machine), None),
            Loss::Keys(None) => (Vec::new(), None),
            Loss::Keys(Some(example)) | Loss::Logins(example) => {
                (Vec::new(), Some(Notation::new(&example.event, machine).to_string()))
            }
            _ => return None,
        };
        Some(PriceView { what: done.step.price()?, syscalls, example })
    }
}

impl<'o> NotMade<'o> {
    fn of(optimization: &'o Optimization<'o>, loss: &Loss) -> Option<Self> {
        match loss {
            Loss::RecordsDaemons(rule) => {
                let rule = rule.and_then(|serial| optimization.before.origin_of(serial));
                Some(NotMade { why: "records-daemons", rule: rule.map(Place::from) })
            }
            Loss::Nothing => Some(NotMade { why: "saves-nothing", rule: None }),
            _ => None,
        }
    }
}
