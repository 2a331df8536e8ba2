//! The states that a machine can go back to, as a list.

use std::fmt::{self, Write};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::kept::Kept;
use super::text::count;
use crate::diag::escaped;

/// The states, the last first: `apply --undo` goes back to the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct States {
    /// The states.
    pub states: Vec<StateBefore>,
    /// How the last change of `apply --confirm` has ended, if one has since the boot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_confirm: Option<Ending>,
}

/// How a change has ended that waited to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// When the change was made, in UTC.
    pub change: String,
    /// How it ended.
    pub end: ConfirmEnd,
    /// When it ended, in UTC.
    pub time: String,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The end of a change that waited to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfirmEnd {
    /// It stays.
    Kept,
    /// The rules before it came back.
    Undone,
    /// The rules before it could not all be restored.
    NotUndone,
}

/// Why `apply --keep` has kept nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotKept {
    /// Why, for people.
    pub reason: String,
    /// The time until the rules before come back, if a change still waits and a process goes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds_left: Option<u64>,
    /// How the last change has ended that waited, if none does now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_confirm: Option<Ending>,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ending { change, end, time, reason } = self;
        let end = match end {
            ConfirmEnd::Kept => "was kept",
            ConfirmEnd::Undone => "was undone",
            ConfirmEnd::NotUndone => "could not be undone",
        };
        write!(f, "the change of {change} {end} at {time}")?;
        match reason {
            Some(reason) => write!(f, ": {}", escaped(reason)),
            None => Ok(()),
        }
    }
}

/// What a kernel held before a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StateBefore {
    /// When the change was made, in UTC: `2026-11-20T08:00:00Z`.
    pub time: String,
    /// The number of rules, without those that the change left alone.
    pub rules: usize,
    /// The keys of the rules that the change was limited to; without any, all rules could change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub own_keys: Vec<String>,
    /// Whether the kernel was started again since.
    pub is_before_boot: bool,
}

impl States {
    /// Returns the list of some states. `boot_id` is the boot of the kernel that runs, if it is known.
    pub fn new(kept: &[Kept], boot_id: Option<&str>) -> Self {
        let state = |kept: &Kept| StateBefore {
            time: utc(kept.time),
            rules: kept.rules.len(),
            own_keys: kept.own_keys.clone(),
            is_before_boot: boot_id.is_some_and(|boot| boot != kept.boot_id),
        };
        States { states: kept.iter().map(state).collect(), last_confirm: None }
    }
}

/// Returns a time in seconds since 1970 as people read it. A clock can have a time for which there is no date.
pub fn utc(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|second| Timestamp::from_second(second).ok());
    time.map_or_else(|| "after the year 9999".to_owned(), |time| time.to_string())
}

/// Writes the list.
///
/// # Errors
/// Those of `out`.
pub fn write_states(out: &mut impl Write, list: &States) -> fmt::Result {
    if list.states.is_empty() {
        writeln!(out, "There are no rules to go back to: `apply` keeps those before a change.")?;
    }
    for (number, state) in (1..).zip(&list.states) {
        let StateBefore { time, rules, own_keys, is_before_boot } = state;
        write!(out, "{number}  before the change of {time}: {}", count(*rules, "rule"))?;
        if !own_keys.is_empty() {
            write!(out, ", only keys {}", escaped(&own_keys.join(",")))?;
        }
        writeln!(out, "{}", if *is_before_boot { ", before the last boot" } else { "" })?;
    }
    match list.states.len() {
        0 => {}
        1 => writeln!(out, "`rauditctl apply --undo` goes back to number 1.")?,
        _ => writeln!(
            out,
            "`rauditctl apply --undo` goes back to number 1, and the next time to number 2."
        )?,
    }
    match &list.last_confirm {
        Some(ending) => writeln!(out, "With --confirm, {ending}."),
        None => Ok(()),
    }
}
