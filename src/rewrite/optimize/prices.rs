//! What sets of rules cost a workload on a stock kernel.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draft::Optimal;
use crate::analysis::cost::{Calibration, cost};
use crate::analysis::workload::Workload;
use crate::analysis::{Arming, Load, Origin, arming};
use crate::catalog::Arch;
use crate::rule::Request;

/// Half an instruction: costs that differ by less are the same.
const SAME: f64 = 0.5;

/// Estimates the cost of rules for a workload.
pub(super) struct Prices<'p> {
    source: &'p Arming,
    workload: &'p Workload,
    calibration: &'p Calibration,
    syscalls: Vec<(Arch, u32)>,
}

impl<'p> Prices<'p> {
    pub(super) fn new(
        source: &'p Arming,
        workload: &'p Workload,
        calibration: &'p Calibration,
    ) -> Self {
        let (numbered, _) = workload.numbered(source);
        let syscalls = numbered.into_keys().collect();
        Prices { source, workload, calibration, syscalls }
    }

    /// Returns the syscalls of the workload.
    pub(super) fn syscalls(&self) -> &[(Arch, u32)] {
        &self.syscalls
    }

    /// Returns what the source costs.
    pub(super) fn of_source(&self) -> Costs {
        self.of_arming(self.source)
    }

    /// Returns what rules cost.
    pub(super) fn of(&self, rules: &[Optimal]) -> Costs {
        let origin = Origin { file: Arc::from(""), line: 0 };
        let load =
            |optimal: &Optimal| Load::new(origin.clone(), Request::Add(optimal.rule.clone()));
        let loads: Vec<Load> = rules.iter().map(load).collect();
        self.of_arming(&arming(self.source.kernel().profile(), &loads))
    }

    fn of_arming(&self, arming: &Arming) -> Costs {
        let cost = cost(arming, self.workload, self.calibration);
        let calls = cost.syscalls.iter().map(|one| ((one.arch, one.nr), one.instructions));
        Costs { total: cost.stock.instructions, calls: calls.collect() }
    }
}

/// What rules cost, in instructions.
pub(super) struct Costs {
    /// For all calls of the workload.
    pub(super) total: f64,
    /// For one call of each syscall.
    calls: BTreeMap<(Arch, u32), f64>,
}

impl Costs {
    /// Returns whether no syscall costs more than in `limit`, except for those of `exempt`.
    pub(super) fn is_within(&self, limit: &Costs, exempt: &[(Arch, u32)]) -> bool {
        let limit_of = |syscall| limit.calls.get(syscall).copied().unwrap_or_default();
        let mut calls = self.calls.iter();
        calls.all(|(syscall, cost)| exempt.contains(syscall) || *cost <= limit_of(syscall) + SAME)
    }
}
