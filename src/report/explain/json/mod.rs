//! `explain` as JSON: `docs/schema/explain.schema.json` describes it. Member names are stable; new
//! members may be added.

mod compare;
mod cost;
mod views;

pub use compare::ComparisonReport;

use std::rc::Rc;

use serde::{Serialize, Serializer};

use super::sentences::notes::notes;
use super::sentences::reason::{bitmap_reason, stock_reason};
use crate::analysis::{Analysis, ArmedSyscall, Arming, Origin};
use crate::model::Refusal;
use cost::CostView;
use views::{FailedGate, Inspected, Missing, Narrowed, WalkView, failed_gates, inspected};

/// The report of an [`Analysis`].
#[derive(Debug, Serialize)]
pub struct AnalysisReport<'a> {
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
    failed_gates: Option<Vec<FailedGate>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<CostView>,
}

/// The kernel's rule counters.
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

/// A kernel with the bitmap. `syscalls` are the numbers in masks. If `armed_count` is greater than
/// their number, the kernel does not use the bitmap, and `reason` explains why.
#[derive(Debug, Serialize)]
struct Bitmap<'a> {
    armed_count: usize,
    reason: String,
    syscalls: Vec<Syscall<'a>>,
}

/// A syscall number in a mask.
#[derive(Debug, Serialize)]
struct Syscall<'a> {
    nr: u32,
    name: Option<&'static str>,
    compat_name: Option<&'static str>,
    rules: usize,
    #[serde(rename = "where")]
    origins: OriginList<'a>,
}

/// A rule that the kernel refused and does not count.
#[derive(Debug, Serialize)]
struct Refused {
    #[serde(rename = "where")]
    origin: String,
    errno: i32,
    reason: String,
}

impl<'a> AnalysisReport<'a> {
    /// Returns the report of `analysis`.
    pub fn new(analysis: &'a Analysis) -> Self {
        let arming = &analysis.arming;
        AnalysisReport {
            arch: arming.arch.common_name(),
            nr_syscalls: arming.nr_syscalls,
            counters: Counters {
                n_rules: arming.counters.n_rules(),
                n_syscall_rules: arming.counters.n_syscall_rules(),
            },
            stock: Stock { armed: arming.stock.armed, reason: stock_reason(arming) },
            bitmap: Bitmap::new(arming),
            refused: arming.refused.iter().map(Refused::new).collect(),
            kernel: analysis.version.map(|version| version.to_string()),
            rules_held: arming.rules_held,
            narrowing: Narrowed::new(analysis),
            walk: WalkView::new(analysis.walks()),
            missing: analysis.missing().iter().map(Missing::new).collect(),
            notes: notes(analysis),
            inspected: analysis.inspections.as_deref().map(|found| inspected(arming, found)),
            failed_gates: failed_gates(arming, &analysis.gates, &analysis.failures),
            cost: analysis.cost.as_ref().map(CostView::new),
        }
    }
}

impl<'a> Bitmap<'a> {
    fn new(arming: &'a Arming) -> Self {
        let origins: Rc<[String]> = arming.loads().map(ToString::to_string).collect();
        let syscalls = arming.bitmap.syscalls.iter();
        Bitmap {
            armed_count: arming.bitmap.armed_count,
            reason: bitmap_reason(arming),
            syscalls: syscalls.map(|one| Syscall::new(one, &origins)).collect(),
        }
    }
}

impl<'a> Syscall<'a> {
    fn new(syscall: &'a ArmedSyscall, origins: &Rc<[String]>) -> Self {
        let rules = syscall.rules.members();
        Syscall {
            nr: syscall.nr,
            name: syscall.name,
            compat_name: syscall.compat_name,
            rules: rules.len(),
            origins: OriginList { indexes: rules, origins: Rc::clone(origins) },
        }
    }
}

impl Refused {
    fn new((origin, refusal): &(Origin, Refusal)) -> Self {
        Refused { origin: origin.to_string(), errno: refusal.errno(), reason: refusal.to_string() }
    }
}

/// Some of the rules, as a list of `file:line`. All lists share the texts: thousands of rules can
/// arm each of hundreds of syscalls.
#[derive(Debug)]
struct OriginList<'a> {
    /// Indexes into `origins`.
    indexes: &'a [usize],
    origins: Rc<[String]>,
}

impl Serialize for OriginList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.indexes.iter().filter_map(|&index| self.origins.get(index)))
    }
}
