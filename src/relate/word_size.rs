//! The two word sizes of a machine: which one a rule is for, and the number of a syscall on the other.

use crate::catalog::{self, Arch, Operator, field};
use crate::rule::{Field, Mask, NumberId, Op, Rule};

/// The word size that a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum WordSize {
    /// Both: the kernel compares numbers, and 32-bit programs have other numbers for the same syscalls.
    Any,
    /// One arch, written as `arch=`.
    Only(Arch),
    /// Something else: an unknown arch, several, or `arch!=`.
    Other,
}

impl WordSize {
    /// Returns the word size that a rule is for.
    pub(crate) fn of(rule: &Rule) -> Self {
        let mut arches = rule.fields.iter().filter(|one| one.number() == field::ARCH);
        match (arches.next(), arches.next()) {
            (None, _) => WordSize::Any,
            (
                Some(Field::Number { id: NumberId::ARCH, op: Op::Known(Operator::Equal), value }),
                None,
            ) => Arch::from_elf(*value).map_or(WordSize::Other, WordSize::Only),
            _ => WordSize::Other,
        }
    }
}

/// Returns the other arch of a machine that has two.
pub(crate) fn other(machine: Arch, arch: Arch) -> Option<Arch> {
    let compat = machine.compat()?;
    match arch {
        _ if arch == machine => Some(compat),
        _ if arch == compat => Some(machine),
        _ => None,
    }
}

/// Returns `b64` or `b32`.
pub(crate) fn word(arch: Arch) -> &'static str {
    if arch.is_64bit() { "b64" } else { "b32" }
}

/// Returns the number on `to` of the syscall that has `number` on `from`, by name.
pub(crate) fn counterpart(from: Arch, number: u32, to: Arch) -> Option<u32> {
    let by_auditctl = catalog::syscall_name(from, number)
        .and_then(|name| catalog::syscall_number(to, name.as_bytes()));
    by_auditctl.or_else(|| {
        let name = catalog::kernel_syscall_name(from, number)?;
        catalog::kernel_syscall_number(to, name.as_bytes())
    })
}

/// Translates a mask of syscalls of `from` to `to`. Syscalls that `to` does not have are left out.
pub(crate) fn translated(mask: &Mask, from: Arch, to: Arch) -> Mask {
    if mask.is_all() {
        return mask.clone();
    }
    let mut result = Mask::EMPTY;
    for number in mask.iter().filter_map(|number| counterpart(from, number, to)) {
        let _ = result.insert(number);
    }
    result
}
