//! What the rules cost a workload.

use serde::Serialize;

use crate::analysis::cost::{Cost, SyscallCost, Total};
use crate::analysis::workload::Call;

/// The cost. It assumes that no rule matches a call.
#[derive(Debug, Serialize)]
pub(super) struct CostView {
    /// The kernel that the coefficients were measured on.
    calibrated_on: String,
    calls: u64,
    seconds: Option<f64>,
    stock: TotalView,
    bitmap: TotalView,
    syscalls: Vec<SyscallView>,
    unknown: Vec<CallView>,
}

/// All calls together.
#[derive(Debug, Serialize)]
struct TotalView {
    armed: u64,
    needless: u64,
    needless_share: f64,
    tests: f64,
    tests_per_second: Option<f64>,
    instructions: f64,
    instructions_per_second: Option<f64>,
}

/// One syscall. Tests and instructions are those of one armed call.
#[derive(Debug, Serialize)]
struct SyscallView {
    arch: &'static str,
    nr: u32,
    name: Option<&'static str>,
    calls: u64,
    wanted: bool,
    stock_armed: bool,
    bitmap_armed: bool,
    tests: f64,
    instructions: f64,
}

/// Calls to a name that is not a syscall of the kernel.
#[derive(Debug, Serialize)]
struct CallView {
    name: String,
    calls: u64,
}

impl CostView {
    pub(super) fn new(cost: &Cost) -> Self {
        CostView {
            calibrated_on: cost.calibrated_on.clone(),
            calls: cost.calls,
            seconds: cost.seconds,
            stock: TotalView::new(cost, &cost.stock),
            bitmap: TotalView::new(cost, &cost.bitmap),
            syscalls: cost.syscalls.iter().map(SyscallView::new).collect(),
            unknown: cost.unknown.iter().map(CallView::new).collect(),
        }
    }
}

impl TotalView {
    fn new(cost: &Cost, total: &Total) -> Self {
        let per_second = |number: f64| cost.seconds.map(|seconds| rounded(number / seconds));
        TotalView {
            armed: total.armed,
            needless: total.needless,
            needless_share: total.needless_share(cost.calls),
            tests: rounded(total.tests),
            tests_per_second: per_second(total.tests),
            instructions: rounded(total.instructions),
            instructions_per_second: per_second(total.instructions),
        }
    }
}

impl SyscallView {
    fn new(one: &SyscallCost) -> Self {
        SyscallView {
            arch: one.arch.common_name(),
            nr: one.nr,
            name: one.name,
            calls: one.calls,
            wanted: one.is_wanted,
            stock_armed: one.stock_armed,
            bitmap_armed: one.bitmap_armed,
            tests: rounded(one.tests),
            instructions: rounded(one.instructions),
        }
    }
}

impl CallView {
    fn new(call: &Call) -> Self {
        CallView { name: call.name.clone(), calls: call.count }
    }
}

/// Rounds to a tenth: an estimate is not more precise.
fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
