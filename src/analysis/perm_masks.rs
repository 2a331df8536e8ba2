//! The syscalls that auditctl adds for `perm`.

use foldhash::HashMap;

use crate::catalog::{Arch, Perm};
use crate::rule::{Field, Mask, NumberId};

/// Returns the permission bits of a `perm` field.
pub(super) fn perm_bits(field: &Field) -> Option<u32> {
    match field {
        Field::Number { id: NumberId::PERM, value, .. } => Some(*value),
        _ => None,
    }
}

/// A cache of the syscalls that auditctl adds for `perm`, by arch and bits.
#[derive(Default)]
pub(super) struct PermMasks(HashMap<(Arch, u32), Mask>);

impl PermMasks {
    /// Returns the syscalls that auditctl adds for these bits.
    pub(super) fn of(&mut self, arch: Arch, bits: u32) -> &Mask {
        self.0.entry((arch, bits)).or_insert_with(|| {
            let mut mask = Mask::EMPTY;
            let asked = Perm::ALL.iter().filter(|perm| bits & perm.bit() != 0);
            for number in asked.flat_map(|perm| perm.numbers(arch)) {
                let _ = mask.insert(*number);
            }
            mask
        })
    }
}
