//! Arches: names, ELF ids, and the meaning of b32 and b64 on each.

use super::generated::arches;
use super::lookup;
use super::syscall_table::Table;

/// A machine arch that the audit system distinguishes.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
#[non_exhaustive]
pub enum Arch {
    /// x86, 64 bit.
    X86_64,
    /// x86, 32 bit.
    I386,
    /// ARM, 64 bit, little endian.
    Aarch64,
    /// ARM, 32 bit, little endian, EABI.
    Arm,
    /// POWER, 64 bit, little endian.
    Ppc64le,
    /// POWER, 64 bit, big endian.
    Ppc64,
    /// POWER, 32 bit, big endian.
    Ppc,
    /// z/Architecture, 64 bit.
    S390x,
    /// z/Architecture, 31 bit.
    S390,
    /// RISC-V, 64 bit.
    Riscv64,
    /// RISC-V, 32 bit.
    Riscv32,
    /// LoongArch, 64 bit.
    Loongarch64,
    /// MIPS o32, big endian.
    Mips,
    /// MIPS o32, little endian.
    Mipsel,
    /// MIPS n64, big endian.
    Mips64,
    /// MIPS n64, little endian.
    Mips64el,
}

/// The entry of an arch in the tables.
#[derive(Copy, Clone)]
pub(crate) struct Row {
    pub(crate) common_name: &'static str,
    pub(crate) name: &'static str,
    pub(crate) elf: u32,
    pub(crate) is_64bit: bool,
    pub(crate) compat: Option<Arch>,
    pub(crate) known_to_auditctl: bool,
    pub(crate) syscalls: &'static Table,
}

/// Names that auditctl does not know: those of Debian's ports and of Go, and common ones.
const OTHER_NAMES: [(&str, Arch); 14] = [
    ("386", Arch::I386),
    ("amd64", Arch::X86_64),
    ("arm64", Arch::Aarch64),
    ("armel", Arch::Arm),
    ("armhf", Arch::Arm),
    ("loong64", Arch::Loongarch64),
    ("mips64le", Arch::Mips64el),
    ("mipsle", Arch::Mipsel),
    ("powerpc", Arch::Ppc),
    ("ppc64el", Arch::Ppc64le),
    ("x64", Arch::X86_64),
    ("x86", Arch::I386),
    ("x86-64", Arch::X86_64),
    ("x86_32", Arch::I386),
];

impl Arch {
    /// Every arch, those that auditctl knows first.
    pub const ALL: [Self; 16] = [
        Self::X86_64,
        Self::I386,
        Self::Aarch64,
        Self::Arm,
        Self::Ppc64le,
        Self::Ppc64,
        Self::Ppc,
        Self::S390x,
        Self::S390,
        Self::Riscv64,
        Self::Riscv32,
        Self::Loongarch64,
        Self::Mips,
        Self::Mipsel,
        Self::Mips64,
        Self::Mips64el,
    ];

    /// Returns the name that `auditctl -l -i` prints. For [`Arch::Arm`] this is `armeb`, the first of its names in
    /// auditctl, although the arch is little endian. For messages see [`common_name`](Self::common_name).
    pub const fn name(self) -> &'static str {
        arches::row(self).name
    }

    /// Returns the usual name, such as `arm`.
    pub const fn common_name(self) -> &'static str {
        arches::row(self).common_name
    }

    /// Returns the value of the `arch` field: `AUDIT_ARCH_*` of linux/audit.h.
    pub const fn elf(self) -> u32 {
        arches::row(self).elf
    }

    /// Returns the arch for a value of the `arch` field.
    ///
    /// auditctl accepts only the ids of arches that it is [built for](Self::known_to_auditctl).
    pub fn from_elf(elf: u32) -> Option<Self> {
        lookup::entry(arches::BY_ELF, elf)
    }

    /// Returns the arch of a machine name in any case, including what `uname -m` prints and aliases such as `i686`,
    /// `armv7l` and `armv8l`. `b32` and `b64` are not machine names.
    ///
    /// auditctl accepts only the names of arches that it is [built for](Self::known_to_auditctl).
    pub fn from_name(name: &[u8]) -> Option<Self> {
        lookup::lower(arches::BY_NAME, name)
    }

    /// Returns the arch of a name in auditctl or in packages, containers and toolchains, in any case: `x86_64` and
    /// `amd64`. auditctl does not know the latter names, so they are for options, not for rules.
    pub fn from_any_name(name: &[u8]) -> Option<Self> {
        let is_name = |(other, _): &&(&str, Self)| name.eq_ignore_ascii_case(other.as_bytes());
        Self::from_name(name).or_else(|| OTHER_NAMES.iter().find(is_name).map(|(_, arch)| *arch))
    }

    /// Returns whether the arch has 64 bits. This decides between `b64` and `b32` in a listing.
    pub const fn is_64bit(self) -> bool {
        arches::row(self).is_64bit
    }

    /// Returns the 32-bit arch that `b32` means on this machine.
    ///
    /// Returns `None` for a 32-bit arch, and if auditctl refuses `b32` there, as on ppc64le.
    pub const fn compat(self) -> Option<Self> {
        arches::row(self).compat
    }

    /// Returns the arch that `arch=b64` means on this machine; `None` if auditctl refuses it.
    pub const fn b64(self) -> Option<Self> {
        if self.is_64bit() { Some(self) } else { None }
    }

    /// Returns the arch that `arch=b32` means on this machine; `None` if auditctl refuses it.
    pub const fn b32(self) -> Option<Self> {
        if self.is_64bit() { self.compat() } else { Some(self) }
    }

    /// Returns whether the auditctl 4.2.2 of the reference data is built for this arch.
    pub const fn known_to_auditctl(self) -> bool {
        arches::row(self).known_to_auditctl
    }

    pub(super) const fn table(self) -> &'static Table {
        arches::row(self).syscalls
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_names_of_packages_besides_those_of_auditctl() {
        for (name, arch) in OTHER_NAMES {
            assert_eq!(Arch::from_name(name.as_bytes()), None, "{name}");
            assert_eq!(Arch::from_any_name(name.as_bytes()), Some(arch), "{name}");
        }
        assert_eq!(Arch::from_any_name(b"AMD64"), Some(Arch::X86_64));
        assert_eq!(Arch::from_any_name(b"i686"), Some(Arch::I386));
        assert_eq!(Arch::from_any_name(b"b64"), None);
    }
}
