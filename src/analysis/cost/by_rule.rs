//! What each rule costs a workload, and what would be saved without it.
//!
//! The two differ where a rule is not alone: without the last rule that arms a syscall, its calls cost nothing, and
//! without a rule that always matches, the kernel also tests the rules after it.

use super::{Calibration, CallWork, Coefficients, Tested, as_float, paths_of};
use crate::analysis::arming::{Arming, KernelRule};
use crate::analysis::load::Origin;
use crate::analysis::verdict::{Side, Verdict};
use crate::analysis::workload::{Call, Workload};
use crate::catalog::Arch;
use crate::model::Counters;
use crate::rule::{Action, FilterList, Rule};

/// What the rules cost a workload, rule by rule. As for [`Cost`](super::Cost), no rule matches, and writing records is
/// not included.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RuleCosts {
    /// The kernel that the coefficients were measured on, as `uname -r` prints it.
    pub calibrated_on: String,
    /// All calls of the workload, except those to unknown syscalls.
    pub calls: u64,
    /// The instructions of all rules on a stock kernel.
    pub stock: f64,
    /// The instructions of all rules on a kernel with the bitmap.
    pub bitmap: f64,
    /// Each rule that the kernel holds, the most expensive on a stock kernel first.
    pub rules: Vec<RuleCost>,
    /// Calls to names that are not syscalls of this kernel, in the order of the workload.
    pub unknown: Vec<Call>,
}

/// What one rule costs a workload.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RuleCost {
    /// The line that it comes from.
    pub origin: Origin,
    /// The rule as the kernel keeps it.
    pub rule: Rule,
    /// On a stock kernel.
    pub stock: Share,
    /// On a kernel with the bitmap.
    pub bitmap: Share,
    /// The calls that it can record: each that it does costs a record in addition.
    pub recordable: u64,
}

/// The part of a rule in the cost of all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Share {
    /// Instructions of testing the rule.
    pub tested: f64,
    /// Instructions that would be saved without the rule; negative if the others cost more without it.
    pub saved: f64,
}

