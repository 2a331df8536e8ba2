//! What rules cost before and after an optimization.

use std::collections::HashMap;

use serde::Serialize;

use super::{Offered, Optimization};
use crate::analysis::cost::{Cost, SyscallCost, Total, cost};
use crate::analysis::workload::{Call, Workload};
use crate::analysis::{Arming, walks};
use crate::catalog::Arch;
use crate::rewrite::optimize::Kind;

/// The syscalls whose cost is shown without a workload: from a call that nothing records to those that most sets record.
pub(crate) const SHOWN: [&str; 8] =
    ["getpid", "getppid", "read", "stat", "openat", "close", "connect", "execve"];

/// A figure before and after.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Both<T> {
    pub(super) before: T,
    pub(super) after: T,
}

/// What audit adds to a call that no rule matches, in instructions on the kind of kernel of the optimization.
pub(super) struct CallCost {
    /// The name, with that of another arch before it: `read`, `i386:read`.
    pub(super) syscall: String,
    /// The number of calls in the workload.
    pub(super) calls: Option<u64>,
    pub(super) instructions: Both<f64>,
}

/// The cost of a workload, in instructions.
pub(super) struct WorkloadCost {
    pub(super) calls: u64,
    pub(super) stock: Both<f64>,
    pub(super) bitmap: Both<f64>,
    /// Calls to names that are no syscalls of the kernel.
    pub(super) unknown: Vec<Call>,
}

/// The figures of an optimization.
pub(super) struct Costs {
    /// The syscalls that matter: those of the workload, the most expensive first, or else a few.
    pub(super) syscalls: Vec<CallCost>,
    pub(super) workload: Option<WorkloadCost>,
    /// The most rules that are tested for a call.
    pub(super) walk: Both<usize>,
    /// The number of armed syscalls on a stock kernel.
    pub(super) armed_stock: Both<usize>,
    /// The same on a kernel with the bitmap.
    pub(super) armed_bitmap: Both<usize>,
}

impl<T> Both<T> {
    fn of<S>(both: [&S; 2], figure: impl Fn(&S) -> T) -> Self {
        let [before, after] = both.map(figure);
        Both { before, after }
    }
}

impl Costs {
    /// Computes the figures.
    pub(super) fn of(optimization: &Optimization<'_>) -> Self {
        let sets = [optimization.before, optimization.after];
        let (syscalls, workload) = match optimization.workload {
            Some(workload) => {
                let (syscalls, workload) = of_workload(optimization, sets, workload);
                (syscalls, Some(workload))
            }
            None => (of_shown(optimization, sets), None),
        };
        Costs {
            syscalls,
            workload,
            walk: Both::of(sets, |set| walks(set).longest().map_or(0, |walk| walk.worst)),
            armed_stock: Both::of(
                sets,
                |set| {
                    if set.stock.armed { set.nr_syscalls as usize } else { 0 }
                },
            ),
            armed_bitmap: Both::of(sets, |set| set.bitmap.armed_count),
        }
    }
}

/// Returns what the calls of a workload cost with each set, for the kind of kernel of an optimization.
fn both_costs(
    optimization: &Optimization<'_>,
    sets: [&Arming; 2],
    workload: &Workload,
) -> [Cost; 2] {
    sets.map(|set| cost(set, workload, optimization.calibration))
}

impl Optimization<'_> {
    /// Returns what each shown syscall costs after the optimization, without and with a step that has a price.
    pub(super) fn costs_with(&self, offered: &Offered) -> Vec<CallCost> {
        of_shown(self, [self.after, &offered.after])
    }

    /// Returns the syscall that becomes cheaper by the largest part if a step with a price is made too.
    pub(super) fn best_of(&self, offered: &Offered) -> Option<CallCost> {
        let costs = self.costs_with(offered).into_iter();
        let cheaper = costs.filter(|cost| cost.instructions.after < cost.instructions.before);
        let part = |cost: &CallCost| cost.instructions.after / cost.instructions.before;
        cheaper.min_by(|one, other| part(one).total_cmp(&part(other)))
    }

    /// Returns the total for the kind of kernel.
    fn total<'c>(&self, cost: &'c Cost) -> &'c Total {
        match self.kind {
            Kind::Bitmap => &cost.bitmap,
            _ => &cost.stock,
        }
    }

    /// Returns whether the kind of kernel arms a syscall.
    fn arms(&self, one: &SyscallCost) -> bool {
        match self.kind {
            Kind::Bitmap => one.bitmap_armed,
            _ => one.stock_armed,
        }
    }
}

fn of_shown(optimization: &Optimization<'_>, sets: [&Arming; 2]) -> Vec<CallCost> {
    let shown = SHOWN.into_iter().filter_map(|syscall| {
        let calls = vec![Call { name: syscall.to_owned(), count: 1 }];
        let costs = both_costs(optimization, sets, &Workload { calls, seconds: None });
        let [before, after] = costs.each_ref();
        (before.calls > 0).then(|| CallCost {
            syscall: syscall.to_owned(),
            calls: None,
            instructions: Both::of([before, after], |cost| optimization.total(cost).instructions),
        })
    });
    shown.collect()
}

fn of_workload(
    optimization: &Optimization<'_>,
    sets: [&Arming; 2],
    workload: &Workload,
) -> (Vec<CallCost>, WorkloadCost) {
    let [before, after] = both_costs(optimization, sets, workload);
    let later: HashMap<(Arch, u32), &SyscallCost> =
        after.syscalls.iter().map(|one| ((one.arch, one.nr), one)).collect();
    let native = optimization.before.arch;
    let syscalls = before.syscalls.iter().filter_map(|one| {
        let name = one.name.map_or_else(|| one.nr.to_string(), str::to_owned);
        Some(CallCost {
            syscall: match one.arch == native {
                true => name,
                false => format!("{}:{name}", one.arch.common_name()),
            },
            calls: Some(one.calls),
            instructions: Both::of([one, *later.get(&(one.arch, one.nr))?], |one| {
                if optimization.arms(one) { one.instructions } else { 0.0 }
            }),
        })
    });
    let whole = WorkloadCost {
        calls: before.calls,
        stock: Both::of([&before, &after], |cost| cost.stock.instructions),
        bitmap: Both::of([&before, &after], |cost| cost.bitmap.instructions),
        unknown: before.unknown.clone(),
    };
    (syscalls.collect(), whole)
}
