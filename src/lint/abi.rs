//! The two word sizes of a machine: which of them a rule is for, and what a syscall of one is on the other.

use crate::catalog::{self, Arch, Operator, field};
use crate::rule::{Field, Mask, NumberId, Op, Rule};
use crate::syntax::{Command, Directive, Text};

/// The word size that a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Abi {
    /// None: its syscalls are tested by number, whoever makes them.
    Any,
    /// One arch, with `arch=`.
    Only(Arch),
    /// Something else: an arch that is not known here, several, or `arch!=`.
    Other,
}

impl Abi {
    pub(super) fn of(rule: &Rule) -> Self {
        let mut arches = rule.fields.iter().filter(|one| one.number() == field::ARCH);
        match (arches.next(), arches.next()) {
            (None, _) => Abi::Any,
            (
                Some(Field::Number { id: NumberId::ARCH, op: Op::Known(Operator::Equal), value }),
                None,
            ) => Arch::from_elf(*value).map_or(Abi::Other, Abi::Only),
            _ => Abi::Other,
        }
    }
}

/// The other arch of a machine that has two.
pub(super) fn other(machine: Arch, arch: Arch) -> Option<Arch> {
    let compat = machine.compat()?;
    match arch {
        _ if arch == machine => Some(compat),
        _ if arch == compat => Some(machine),
        _ => None,
    }
}

/// `b64` or `b32`.
pub(super) fn word(arch: Arch) -> &'static str {
    if arch.is_64bit() { "b64" } else { "b32" }
}

/// The number on `to` of the syscall `number` of `from`, by name.
pub(super) fn counterpart(from: Arch, number: u32, to: Arch) -> Option<u32> {
    let by_auditctl = catalog::syscall_name(from, number)
        .and_then(|name| catalog::syscall_number(to, name.as_bytes()));
    by_auditctl.or_else(|| {
        let name = catalog::kernel_syscall_name(from, number)?;
        catalog::kernel_syscall_number(to, name.as_bytes())
    })
}

/// The words behind `-S`, in order.
pub(super) fn written_syscalls<'c, 's>(
    command: &'c Command<'s>,
) -> impl Iterator<Item = &'c Text<'s>> {
    let lists = command.options.iter().filter_map(|item| match &item.directive {
        Directive::Syscalls(list) => Some(list),
        _ => None,
    });
    lists.flat_map(|list| &list.names).filter(|name| !name.bytes().is_empty())
}

/// The values of `arch=` conditions, where they stand.
pub(super) fn written_arches<'c, 's>(
    command: &'c Command<'s>,
) -> impl Iterator<Item = &'c Text<'s>> {
    command.options.iter().filter_map(|item| match &item.directive {
        Directive::Field(expression) => {
            let comparison = expression.parts.as_ref().ok()?;
            comparison.field.bytes().eq_ignore_ascii_case(b"arch").then_some(&comparison.value)
        }
        _ => None,
    })
}

/// Whether every number of `narrow` is in `wide`.
pub(super) fn has_all_of(wide: &Mask, narrow: &Mask) -> bool {
    wide.words().iter().zip(narrow.words()).all(|(wide, narrow)| narrow & !wide == 0)
}

/// Whether some number is in both.
pub(super) fn have_one_in_common(a: &Mask, b: &Mask) -> bool {
    a.words().iter().zip(b.words()).any(|(a, b)| a & b != 0)
}

/// What a mask of syscalls of `from` is on `to`: those that are there.
pub(super) fn translated(mask: &Mask, from: Arch, to: Arch) -> Mask {
    if mask.is_all() {
        return mask.clone();
    }
    let mut result = Mask::EMPTY;
    for number in mask.iter().filter_map(|number| counterpart(from, number, to)) {
        let _ = result.insert(number);
    }
    result
}
