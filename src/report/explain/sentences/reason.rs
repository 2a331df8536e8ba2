//! Why a kernel arms syscalls or does not.

use crate::analysis::{Arming, Counted};

/// Returns why a stock kernel arms every syscall or none.
pub(in crate::report::explain) fn stock_reason(arming: &Arming) -> String {
    let Some(because) = &arming.stock.because else {
        return match arming.rules_held {
            0 => "no rule is loaded".to_owned(),
            _ => "no rule is counted: rules on the user, exclude and filesystem lists are not"
                .to_owned(),
        };
    };
    let tasks = match arming.spares_new_tasks() {
        Some(_) => "every task that already runs; later tasks are not audited",
        None => "every audited task",
    };
    let reason = format!(
        "{} is counted, and one counted rule arms every syscall of {tasks}",
        described(because)
    );
    if arming.bitmap.equal { reason } else { format!("{reason}; {}", bitmap_reason(arming)) }
}

/// Returns why a kernel with the bitmap arms the syscalls that it arms.
pub(in crate::report::explain) fn bitmap_reason(arming: &Arming) -> String {
    let counters = &arming.counters;
    if let [first, rest @ ..] = arming.bitmap.spoilers.as_slice() {
        let (verb, others) = match rest.len() {
            0 => ("is", String::new()),
            more => ("are", format!(" and {more} more")),
        };
        return format!(
            "{} of {} counted rules {verb} not on the exit list ({}{others}), so the bitmap is not \
             used and every syscall is armed",
            rest.len() + 1,
            counters.n_rules(),
            described(first),
        );
    }
    if let [first, rest @ ..] = arming.bitmap.arms_all.as_slice() {
        return match rest.len() {
            0 => format!("{first} has every syscall in its mask"),
            more => format!("{first} and {more} more have every syscall in their mask"),
        };
    }
    match counters.n_rules() {
        0 => "no rule is counted".to_owned(),
        1 => "the one counted rule is on the exit list, so the bitmap decides".to_owned(),
        more => format!("all {more} counted rules are on the exit list, so the bitmap decides"),
    }
}

/// Returns the reason of the stock kernel without that of the bitmap, where both are shown.
pub(in crate::report::explain) fn stock_summary(arming: &Arming) -> String {
    let reason = stock_reason(arming);
    match reason.split_once("; ") {
        Some((stock, _)) if !arming.bitmap.equal => stock.to_owned(),
        _ => reason,
    }
}

fn described(rule: &Counted) -> String {
    format!("{} on the {} list", rule.origin, rule.list.name())
}
