//! The settings that have another value than they should have.

use crate::rule::Control;
use crate::wire::Status;

/// A setting that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingChange {
    /// The request that gives it its value.
    pub control: Control,
    /// The value before.
    pub from: u32,
}

impl SettingChange {
    /// Returns the settings among `wanted` that a kernel of this status has with another value. `immutable` is whether its
    /// login uids are immutable, if that is known. Settings that lock others come last.
    pub fn between(status: &Status, immutable: Option<bool>, wanted: &[Control]) -> Vec<Self> {
        let changed = wanted.iter().filter_map(|control| {
            let from = value_of(control, status, immutable)?;
            (Some(from) != value(control)).then(|| SettingChange { control: control.clone(), from })
        });
        let mut changes: Vec<Self> = changed.collect();
        changes.sort_by_key(SettingChange::stage);
        changes
    }

    /// Returns when the setting is changed.
    pub fn stage(&self) -> Stage {
        match &self.control {
            control if control.locks() => Stage::Last,
            Control::LoginuidImmutable => Stage::Last,
            Control::Enabled(_) => Stage::AfterRules,
            _ => Stage::BeforeRules,
        }
    }

    /// Returns the name of the setting, as `-s` prints it.
    pub fn name(&self) -> &'static str {
        match self.control {
            Control::Enabled(_) => "enabled",
            Control::Failure(_) => "failure",
            Control::RateLimit(_) => "rate_limit",
            Control::BacklogLimit(_) => "backlog_limit",
            Control::BacklogWaitTime(_) => "backlog_wait_time",
            _ => "loginuid_immutable",
        }
    }

    /// Returns the new value.
    pub fn to(&self) -> u32 {
        value(&self.control).unwrap_or_default()
    }
}

/// When a setting is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Before the rules.
    BeforeRules,
    /// After the rules: recording is switched on or off.
    AfterRules,
    /// After everything else: it cannot be undone.
    Last,
}

fn value(control: &Control) -> Option<u32> {
    match *control {
        Control::Enabled(value)
        | Control::Failure(value)
        | Control::RateLimit(value)
        | Control::BacklogLimit(value)
        | Control::BacklogWaitTime(value) => Some(value),
        Control::LoginuidImmutable => Some(1),
        _ => None,
    }
}

fn value_of(control: &Control, status: &Status, immutable: Option<bool>) -> Option<u32> {
    match control {
        Control::Enabled(_) => Some(status.enabled),
        Control::Failure(_) => Some(status.failure),
        Control::RateLimit(_) => Some(status.rate_limit),
        Control::BacklogLimit(_) => Some(status.backlog_limit),
        Control::BacklogWaitTime(_) => Some(status.backlog_wait_time),
        Control::LoginuidImmutable => Some(immutable.map_or(0, u32::from)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_other_values_change_and_locks_come_last() {
        let status = Status { enabled: 1, backlog_limit: 64, ..Status::default() };
        let wanted = [
            Control::Enabled(2),
            Control::LoginuidImmutable,
            Control::BacklogLimit(8192),
            Control::Failure(0),
        ];
        let changes = SettingChange::between(&status, Some(true), &wanted);
        let names: Vec<_> = changes.iter().map(|one| (one.name(), one.from, one.to())).collect();
        assert_eq!(names, [("backlog_limit", 64, 8192), ("enabled", 1, 2)]);
        assert_eq!(changes[1].stage(), Stage::Last);
    }
}
