//! Limits that the rules do not meet.

use super::count;
use crate::analysis::{Arming, Found, Gate, GateFailure, syscall_name};
use crate::catalog::Arch;

/// Returns the option of the gate, without its dashes.
pub(in crate::report::explain) fn gate_name(gate: &Gate) -> &'static str {
    match gate {
        Gate::DenyArm { .. } => "deny-arm",
        Gate::MaxArmed(_) => "max-armed",
        Gate::MaxWalk(_) => "max-walk",
        Gate::DenyStockArm => "deny-stock-arm",
    }
}

/// Returns a sentence about a gate that the rules do not meet, with the rule that causes it.
pub fn failure_text(arming: &Arming, failure: &GateFailure) -> String {
    let (rule, verb) = match failure.others {
        0 => (failure.rule.to_string(), "is"),
        others => (format!("{} and {others} more", failure.rule), "are"),
    };
    let of = arming.nr_syscalls;
    let because = match &failure.found {
        Found::InMask => format!("in the mask of {rule}"),
        Found::NoBitmap(counted) if failure.others == 0 => {
            format!("{rule} is on the {} list, so the bitmap is not used", counted.list.name())
        }
        Found::NoBitmap(_) => {
            format!("{rule} are not on the exit list, so the bitmap is not used")
        }
        Found::Armed(_) => format!("most of them by {rule}"),
        Found::Longest(_) => format!("exceeded from {} on", failure.rule),
        Found::Stock(_) => format!("{rule} {verb} counted"),
    };
    let what = match (&failure.gate, &failure.found) {
        (Gate::DenyArm { arch, nr }, _) => format!("{} is armed", spelled(*arch, *nr)),
        (Gate::MaxArmed(max), _) => {
            let armed = arming.bitmap.armed_count;
            format!("{armed} of {of} syscalls are armed, the limit is {max}")
        }
        (Gate::MaxWalk(max), Found::Longest(walk)) => format!(
            "{} tested for {}, the limit is {max}",
            count(walk.worst, "rule"),
            spelled(walk.arch, walk.nr)
        ),
        (Gate::MaxWalk(max), _) => format!("more than {max} rules are tested"),
        (Gate::DenyStockArm, _) => "a stock kernel arms every syscall".to_owned(),
    };
    format!("--{}: {what}: {because}", gate_name(&failure.gate))
}

fn spelled(arch: Arch, nr: u32) -> String {
    let arch_name = arch.common_name();
    match syscall_name(arch, nr) {
        Some(name) => format!("{name} of {arch_name} ({nr})"),
        None => format!("number {nr} of {arch_name}"),
    }
}
