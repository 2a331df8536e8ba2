//! The result in one or two sentences for a reader who does not know the terms.

use super::count;
use crate::analysis::Analysis;

/// Returns what the rules mean for the programs of the machine.
pub(in crate::report::explain) fn in_short(analysis: &Analysis) -> String {
    let arming = &analysis.arming;
    if matches!(arming.enabled, Some((_, 0))) {
        return "After these rules are loaded, auditing is off, so they cost nothing until it is turned on.".to_owned();
    }
    if !arming.stock.armed {
        return match arming.rules_held {
            0 => "There are no rules, so system calls cost nothing more.".to_owned(),
            _ => "These rules do not concern system calls, so system calls cost nothing more."
                .to_owned(),
        };
    }
    let programs = match arming.spares_new_tasks() {
        Some(_) => "every program that runs already (later programs are not audited)",
        None => "every program",
    };
    let walks = analysis.walks();
    let longest = walks.longest().map_or(0, |walk| walk.worst);
    let work = match (longest, walks.hashed) {
        (0, hashed) => format!("compares the files that it named with {}", count(hashed, "rule")),
        (rules, _) => format!("tests up to {}", count(rules, "rule")),
    };
    let what = match arming.rules_held {
        1 => "This rule slows".to_owned(),
        more => format!("These {more} rules slow"),
    };
    let of = arming.nr_syscalls;
    let bitmap = match arming.bitmap.armed_count {
        armed if armed == of as usize => {
            "A kernel with the bitmap patch would do the same.".to_owned()
        }
        armed => format!(
            "A kernel with the bitmap patch would do so for {armed} of {of} system calls only."
        ),
    };
    format!(
        "{what} down every system call of {programs}: each time one ends, the kernel {work}. {bitmap}"
    )
}
