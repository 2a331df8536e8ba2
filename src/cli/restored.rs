//! What a kernel lacks after it could not be restored, or after a change that it accepted, line by line.

use std::fmt::Display;

use crate::apply::{Difference, NotHeld, RestoreError, Unrestored};
use crate::diag::escaped;
use crate::report::listing::{Listing, Style};
use crate::rule::{Control, Rule};

/// Returns a line for each rule and setting that is not as it was.
pub(super) fn unrestored(error: &RestoreError, style: Style<'_>) -> Vec<String> {
    let (RestoreError::Locked(difference) | RestoreError::Different(difference)) = error else {
        return Vec::new();
    };
    let Difference { missing, surplus, is_reordered, settings } = difference;
    let rule = |found: &Unrestored<Rule>| with_reason(listed(style, &found.what), found);
    let missing = missing.iter().map(|found| format!("missing: {}", rule(found)));
    let surplus = surplus.iter().map(|found| format!("not removed: {}", rule(found)));
    let order = is_reordered.then(|| "the rules are in another order".to_owned());
    let settings = settings
        .iter()
        .map(|found| format!("not restored: {}", with_reason(option(&found.what), found)));
    missing.chain(surplus).chain(order).chain(settings).collect()
}

/// Returns what is wrong, and a line for each rule that is missing or not expected.
pub(super) fn not_held(found: &NotHeld, style: Style<'_>) -> (&'static str, Vec<String>) {
    if found.missing.is_empty() && found.surplus.is_empty() {
        let text = "the kernel has the rules in another order: another program changes them too";
        return (text, Vec::new());
    }
    let lines = |what, rules: &[Rule]| -> Vec<String> {
        rules.iter().map(|rule| format!("{what}: {}", listed(style, rule))).collect()
    };
    let missing = lines("missing", &found.missing);
    let all = [missing, lines("not expected", &found.surplus)].concat();
    ("the kernel accepted the rules, but has others now", all)
}

/// Returns a rule as messages show it.
pub(super) fn listed(style: Style<'_>, rule: &Rule) -> String {
    let text = Listing::of(style, [rule]);
    escaped(&String::from_utf8_lossy(text.trim_ascii_end())).into_owned()
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
