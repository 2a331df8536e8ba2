//! `--explain-bitmap` as JSON: `docs/schema/explain.schema.json` describes it. Field names are stable; new
//! ones may be added.

mod compare;
mod cost;
mod views;

pub use compare::ComparisonReport;

use std::rc::Rc;

use serde::{Serialize, Serializer};

use super::explain_notes::notes;
use super::explain_reason::{bitmap_reason, stock_reason};
use crate::analysis::cost::{Calibration, Cost};
use crate::analysis::{
    ArmedSyscall, Arming, Failure, Inspection, RuleGroup, Walks, missing, narrowing, walks,
};
use crate::catalog::KernelVersion;
use crate::model::Refusal;
use cost::CostView;
use views::{GateFailure, Inspected, Missing, Narrowed, WalkView};

/// The explanation of one target.
#[derive(Debug, Serialize)]
pub struct Explanation<'a> {
    arch: &'static str,
    nr_syscalls: u32,
    counters: Counters,
    stock: Stock,
    bitmap: Bitmap<'a>,
    refused: Vec<Refused>,
    kernel: Option<String>,
    rules_held: usize,
    narrowing: Narrowed,
    walk: WalkView,
    missing: Vec<Missing>,
    notes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inspected: Option<Vec<Inspected>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_gates: Option<Vec<GateFailure>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<CostView>,
}

/// What the kernel counts.
#[derive(Debug, Serialize)]
struct Counters {
    n_rules: u32,
    n_syscall_rules: u32,
}

/// A kernel without the bitmap.
#[derive(Debug, Serialize)]
struct Stock {
    armed: bool,
    reason: String,
}

/// A kernel with the bitmap. `syscalls` are those with a count; when `armed_count` is greater, the
/// kernel does not use the bitmap, and `reason` says why.
#[derive(Debug, Serialize)]
struct Bitmap<'a> {
    armed_count: usize,
    reason: String,
    syscalls: Vec<Syscall<'a>>,
}

/// A syscall number with a count.
#[derive(Debug, Serialize)]
struct Syscall<'a> {
    nr: u32,
    name: Option<&'static str>,
    compat_name: Option<&'static str>,
    rules: usize,
    #[serde(rename = "where")]
    places: Places<'a>,
}

/// A rule that the kernel refused, and that is not counted.
#[derive(Debug, Serialize)]
struct Refused {
    #[serde(rename = "where")]
    place: String,
    errno: i32,
    reason: String,
}

impl<'a> Explanation<'a> {
    /// What `arming` found.
    pub fn new(arming: &'a Arming) -> Self {
        Self::on_kernel(arming, &walks(arming), None)
    }

    /// What `arming` found on a kernel of this version, with the walks there.
    pub fn on_kernel(arming: &'a Arming, walks: &Walks, version: Option<KernelVersion>) -> Self {
        let texts: Rc<[String]> = arming.loads().map(|origin| origin.to_string()).collect();
        let syscalls = arming.bitmap.syscalls.iter();
        let missing = missing(arming, version);
        let refused = |(origin, refusal): &(_, Refusal)| Refused {
            place: format!("{origin}"),
            errno: refusal.errno(),
            reason: refusal.to_string(),
        };
        Explanation {
            arch: arming.arch.common_name(),
            nr_syscalls: arming.nr_syscalls,
            counters: Counters {
                n_rules: arming.counters.n_rules(),
                n_syscall_rules: arming.counters.n_syscall_rules(),
            },
            stock: Stock { armed: arming.stock.armed, reason: stock_reason(arming) },
            bitmap: Bitmap {
                armed_count: arming.bitmap.armed_count,
                reason: bitmap_reason(arming),
                syscalls: syscalls.map(|one| syscall(one, &texts)).collect(),
            },
            refused: arming.refused.iter().map(refused).collect(),
            kernel: version.map(|version| version.to_string()),
            rules_held: arming.rules_held,
            narrowing: Narrowed::new(arming, &narrowing(arming)),
            walk: WalkView::new(walks),
            missing: missing.iter().map(Missing::new).collect(),
            notes: notes(arming, &missing),
            inspected: None,
            failed_gates: None,
            cost: None,
        }
    }

    /// With a syscall looked into.
    #[must_use]
    pub fn with_inspections(mut self, arming: &Arming, inspections: &[Inspection<'_>]) -> Self {
        self.inspected = Some(inspections.iter().map(|one| Inspected::new(arming, one)).collect());
        self
    }

    /// With what a workload pays.
    #[must_use]
    pub fn with_cost(mut self, cost: &Cost, calibration: &Calibration) -> Self {
        self.cost = Some(CostView::new(cost, calibration));
        self
    }

    /// With the gates that do not hold.
    #[must_use]
    pub fn with_failures(mut self, arming: &Arming, failures: &[Failure]) -> Self {
        self.failed_gates =
            Some(failures.iter().map(|one| GateFailure::new(arming, one)).collect());
        self
    }
}

fn syscall<'a>(syscall: &'a ArmedSyscall, texts: &Rc<[String]>) -> Syscall<'a> {
    Syscall {
        nr: syscall.nr,
        name: syscall.name,
        compat_name: syscall.compat_name,
        rules: syscall.rules.members().len(),
        places: Places { group: &syscall.rules, texts: Rc::clone(texts) },
    }
}

/// Where the rules of a group were written, as `file:line`. The texts are made once for all groups:
/// a thousand rules may stand at each of hundreds of syscalls.
#[derive(Debug)]
struct Places<'a> {
    group: &'a RuleGroup,
    /// By load.
    texts: Rc<[String]>,
}

impl Serialize for Places<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members = self.group.members().iter();
        serializer.collect_seq(members.filter_map(|&load| self.texts.get(load)))
    }
}
