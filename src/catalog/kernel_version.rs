//! The kernel versions that introduced a syscall or a field.

use std::fmt;

/// A kernel version: major and minor number. Patch levels add no syscalls.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub struct KernelVersion {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
}

impl KernelVersion {
    /// The newest kernel in the tables of this build.
    pub const NEWEST: Self = Self::new(7, 2);

    /// Creates the version `major.minor`.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Parses `6.1`, or a release as `uname -r` prints it, such as `6.1.0-18-amd64`.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let (major, rest) = text.split_once('.')?;
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let minor = rest.get(..end)?;
        Some(Self { major: digits(major)?, minor: digits(minor)? })
    }
}

/// Parses a number without a sign. `str::parse` would accept a sign.
fn digits(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

impl fmt::Display for KernelVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}
