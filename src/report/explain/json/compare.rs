//! What changes from one set of rules to another.

use std::rc::Rc;

use serde::{Serialize, Serializer};

use super::OriginList;
use super::views::{FailedGate, failed_gates};
use crate::analysis::{
    Arming, Change, Changes, Comparison, Length, Origin, RecordedChange, syscall_name,
};

/// The report of a [`Comparison`].
#[derive(Debug, Serialize)]
pub struct ComparisonReport<'a> {
    arch: &'static str,
    nr_syscalls: u32,
    diff: Diff<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_gates: Option<Vec<FailedGate>>,
}

#[derive(Debug, Serialize)]
struct Diff<'a> {
    #[serde(serialize_with = "as_list")]
    added: Rc<[String]>,
    #[serde(serialize_with = "as_list")]
    removed: Rc<[String]>,
    stock_armed: FromTo<bool>,
    armed_count: FromTo<usize>,
    newly_armed: Vec<Changed<'a>>,
    no_longer_armed: Vec<Changed<'a>>,
    longer_walk: Vec<Changed<'a>>,
    shorter_walk: Vec<Changed<'a>>,
    mixed_walk: Vec<Changed<'a>>,
    recorded: Vec<Recorded>,
}

/// The syscalls of an arch that only one set can record.
#[derive(Debug, Serialize)]
struct Recorded {
    arch: &'static str,
    gained: Vec<Named>,
    lost: Vec<Named>,
}

/// A syscall of an arch.
#[derive(Debug, Serialize)]
struct Named {
    nr: u32,
    name: Option<&'static str>,
}

impl Recorded {
    fn new(change: &RecordedChange) -> Self {
        let arch = change.arch;
        let named = |numbers: &[u32]| {
            numbers.iter().map(|&nr| Named { nr, name: syscall_name(arch, nr) }).collect()
        };
        Recorded {
            arch: arch.common_name(),
            gained: named(&change.gained),
            lost: named(&change.lost),
        }
    }
}

#[derive(Debug, Serialize)]
struct FromTo<T> {
    old: T,
    new: T,
}

/// A syscall number that differs.
#[derive(Debug, Serialize)]
struct Changed<'a> {
    nr: u32,
    name: Option<&'static str>,
    compat_name: Option<&'static str>,
    worst: FromTo<usize>,
    fields: FromTo<usize>,
    /// Rules of the new set.
    added: OriginList<'a>,
    /// Rules of the old set.
    removed: OriginList<'a>,
}

impl<'a> ComparisonReport<'a> {
    /// Returns the report of `comparison`.
    pub fn new(comparison: &'a Comparison) -> Self {
        let Comparison { old, new, changes, gates, failures } = comparison;
        ComparisonReport {
            arch: new.arch.common_name(),
            nr_syscalls: new.nr_syscalls,
            diff: Diff::new(old, new, changes),
            failed_gates: failed_gates(new, gates, failures),
        }
    }
}

impl<'a> Diff<'a> {
    fn new(old: &Arming, new: &Arming, changes: &'a Changes) -> Self {
        let origins = [texts(&changes.added), texts(&changes.removed)];
        let changed =
            |part: &'a [Change]| part.iter().map(|one| Changed::new(new, &origins, one)).collect();
        let [added, removed] = &origins;
        Diff {
            added: Rc::clone(added),
            removed: Rc::clone(removed),
            stock_armed: FromTo { old: old.stock.armed, new: new.stock.armed },
            armed_count: FromTo { old: old.bitmap.armed_count, new: new.bitmap.armed_count },
            newly_armed: changed(&changes.newly_armed),
            no_longer_armed: changed(&changes.disarmed),
            longer_walk: changed(&changes.longer),
            shorter_walk: changed(&changes.shorter),
            mixed_walk: changed(&changes.mixed),
            recorded: changes.recorded.iter().map(Recorded::new).collect(),
        }
    }
}

impl<'a> Changed<'a> {
    fn new(arming: &Arming, [added, removed]: &[Rc<[String]>; 2], change: &'a Change) -> Self {
        let from_to =
            |of: fn(&Length) -> usize| FromTo { old: of(&change.before), new: of(&change.after) };
        Changed {
            nr: change.nr,
            name: syscall_name(arming.arch, change.nr),
            compat_name: arming.arch.compat().and_then(|arch| syscall_name(arch, change.nr)),
            worst: from_to(|length| length.rules),
            fields: from_to(|length| length.fields),
            added: OriginList { indexes: &change.added, origins: Rc::clone(added) },
            removed: OriginList { indexes: &change.removed, origins: Rc::clone(removed) },
        }
    }
}

fn texts(origins: &[Origin]) -> Rc<[String]> {
    origins.iter().map(ToString::to_string).collect()
}

fn as_list<S: Serializer>(texts: &Rc<[String]>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts.iter())
}
