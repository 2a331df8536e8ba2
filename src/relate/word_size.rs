//! The two word sizes of a machine: which of them a rule is for, and what a syscall of one is on the other.

use crate::catalog::{self, Arch, Operator, field};
use crate::rule::{Field, Mask, NumberId, Op, Rule};

/// The word size that a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum WordSize {
    /// None: its syscalls are tested by number, whoever makes them.
    Any,
    /// One arch, with `arch=`.
    Only(Arch),
    /// Something else: an arch that is not known here, several, or `arch!=`.
    Other,
}

impl WordSize {
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

/// The other arch of a machine that has two.
pub(crate) fn other(machine: Arch, arch: Arch) -> Option<Arch> {
    let compat = machine.compat()?;
    match arch {
        _ if arch == machine => Some(compat),
        _ if arch == compat => Some(machine),
        _ => None,
    }
}

/// `b64` or `b32`.
pub(crate) fn word(arch: Arch) -> &'static str {
    if arch.is_64bit() { "b64" } else { "b32" }
}

/// The number on `to` of the syscall `number` of `from`, by name.
pub(crate) fn counterpart(from: Arch, number: u32, to: Arch) -> Option<u32> {
    let by_auditctl = catalog::syscall_name(from, number)
        .and_then(|name| catalog::syscall_number(to, name.as_bytes()));
    by_auditctl.or_else(|| {
        let name = catalog::kernel_syscall_name(from, number)?;
        catalog::kernel_syscall_number(to, name.as_bytes())
    })
}

/// What a mask of syscalls of `from` is on `to`: those that are there.
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
