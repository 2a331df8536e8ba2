//! Limits that rules do not keep.

use super::text::count;
use crate::analysis::{Arming, Failure, Found, Gate, syscall_name};
use crate::catalog::Arch;

/// What a gate is called on the command line.
pub(in crate::report) fn gate_name(gate: &Gate) -> &'static str {
    match gate {
        Gate::DenyArm { .. } => "deny-arm",
        Gate::MaxArmed(_) => "max-armed",
        Gate::MaxWalk(_) => "max-walk",
        Gate::DenyStockArm => "deny-stock-arm",
    }
}

/// A gate that does not hold, as a sentence with the rule to blame.
pub fn failure_text(arming: &Arming, failure: &Failure) -> String {
    let rule = match failure.others {
        0 => failure.rule.to_string(),
        others => format!("{} and {others} more", failure.rule),
    };
    let of = arming.nr_syscalls;
    let because = match &failure.found {
        Found::InMask => format!("in the mask of {rule}"),
        Found::NoBitmap(counted) => {
            format!("{rule} on the {} list, so the bitmap is not used", counted.list.name())
        }
        Found::Armed(_) => format!("most by {rule}"),
        Found::Longest(_) => format!("too many from {} on", failure.rule),
        Found::Stock(_) => format!("{rule} counted"),
    };
    let what = match (&failure.gate, &failure.found) {
        (Gate::DenyArm { arch, nr }, _) => format!("{} is armed", spelled(*arch, *nr)),
        (Gate::MaxArmed(max), _) => {
            format!("{} of {of} syscalls are armed, {max} may be", arming.bitmap.armed_count)
        }
        (Gate::MaxWalk(max), Found::Longest(walk)) => format!(
            "{} tested for {}, {max} may be",
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
