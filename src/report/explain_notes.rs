//! Notes under the explanation: what arms more or less than its rule says.

use std::fmt::{self, Write};

use super::explain::text::shortened;
use crate::analysis::{ArmedSyscall, Arming, MissingSyscall};
use crate::catalog::Arch;

/// So many numbers of another arch get a note each; more share one.
const NOTES_APIECE: usize = 4;
/// So many examples stand in a shared note.
const EXAMPLES: usize = 4;

/// Writes the notes, one a line.
///
/// # Errors
/// Only those of `out`.
pub(super) fn write_notes(
    out: &mut dyn Write,
    arming: &Arming,
    missing: &[MissingSyscall],
) -> fmt::Result {
    notes(arming, missing).iter().try_for_each(|note| writeln!(out, "note: {note}"))
}

/// The notes themselves.
pub(super) fn notes(arming: &Arming, missing: &[MissingSyscall]) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some((origin, 0)) = &arming.enabled {
        notes.push(format!(
            "{origin} turns auditing off (-e 0): nothing is armed until it is turned on again"
        ));
    }
    note_bystanders(&mut notes, arming);
    if !arming.idle.is_empty() {
        let verb = if arming.idle.len() == 1 { "arms" } else { "arm" };
        notes.push(format!(
            "{} {verb} nothing: no syscall below number {} is in the mask",
            shortened(arming.idle.iter(), arming.idle.len(), EXAMPLES),
            arming.nr_syscalls,
        ));
    }
    note_missing(&mut notes, missing);
    for (origin, refusal) in &arming.refused {
        notes.push(format!("{origin} is refused by the kernel and not counted: {refusal}"));
    }
    notes
}

/// Syscalls of the rules that the kernel does not have.
fn note_missing(notes: &mut Vec<String>, missing: &[MissingSyscall]) {
    if let Some((first, [_, ..])) = missing.split_first().filter(|_| missing.len() > NOTES_APIECE) {
        let examples = missing.iter().map(missing_name);
        let rule = first.rules.first().map(ToString::to_string).unwrap_or_default();
        return notes.push(format!(
            "{} syscalls in the masks of the rules, {rule} the first, are not in this kernel: {}",
            missing.len(),
            shortened(examples, missing.len(), EXAMPLES),
        ));
    }
    notes.extend(missing.iter().map(|one| {
        let rules = shortened(one.rules.iter(), one.rules.len(), EXAMPLES);
        let verb = if one.rules.len() == 1 { "has" } else { "have" };
        format!("{rules} {verb} a syscall that this kernel has not: {}", missing_name(one))
    }));
}

/// `fchmodat2 of x86_64 (452, since Linux 6.6)`
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

/// Syscalls that no rule is about, armed because their number is another syscall's on the arch the
/// rules are for.
fn note_bystanders(notes: &mut Vec<String>, arming: &Arming) {
    note_bystanders_on(notes, arming, arming.arch, |syscall| {
        let is_other = syscall.name != syscall.compat_name || !syscall.rules.reaches_compat();
        syscall.name.filter(|_| is_other && !syscall.rules.reaches_native())
    });
    let Some(compat) = arming.arch.compat() else { return };
    note_bystanders_on(notes, arming, compat, |syscall| {
        let is_other = syscall.name != syscall.compat_name || !syscall.rules.reaches_native();
        syscall.compat_name.filter(|_| is_other && !syscall.rules.reaches_compat())
    });
}

fn note_bystanders_on(
    notes: &mut Vec<String>,
    arming: &Arming,
    arch: Arch,
    bystander: impl Fn(&ArmedSyscall) -> Option<&'static str>,
) {
    let arch = arch.common_name();
    let found: Vec<(u32, &str)> = arming
        .bitmap
        .syscalls
        .iter()
        .filter_map(|syscall| Some((syscall.nr, bystander(syscall)?)))
        .collect();
    if found.len() <= NOTES_APIECE {
        notes.extend(found.iter().map(|(nr, name)| {
            format!("number {nr} is also {name} on {arch}: the mask does not look at the arch")
        }));
        return;
    }
    let examples = found.iter().map(|(nr, name)| format!("{nr} {name}"));
    notes.push(format!(
        "{} of these numbers are also other syscalls on {arch} ({}): the mask does not look at the \
         arch",
        found.len(),
        shortened(examples, found.len(), EXAMPLES)
    ));
}
