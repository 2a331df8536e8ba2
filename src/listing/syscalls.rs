//! The mask of a rule: what follows `-S`, or is missing.

use std::ops::Range;

use super::Doubt;
use super::rule::{Line, Wrong, lossy};
use super::shown::{KNOWN_URING_OPS, of_numbers, usual_mask};
use super::value;
use crate::catalog::{self, Arch, Perm};
use crate::rule::{Field, FilterList, Mask, NumberId, Rule};

/// Sets the mask of a rule with `-S`.
pub(super) fn syscalls<'t>(
    names: &'t [u8],
    at: Range<usize>,
    read: &mut Line<'t>,
) -> Result<(), Wrong> {
    let list = read.rule.list;
    if names == b"all" {
        read.rule.mask = usual_mask(list);
        return Ok(());
    }
    if list == FilterList::IoUring {
        read.doubts.push(Doubt::Operations);
        let operation = |name: &[u8]| catalog::uring_op_number(name);
        read.rule.mask = mask(names, operation)
            .filter(|mask| mask.iter().all(|number| number < KNOWN_URING_OPS))
            .ok_or_else(|| unknown_syscall(names, at, operation, "io_uring operation"))?;
        return Ok(());
    }
    match read.arch {
        Some(elf) => {
            let arch = Arch::from_elf(elf);
            read.rule.mask = mask_of(names, arch).ok_or_else(|| {
                let kind = arch.map_or("syscall number", |_| "syscall of this arch");
                unknown_syscall(names, at, |name| syscall(name, arch), kind)
            })?;
        }
        None => read.names = Some(names),
    }
    Ok(())
}

fn unknown_syscall(
    names: &[u8],
    at: Range<usize>,
    known: impl Fn(&[u8]) -> Option<u32>,
    kind: &str,
) -> Wrong {
    let is_unknown = |name: &&[u8]| mask(name, &known).is_none();
    let name = names.split(|byte| *byte == b',').find(is_unknown).unwrap_or(names);
    Wrong::new(at, format!("`{}` is not the name or number of a {kind}", lossy(name)))
}

/// Returns the mask of the names and numbers in a list of syscalls; `None` if the arch does not have one of them.
pub(super) fn mask_of(names: &[u8], arch: Option<Arch>) -> Option<Mask> {
    mask(names, |name| syscall(name, arch))
}

fn syscall(name: &[u8], arch: Option<Arch>) -> Option<u32> {
    let arch = arch?;
    // Versions of auditctl spell some names differently. The kernel's name is one of these.
    catalog::syscall_number(arch, name).or_else(|| catalog::kernel_syscall_number(arch, name))
}

fn mask(names: &[u8], known: impl Fn(&[u8]) -> Option<u32>) -> Option<Mask> {
    let numbers = names.split(|byte| *byte == b',').map(|name| {
        let is_number = name.first().is_some_and(u8::is_ascii_digit);
        let number = if is_number { value::decimal(name) } else { known(name) };
        number.filter(|number| *number < Mask::FIRST_CLASS_BIT)
    });
    let numbers: Option<Vec<u32>> = numbers.collect();
    numbers.map(|numbers| of_numbers(numbers.into_iter()))
}

/// Sets the mask of a rule without `-S`.
pub(super) fn without_syscalls(read: &mut Line<'_>) {
    let list = read.rule.list;
    if list.has_mask() {
        // The kernel lists such a rule if its mask is empty.
        if list == FilterList::IoUring {
            read.doubts.push(Doubt::Operations);
        }
        return;
    }
    read.rule.mask = usual_mask(list);
    let bits = read.rule.fields.iter().filter_map(|field| match field {
        Field::Number { id: NumberId::PERM, value, .. } => Some(*value),
        _ => None,
    });
    let bits = bits.fold(0, |all, bits| all | bits);
    if let Some(arch) = read.arch.and_then(Arch::from_elf)
        && bits != 0
    {
        // auditctl 4 sets the syscalls of permissions on every list, and before version 4 it sets all.
        let perms = Perm::ALL.iter().filter(|perm| bits & perm.bit() != 0);
        let numbers = perms.flat_map(|perm| perm.numbers(arch)).copied();
        let other = Rule { mask: of_numbers(numbers).without_classes(), ..read.rule.clone() };
        read.doubts.push(Doubt::Mask);
        read.others.push(other);
    }
}
