//! A comparison of two sets of rules.

use std::rc::Rc;

use serde::{Serialize, Serializer};

use super::views::GateFailure;
use crate::analysis::{Arming, Change, Comparison, Failure, Length, Origin, syscall_name};

/// What changes from one set of rules to another.
#[derive(Debug, Serialize)]
pub struct ComparisonReport<'a> {
    arch: &'static str,
    nr_syscalls: u32,
    diff: Diff<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_gates: Option<Vec<GateFailure>>,
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
    added: Causes<'a>,
    /// Rules of the old set.
    removed: Causes<'a>,
}

impl<'a> ComparisonReport<'a> {
    /// What changes from `old` to `new`.
    pub fn new(old: &Arming, new: &Arming, comparison: &'a Comparison) -> Self {
        let texts = [texts(&comparison.added), texts(&comparison.removed)];
        let changed = |changes: &'a [Change]| {
            changes.iter().map(|one| Changed::new(new, &texts, one)).collect()
        };
        let from_to = |of: fn(&Arming) -> usize| FromTo { old: of(old), new: of(new) };
        let [added, removed] = &texts;
        ComparisonReport {
            arch: new.arch.common_name(),
            nr_syscalls: new.nr_syscalls,
            diff: Diff {
                added: Rc::clone(added),
                removed: Rc::clone(removed),
                stock_armed: FromTo { old: old.stock.armed, new: new.stock.armed },
                armed_count: from_to(|arming| arming.bitmap.armed_count),
                newly_armed: changed(&comparison.newly_armed),
                no_longer_armed: changed(&comparison.disarmed),
                longer_walk: changed(&comparison.longer),
                shorter_walk: changed(&comparison.shorter),
            },
            failed_gates: None,
        }
    }

    /// With the gates that the new set does not keep.
    #[must_use]
    pub fn with_failures(mut self, new: &Arming, failures: &[Failure]) -> Self {
        self.failed_gates = Some(failures.iter().map(|one| GateFailure::new(new, one)).collect());
        self
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
            added: Causes { indexes: &change.added, texts: Rc::clone(added) },
            removed: Causes { indexes: &change.removed, texts: Rc::clone(removed) },
        }
    }
}

/// Rules as `file:line`, whose texts are made once for all syscalls.
#[derive(Debug)]
struct Causes<'a> {
    indexes: &'a [usize],
    texts: Rc<[String]>,
}

impl Serialize for Causes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.indexes.iter().filter_map(|&index| self.texts.get(index)))
    }
}

fn texts(origins: &[Origin]) -> Rc<[String]> {
    origins.iter().map(ToString::to_string).collect()
}

fn as_list<S: Serializer>(texts: &Rc<[String]>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts.iter())
}
