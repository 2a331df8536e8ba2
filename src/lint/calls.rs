//! The syscalls that rules name.

use crate::catalog::{self, Arch};
use crate::relate::word_size::WordSize;
use crate::rewrite::written::written_syscalls;
use crate::rule::FilterList;
use crate::ruleset::{FileSpan, LoadedRule};

/// A syscall that a rule names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// The kernel's name.
    pub(super) name: &'static str,
    /// Its number.
    pub(super) number: u32,
    /// The place of its name in the rule.
    pub(super) place: FileSpan,
}

/// Returns the arch whose numbers a rule on the list exit has, on a machine; `None` for another list, and if the rule
/// is for several arches or for an unknown one.
pub(super) fn arch_of(loaded: &LoadedRule<'_, '_>, machine: Arch) -> Option<Arch> {
    match WordSize::of(loaded.kernel_rule) {
        _ if loaded.kernel_rule.list != FilterList::Exit => None,
        WordSize::Only(arch) => Some(arch),
        WordSize::Any => Some(machine),
        WordSize::Other => None,
    }
}

/// Returns the syscalls that `-S` names, in order. Numbers and `all` are left out.
pub(super) fn calls(loaded: &LoadedRule<'_, '_>, arch: Arch) -> Vec<Call> {
    let named = written_syscalls(loaded.line.command()).filter_map(|text| {
        let number = catalog::syscall_number(arch, text.bytes())?;
        let name = catalog::kernel_syscall_name(arch, number)?;
        Some(Call { name, number, place: loaded.line.place(text.span()) })
    });
    named.collect()
}
