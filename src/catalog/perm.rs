//! Permissions of the field `perm`, and the syscalls that auditctl adds for each.

use std::sync::OnceLock;

use super::generated::perms;
use super::{Arch, syscall_number};

/// One letter of `rwxa`.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub enum Perm {
    /// `r`
    Read,
    /// `w`
    Write,
    /// `x`
    Exec,
    /// `a`: attribute changes.
    Attr,
}

impl Perm {
    /// Every permission, in the order in which auditctl prints the letters.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Exec, Self::Attr];

    /// Returns the letter, in lower case.
    pub const fn letter(self) -> u8 {
        perms::letter(self)
    }

    /// Returns the bit in the value of `perm`, `AUDIT_PERM_*`.
    pub const fn bit(self) -> u32 {
        perms::bit(self)
    }

    /// Returns the permission of a letter in either case.
    pub fn from_letter(letter: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|perm| perm.letter() == letter.to_ascii_lowercase())
    }

    /// Returns the permission of one bit.
    pub fn from_bit(bit: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|perm| perm.bit() == bit)
    }

    /// Returns the syscalls that auditctl adds to the mask of a rule with an arch, in auditctl's order. Some arches
    /// do not have all of them.
    pub const fn syscalls(self) -> &'static [&'static str] {
        perms::syscalls(self)
    }

    /// Returns the numbers of these syscalls on an arch. A set may have many rules with permissions.
    pub(crate) fn numbers(self, arch: Arch) -> &'static [u32] {
        static NUMBERS: [[OnceLock<Vec<u32>>; Perm::ALL.len()]; Arch::ALL.len()] =
            [const { [const { OnceLock::new() }; Perm::ALL.len()] }; Arch::ALL.len()];
        let collect = || {
            let names = self.syscalls().iter();
            names.filter_map(|name| syscall_number(arch, name.as_bytes())).collect()
        };
        let known = NUMBERS.get(arch as usize).and_then(|perms| perms.get(self as usize));
        known.map(|known| known.get_or_init(collect).as_slice()).unwrap_or_default()
    }
}

/// Returns the syscalls that auditctl adds for the permission `bit`; empty unless `bit` is one of the four bits.
pub fn perm_syscalls(bit: u32) -> &'static [&'static str] {
    Perm::from_bit(bit).map(Perm::syscalls).unwrap_or_default()
}
