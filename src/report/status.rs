//! Settings and counters as `auditctl -s` prints them.

use crate::wire::{FeatureSet, Status};

/// Returns the status, one setting or counter per line. `interpret` selects names for `enabled` and
/// `failure`.
pub fn status(status: &Status, interpret: bool) -> String {
    let (enabled, failure) = match interpret {
        true => (enabled_name(status.enabled).into(), failure_name(status.failure).into()),
        false => (status.enabled.to_string(), status.failure.to_string()),
    };
    let mut text = format!(
        "enabled {enabled}\nfailure {failure}\npid {}\nrate_limit {}\nbacklog_limit {}\nlost {}\n\
         backlog {}\nbacklog_wait_time {}\n",
        status.pid,
        status.rate_limit,
        status.backlog_limit,
        status.lost,
        status.backlog,
        status.backlog_wait_time,
    );
    if let Some(actual) = status.backlog_wait_time_actual {
        text += &format!("backlog_wait_time_actual {actual}\n");
    }
    text
}

/// Returns the features that the kernel knows.
pub fn features(features: &FeatureSet) -> String {
    let bit = FeatureSet::LOGINUID_IMMUTABLE;
    if features.mask & bit == 0 {
        return String::new();
    }
    let on = u32::from(features.features & bit != 0);
    let locked = if features.lock & bit != 0 { "locked" } else { "unlocked" };
    format!("loginuid_immutable {on} {locked}\n")
}

fn enabled_name(enabled: u32) -> &'static str {
    match enabled {
        0 => "disable",
        1 => "enabled",
        2 => "enabled+immutable",
        _ => "unknown",
    }
}

fn failure_name(failure: u32) -> &'static str {
    match failure {
        0 => "silent",
        1 => "printk",
        2 => "panic",
        _ => "unknown",
    }
}
