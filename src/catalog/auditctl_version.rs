//! The releases of auditctl, and the names that each knows.

use std::fmt;

use super::generated::auditctl_names::NAMES;
use super::{Arch, KnownList, field};

/// A release of auditctl.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub struct AuditctlVersion {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
    /// The third number; 0 if there is none.
    pub patch: u16,
}

impl AuditctlVersion {
    /// The newest release in the tables of this build.
    pub const NEWEST: Self = Self::new(4, 2, 2);

    /// The first release that knows the io_uring list.
    pub const IO_URING: Self = Self::new(3, 1, 0);

    /// Creates the version `major.minor.patch`.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch }
    }

    /// Parses `3.1` or `3.0.9`, also with the release of a package, such as `3.0.9-1`.
    ///
    /// ```
    /// use rauditctl::catalog::AuditctlVersion;
    /// assert_eq!(AuditctlVersion::parse("3.0.9-1"), Some(AuditctlVersion::new(3, 0, 9)));
    /// assert_eq!(AuditctlVersion::parse("4.0"), Some(AuditctlVersion::new(4, 0, 0)));
    /// assert_eq!(AuditctlVersion::parse("4"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let version = text.split(['-', '+', '~']).next()?.split(':').next_back()?;
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let number = |part: &str| part.parse().ok().filter(|_| is_digits(part));
        let numbers: Vec<u16> = version.split('.').map(number).collect::<Option<_>>()?;
        match numbers.as_slice() {
            [major, minor] => Some(Self::new(*major, *minor, 0)),
            [major, minor, patch] => Some(Self::new(*major, *minor, *patch)),
            _ => None,
        }
    }
}

impl fmt::Display for AuditctlVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.patch > 0 { write!(f, ".{}", self.patch) } else { Ok(()) }
    }
}

/// Returns the first auditctl that knows the name of a syscall on an arch; `None` if auditctl 2.7.4 does, or if none
/// does.
pub fn auditctl_since(arch: Arch, name: &[u8]) -> Option<AuditctlVersion> {
    let known = |wanted: &[u8]| {
        let start = NAMES.partition_point(|(name, ..)| name.as_bytes() < wanted);
        let same = NAMES.iter().skip(start).take_while(|(name, ..)| name.as_bytes() == wanted);
        let mut of_arch = same.filter(|(.., arches)| arches.contains(&arch.common_name()));
        of_arch.next().map(|(_, since, _)| *since)
    };
    known(&name.to_ascii_lowercase()).or_else(|| known(b"*"))
}

/// Returns the first auditctl that knows the name of a list; `None` if auditctl 2.7.4 does (lib/flagtab.h at the release
/// tags).
pub const fn auditctl_since_list(list: KnownList) -> Option<AuditctlVersion> {
    match list {
        KnownList::Filesystem => Some(AuditctlVersion::new(2, 8, 0)),
        KnownList::IoUring => Some(AuditctlVersion::IO_URING),
        _ => None,
    }
}

/// Returns the first auditctl that knows the name of a field; `None` if auditctl 2.7.4 does (lib/fieldtab.h at the
/// release tags).
pub const fn auditctl_since_field(number: u32) -> Option<AuditctlVersion> {
    match number {
        field::FSTYPE => Some(AuditctlVersion::new(2, 8, 0)),
        field::SADDR_FAM => Some(AuditctlVersion::new(3, 0, 0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_which_release_added_a_name() {
        let since = |arch, name: &str| auditctl_since(arch, name.as_bytes());
        assert_eq!(since(Arch::X86_64, "fchmodat2"), Some(AuditctlVersion::new(4, 0, 0)));
        assert_eq!(since(Arch::X86_64, "openat2"), Some(AuditctlVersion::new(3, 0, 1)));
        assert_eq!(since(Arch::X86_64, "openat"), None);
        assert_eq!(since(Arch::Ppc64, "OPENAT2"), Some(AuditctlVersion::new(3, 0, 2)));
        assert_eq!(since(Arch::Riscv64, "openat"), Some(AuditctlVersion::new(4, 0, 3)));
        assert_eq!(since(Arch::Riscv64, "file_getattr"), Some(AuditctlVersion::new(4, 1, 1)));
    }

    #[test]
    fn parses_and_prints_versions() {
        for text in ["2.8.5", "4.0", "3.1.2"] {
            assert_eq!(AuditctlVersion::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(AuditctlVersion::parse("1:3.0.7-1build1"), Some(AuditctlVersion::new(3, 0, 7)));
        for text in ["", "3", "3.x", "3.1.2.4", "+3.1", "3.-1"] {
            assert_eq!(AuditctlVersion::parse(text), None, "{text}");
        }
    }
}
