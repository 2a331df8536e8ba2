//! What a kernel lacks after it could not be restored, line by line.

use std::fmt::Display;

use crate::apply::{Difference, RestoreError, Unrestored};
use crate::report::listing::{Listing, Style};
use crate::rule::{Control, Rule};

/// Returns a line for each rule and setting that is not as it was.
pub(super) fn unrestored(error: &RestoreError, style: Style<'_>) -> Vec<String> {
    let (RestoreError::Locked(difference) | RestoreError::Different(difference)) = error else {
        return Vec::new();
    };
    let Difference { missing, surplus, is_reordered, settings } = difference;
    let rule = |found: &Unrestored<Rule>| {
        let text = Listing::of(style, [&found.what]);
        with_reason(String::from_utf8_lossy(&text).trim_end(), found)
    };
    let missing = missing.iter().map(|found| format!("missing: {}", rule(found)));
    let surplus = surplus.iter().map(|found| format!("not removed: {}", rule(found)));
    let order = is_reordered.then(|| "the rules are in another order".to_owned());
    let settings = settings
        .iter()
        .map(|found| format!("not restored: {}", with_reason(option(&found.what), found)));
    missing.chain(surplus).chain(order).chain(settings).collect()
}

fn with_reason<T>(what: impl Display, found: &Unrestored<T>) -> String {
    match found.refusal {
        Some(errno) => format!("{what} ({errno})"),
        None => what.to_string(),
    }
}

/// Returns the setting as an option.
fn option(control: &Control) -> String {
    match control {
        Control::Enabled(value) => format!("-e {value}"),
        Control::Failure(value) => format!("-f {value}"),
        Control::RateLimit(value) => format!("-r {value}"),
        Control::BacklogLimit(value) => format!("-b {value}"),
        Control::BacklogWaitTime(value) => format!("--backlog_wait_time {value}"),
        // Only settings are restored.
        _ => String::new(),
    }
}
