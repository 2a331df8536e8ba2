//! Permissions of the perm field, and the syscalls auditctl adds for each.

use super::generated::perms;

/// One letter of `rwxa`.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub enum Perm {
    /// `r`
    Read,
    /// `w`
    Write,
    /// `x`
    Exec,
    /// `a`: changes of attributes.
    Attr,
}

impl Perm {
    /// Every permission, in the order auditctl prints the letters.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Exec, Self::Attr];

    /// The letter, in lower case.
    pub const fn letter(self) -> u8 {
        perms::letter(self)
    }

    /// The bit in a perm field's value, `AUDIT_PERM_*`.
    pub const fn bit(self) -> u32 {
        perms::bit(self)
    }

    /// The permission of a letter in either case.
    pub fn from_letter(letter: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|perm| perm.letter() == letter.to_ascii_lowercase())
    }

    /// The permission of one bit.
    pub fn from_bit(bit: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|perm| perm.bit() == bit)
    }

    /// The syscalls auditctl adds to the mask of a rule with an arch, in its order. An arch need not have all.
    pub const fn syscalls(self) -> &'static [&'static str] {
        perms::syscalls(self)
    }
}

/// The syscalls auditctl adds for the permission `bit`; none for anything but one bit of four.
pub fn perm_syscalls(bit: u32) -> &'static [&'static str] {
    Perm::from_bit(bit).map(Perm::syscalls).unwrap_or_default()
}