/// Estimates what each rule costs the workload.
pub fn rule_costs(arming: &Arming, workload: &Workload, calibration: &Calibration) -> RuleCosts {
    let (numbered, unknown) = workload.numbered(arming);
    let rules: Vec<KernelRule<'_>> = arming.rules().collect();
    let mut costs = RuleCosts {
        calibrated_on: calibration.kernel.clone(),
        calls: 0,
        stock: 0.0,
        bitmap: 0.0,
        rules: rules.iter().map(RuleCost::of).collect(),
        unknown,
    };
    let counters = &arming.counters;
    let without: Vec<Counters> = rules.iter().map(|rule| counters.without(rule.rule)).collect();
    let sides: Vec<Side> = arming.arches().map(|arch| Side::of(arming, arch)).collect();
    for ((arch, nr), calls) in numbered {
        let Some(side) = sides.iter().find(|side| side.arch == arch) else { continue };
        let parts = Parts::of(&rules, side, nr, &calibration.coefficients);
        costs.calls += calls;
        let calls_made = as_float(calls);
        let (is_stock, is_bitmap) = (counters.stock_arms(), counters.bitmap_arms(nr));
        costs.stock += if is_stock { calls_made * parts.call } else { 0.0 };
        costs.bitmap += if is_bitmap { calls_made * parts.call } else { 0.0 };
        for ((cost, part), without) in costs.rules.iter_mut().zip(&parts.rules).zip(&without) {
            cost.stock.add(calls_made, part, parts.call, [is_stock, without.stock_arms()]);
            cost.bitmap.add(calls_made, part, parts.call, [is_bitmap, without.bitmap_arms(nr)]);
            cost.recordable += if part.can_record { calls } else { 0 };
        }
    }
    costs.rules.sort_by(|a, b| {
        let key = |cost: &RuleCost| (cost.stock.tested, cost.stock.saved);
        let (a, b) = (key(a), key(b));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    costs
}

/// What a rule on the walk adds to one syscall, in instructions.
pub struct WalkPrice {
    side: Side,
    nr: u32,
    coefficients: Coefficients,
}

impl WalkPrice {
    /// Returns the price for a syscall of an arch on the kernel of `arming`.
    pub fn new(arming: &Arming, (arch, nr): (Arch, u32), coefficients: Coefficients) -> Self {
        WalkPrice { side: Side::of(arming, arch), nr, coefficients }
    }

    /// Returns what testing the rule adds to a call that it does not match.
    ///
    /// ```
    /// use rauditctl::analysis::arming;
    /// use rauditctl::analysis::cost::{Calibration, WalkPrice};
    /// use rauditctl::catalog::Arch;
    /// use rauditctl::model::Profile;
    /// use rauditctl::rule::{Action, FilterList, Rule};
    ///
    /// let kernel = arming(Profile::new(Arch::X86_64, 451), &[]);
    /// let coefficients = Calibration::of_kernel(None).coefficients;
    /// let read = WalkPrice::new(&kernel, (Arch::X86_64, 0), coefficients);
    /// // A rule that names no syscall costs a look at its mask.
    /// let cost = read.of(&Rule::new(FilterList::Exit, Action::Always));
    /// assert!((cost - coefficients.mask_misses).abs() < 1e-9);
    /// ```
    pub fn of(&self, rule: &Rule) -> f64 {
        let mut walk = Tested::default();
        walk.test(rule, &self.side, self.nr);
        CallWork { walk, ..CallWork::default() }.of_rules(&self.coefficients)
    }
}

impl RuleCost {
    fn of(kernel_rule: &KernelRule<'_>) -> Self {
        RuleCost {
            origin: kernel_rule.origin.clone(),
            rule: kernel_rule.rule.clone(),
            stock: Share::default(),
            bitmap: Share::default(),
            recordable: 0,
        }
    }
}

impl Share {
    /// Adds calls that cost `call` each, if they are armed with and without the rule.
    fn add(&mut self, calls: f64, part: &Part, call: f64, [is_armed, stays_armed]: [bool; 2]) {
        if !is_armed {
            return;
        }
        self.tested += calls * part.tested;
        self.saved += calls * if stays_armed { part.saved } else { call };
    }
}

/// The instructions of one armed call that no rule matches.
struct Parts {
    call: f64,
    rules: Vec<Part>,
}

/// The part of a rule in them.
#[derive(Clone, Copy, Default)]
struct Part {
    tested: f64,
    /// What the call costs less without the rule, if it stays armed.
    saved: f64,
    can_record: bool,
}

impl Parts {
    fn of(rules: &[KernelRule<'_>], side: &Side, nr: u32, coefficients: &Coefficients) -> Self {
        let paths = paths_of(side.arch, nr);
        let idle = CallWork { paths, ..CallWork::default() };
        let mut call = idle.instructions(coefficients);
        let mut parts = vec![Part::default(); rules.len()];
        // The rules on the walk so far that always match: the first ends the walk.
        let mut ends: Vec<usize> = Vec::new();
        let mut after_first_end = 0.0;
        for (at, (kernel_rule, part)) in rules.iter().zip(&mut parts).enumerate() {
            if kernel_rule.rule.list != FilterList::Exit {
                continue;
            }
            let mut tested = Tested::default();
            let verdict = tested.test(kernel_rule.rule, side, nr);
            let is_walked = kernel_rule.is_walked();
            let work = match is_walked {
                true => CallWork { walk: tested, ..idle },
                false => CallWork { by_inode: tested, ..idle },
            };
            let instructions = work.of_rules(coefficients);
            if ends.is_empty() || !is_walked {
                *part = Part { tested: instructions, saved: instructions, can_record: false };
                call += instructions;
            } else if ends.len() == 1 {
                after_first_end += instructions;
            }
            let can_match = verdict != Verdict::Never && (is_walked || paths > 0);
            part.can_record =
                can_match && ends.is_empty() && kernel_rule.rule.action == Action::Always;
            if is_walked && verdict == Verdict::Always {
                ends.push(at);
            }
        }
        if let Some(part) = ends.first().and_then(|at| parts.get_mut(*at)) {
            part.saved -= after_first_end;
        }
        Parts { call, rules: parts }
    }
}
