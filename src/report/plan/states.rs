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
    /// The states whose files cannot be used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unusable: Vec<UnusableState>,
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
        write!(f, "the change of {} {end} at {}", escaped(change), escaped(time))?;
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

/// A state whose file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnusableState {
    /// Its number among all states, from 1: the last is the first.
    pub number: usize,
    /// The file.
    pub file: String,
    /// Why, for people.
    pub reason: String,
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
        States { states: kept.iter().map(state).collect(), ..States::default() }
    }

    /// Returns whether there is no state.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty() && self.unusable.is_empty()
    }

    /// Returns whether `apply --undo` can go back: to the first state, and to no other.
    pub fn can_go_back(&self) -> bool {
        self.can_be_used(1)
    }

    fn can_be_used(&self, number: usize) -> bool {
        number <= self.states.len() + self.unusable.len()
            && self.unusable.iter().all(|one| one.number != number)
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
    let all = list.states.len() + list.unusable.len();
    if list.is_empty() {
        writeln!(out, "There are no rules to go back to: `apply` keeps those before a change.")?;
    }
    let mut states = list.states.iter();
    for number in 1..=all {
        match list.unusable.iter().find(|one| one.number == number) {
            Some(UnusableState { file, reason, .. }) => {
                writeln!(out, "{number}  cannot be used: `{}`: {}", escaped(file), escaped(reason))?
            }
            None => states.next().map_or(Ok(()), |state| write_state(out, number, state))?,
        }
    }
    match (list.is_empty(), list.can_go_back(), list.can_be_used(2)) {
        (true, ..) => {}
        (false, false, _) => writeln!(
            out,
            "`rauditctl apply --undo` cannot go back to number 1. Without its file, it goes back to the next number."
        )?,
        (false, true, false) => writeln!(out, "`rauditctl apply --undo` goes back to number 1.")?,
        (false, true, true) => writeln!(
            out,
            "`rauditctl apply --undo` goes back to number 1, and the next time to number 2."
        )?,
    }
    match &list.last_confirm {
        Some(ending) => writeln!(out, "With --confirm, {ending}."),
        None => Ok(()),
    }
}

fn write_state(out: &mut impl Write, number: usize, state: &StateBefore) -> fmt::Result {
    let StateBefore { time, rules, own_keys, is_before_boot } = state;
    write!(out, "{number}  before the change of {time}: {}", count(*rules, "rule"))?;
    if !own_keys.is_empty() {
        write!(out, ", only keys {}", escaped(&own_keys.join(",")))?;
    }
    writeln!(out, "{}", if *is_before_boot { ", before the last boot" } else { "" })
}
