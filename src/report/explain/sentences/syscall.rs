//! Which rule wins for a syscall.

use super::{OriginNames, shortened};
use crate::analysis::{Candidate, Inspection, Obstacle, Verdict};

/// The maximum number of possible winners in a sentence. The others are counted.
const CONTENDERS_SHOWN: usize = 4;

/// Returns why the rule never matches.
pub(in crate::report::explain) fn obstacle_text(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Arch => "for another arch",
        Obstacle::Perm => "its perm never matches this syscall",
    }
}

/// Returns the rule that decides about the calls of a syscall.
pub(in crate::report::explain) fn winner(inspection: &Inspection) -> String {
    let contenders: Vec<&Candidate> = inspection.contenders().collect();
    let Some((last, before)) = contenders.split_last() else {
        return "no rule: nothing is recorded".to_owned();
    };
    let (possible, otherwise) = match last.verdict {
        Verdict::Always => (before, format!("{} ({})", last.origin, last.rule.action.name())),
        _ => (contenders.as_slice(), "no rule".to_owned()),
    };
    let mut names = OriginNames::default();
    let names = possible
        .iter()
        .map(|one| format!("{} ({})", names.next(&one.origin), one.rule.action.name()));
    let names = shortened(names, possible.len(), CONTENDERS_SHOWN);
    match possible.len() {
        0 => format!("always {otherwise}"),
        1 => format!("{names} if its fields match; otherwise {otherwise}"),
        _ => format!("the first of these whose fields match: {names}; otherwise {otherwise}"),
    }
}
