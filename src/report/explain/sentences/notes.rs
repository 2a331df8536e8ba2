//! Results that are easy to miss.

use super::shortened;
use crate::analysis::{Analysis, ArmedSyscall, Arming, MissingSyscall};
use crate::catalog::Arch;

/// The maximum number of notes of a kind. More findings share one note.
const MOST_OF_A_KIND: usize = 4;
/// The maximum number of examples in a shared note.
const EXAMPLES: usize = 4;

/// Returns the notes, one sentence each.
pub(in crate::report::explain) fn notes(analysis: &Analysis) -> Vec<String> {
    let arming = &analysis.arming;
    let mut notes = Vec::new();
    if let Some((origin, 0)) = &arming.enabled {
        notes.push(format!(
            "{origin} turns auditing off (-e 0): nothing is armed until it is turned on again"
        ));
    }
    if let Some(origin) = arming.spares_new_tasks() {
        notes.push(format!(
            "{origin} keeps every task that starts later out of syscall auditing: no rule records its syscalls, and \
             they cost less than without any rule (323 instead of 485 instructions on Linux 6.1); tasks that already \
             run are armed"
        ));
    }
    note_bystanders(&mut notes, arming);
    note_idle(&mut notes, arming);
    note_missing(&mut notes, analysis.missing());
    for (origin, refusal) in &arming.refused {
        notes.push(format!("{origin} is refused by the kernel and not counted: {refusal}"));
    }
    notes
}

/// Notes rules without a syscall of this kernel.
fn note_idle(notes: &mut Vec<String>, arming: &Arming) {
    let (verb, mask) = match arming.idle.len() {
        0 => return,
        1 => ("arms", "its mask has"),
        _ => ("arm", "their masks have"),
    };
    notes.push(format!(
        "{} {verb} nothing: {mask} no number below {}",
        shortened(arming.idle.iter(), arming.idle.len(), EXAMPLES),
        arming.nr_syscalls,
    ));
}

/// Notes syscalls of the rules that the kernel does not have.
fn note_missing(notes: &mut Vec<String>, missing: &[MissingSyscall]) {
    if missing.len() > MOST_OF_A_KIND {
        let first = missing.iter().find_map(|one| one.rules.first());
        let first = first.map(ToString::to_string).unwrap_or_default();
        return notes.push(format!(
            "the rules, beginning with {first}, name {} syscalls that this kernel does not have: {}",
            missing.len(),
            shortened(missing.iter().map(missing_name), missing.len(), EXAMPLES),
        ));
    }
    notes.extend(missing.iter().map(|one| {
        let rules = shortened(one.rules.iter(), one.rules.len(), EXAMPLES);
        let verb = if one.rules.len() == 1 { "names" } else { "name" };
        format!("{rules} {verb} a syscall that this kernel does not have: {}", missing_name(one))
    }));
}

/// Returns `fchmodat2 of x86_64 (452, since Linux 6.6)`.
fn missing_name(syscall: &MissingSyscall) -> String {
    let MissingSyscall { arch, nr, name, since, .. } = syscall;
    let arch = arch.common_name();
    let since = since.map(|since| format!("since Linux {since}"));
    match (name, since) {
        (Some(name), Some(since)) => format!("{name} of {arch} ({nr}, {since})"),
        (Some(name), None) => format!("{name} of {arch} ({nr})"),
        (None, _) => format!("number {nr} of {arch}"),
    }
}

/// Notes syscalls that are armed only because a syscall of another arch has the same number.
fn note_bystanders(notes: &mut Vec<String>, arming: &Arming) {
    note_bystanders_on(notes, arming, arming.arch, ArmedSyscall::native_bystander);
    if let Some(compat) = arming.arch.compat() {
        note_bystanders_on(notes, arming, compat, ArmedSyscall::compat_bystander);
    }
}

fn note_bystanders_on(
    notes: &mut Vec<String>,
    arming: &Arming,
    arch: Arch,
    bystander: impl Fn(&ArmedSyscall) -> Option<&'static str>,
) {
    let arch = arch.common_name();
    let syscalls = arming.bitmap.syscalls.iter();
    let found: Vec<(u32, &str)> =
        syscalls.filter_map(|syscall| Some((syscall.nr, bystander(syscall)?))).collect();
    if found.len() <= MOST_OF_A_KIND {
        notes.extend(found.iter().map(|(nr, name)| {
            format!("number {nr} is also {name} on {arch}: the mask ignores the arch")
        }));
        return;
    }
    let examples = found.iter().map(|(nr, name)| format!("{nr} {name}"));
    notes.push(format!(
        "{} of these numbers are also other syscalls on {arch} ({}): the mask ignores the arch",
        found.len(),
        shortened(examples, found.len(), EXAMPLES)
    ));
}
