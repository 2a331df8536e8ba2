//! Notes under the explanation: what arms more or less than its rule says.

use std::fmt::{self, Write};

use super::explain::shortened;
use crate::analysis::{ArmedSyscall, Arming};
use crate::catalog::Arch;

/// So many numbers of another arch get a note each; more share one.
const NOTES_APIECE: usize = 4;
/// So many examples stand in a shared note.
const EXAMPLES: usize = 4;

/// Writes the notes, behind an empty line if there are any.
///
/// # Errors
/// Only those of `out`.
pub(super) fn write_notes(out: &mut dyn Write, arming: &Arming) -> fmt::Result {
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
    for (origin, refusal) in &arming.refused {
        notes.push(format!("{origin} is refused by the kernel and not counted: {refusal}"));
    }
    if !notes.is_empty() {
        writeln!(out)?;
    }
    notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))
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
