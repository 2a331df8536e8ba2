//! The states that a machine can go back to, as a list.

use std::fmt::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::kept::Kept;
use super::text::count;
use crate::diag::escaped;

/// The states, the last first: `apply --undo` goes back to the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct States {
    /// The states.
    pub states: Vec<StateBefore>,
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
            time: time(kept.time),
            rules: kept.rules.len(),
            own_keys: kept.own_keys.clone(),
            is_before_boot: boot_id.is_some_and(|boot| boot != kept.boot_id),
        };
        States { states: kept.iter().map(state).collect() }
    }
}

/// Returns a time in seconds since 1970 as people read it. A clock can have a time for which there is no date.
fn time(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|second| Timestamp::from_second(second).ok());
    time.map_or_else(|| "after the year 9999".to_owned(), |time| time.to_string())
}

/// Writes the list.
///
/// # Errors
/// Those of `out`.
pub fn write_states(out: &mut impl Write, list: &States) -> fmt::Result {
    if list.states.is_empty() {
        return writeln!(
            out,
            "There are no rules to go back to: `apply` keeps those before a change."
        );
    }
    for (number, state) in (1..).zip(&list.states) {
        let StateBefore { time, rules, own_keys, is_before_boot } = state;
        write!(out, "{number}  before the change of {time}: {}", count(*rules, "rule"))?;
        if !own_keys.is_empty() {
            write!(out, ", only keys {}", escaped(&own_keys.join(",")))?;
        }
        writeln!(out, "{}", if *is_before_boot { ", before the last boot" } else { "" })?;
    }
    let next = if list.states.len() > 1 { ", and the next time to number 2" } else { "" };
    writeln!(out, "`rauditctl apply --undo` goes back to number 1{next}.")
}
