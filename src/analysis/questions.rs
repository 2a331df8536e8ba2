//! Everything that reports print about one set of rules, computed once.

use std::cell::OnceCell;

use super::arming::{Arming, arming};
use super::cost::{Calibration, Cost, cost};
use super::gate::{Gate, GateFailure, failures};
use super::inspect::{Inspection, inspect};
use super::load::Load;
use super::missing::{MissingSyscall, missing};
use super::narrow::{Narrowing, narrowing};
use super::walk::{Walks, walks};
use super::workload::Workload;
use crate::catalog::{Arch, KernelVersion};
use crate::model::Profile;

/// The optional parts of an [`Analysis`].
#[derive(Clone, Debug, Default)]
pub struct Questions {
    /// The version of the kernel, to find syscalls that it does not have.
    pub version: Option<KernelVersion>,
    /// The syscalls to inspect: the arch and number of each.
    pub syscalls: Option<Vec<(Arch, u32)>>,
    /// A workload to estimate the cost of the rules for.
    pub workload: Option<(Workload, Calibration)>,
    /// The limits that the rules must keep.
    pub gates: Vec<Gate>,
}

/// The effects and the cost of a set of rules on one kernel. Each part is computed once. Parts that take long and
/// that some reports do not print are computed when they are first needed.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The version of the kernel, if it is known.
    pub version: Option<KernelVersion>,
    /// The arming of the rules.
    pub arming: Arming,
    /// The inspected syscalls that the kernel has; `None` without [`Questions::syscalls`].
    pub inspections: Option<Vec<Inspection>>,
    /// The cost of the rules; `None` without [`Questions::workload`].
    pub cost: Option<Cost>,
    /// The gates that were checked.
    pub gates: Vec<Gate>,
    /// The gates that the rules do not meet.
    pub failures: Vec<GateFailure>,
    walks: OnceCell<Walks>,
    narrowing: OnceCell<Narrowing>,
    missing: OnceCell<Vec<MissingSyscall>>,
}

impl Analysis {
    /// Analyzes what `loads` do on the kernel of `profile`, which has no rules before.
    pub fn new(profile: Profile, loads: &[Load], questions: Questions) -> Self {
        Self::of(arming(profile, loads), questions)
    }

    /// Analyzes rules whose arming is known.
    pub fn of(arming: Arming, questions: Questions) -> Self {
        let Questions { version, syscalls, workload, gates } = questions;
        let mut analysis = Analysis {
            version,
            cost: workload.map(|(workload, calibration)| cost(&arming, &workload, &calibration)),
            arming,
            inspections: None,
            gates,
            failures: Vec::new(),
            walks: OnceCell::new(),
            narrowing: OnceCell::new(),
            missing: OnceCell::new(),
        };
        analysis.inspections = syscalls.map(|syscalls| analysis.inspected(&syscalls));
        if !analysis.gates.is_empty() {
            analysis.failures = failures(&analysis.arming, analysis.walks(), &analysis.gates);
        }
        analysis
    }

    fn inspected(&self, syscalls: &[(Arch, u32)]) -> Vec<Inspection> {
        let inspect = |(arch, nr): &_| inspect(&self.arming, self.walks(), *arch, *nr);
        syscalls.iter().filter_map(inspect).collect()
    }

    /// Returns how many rules the kernel tests for each syscall.
    pub fn walks(&self) -> &Walks {
        self.walks.get_or_init(|| walks(&self.arming))
    }

    /// Returns how to rewrite the rules that arm every syscall.
    pub fn narrowing(&self) -> &Narrowing {
        self.narrowing.get_or_init(|| narrowing(&self.arming))
    }

    /// Returns the syscalls of the rules that the kernel does not have.
    pub fn missing(&self) -> &[MissingSyscall] {
        self.missing.get_or_init(|| missing(&self.arming, self.version))
    }
}
