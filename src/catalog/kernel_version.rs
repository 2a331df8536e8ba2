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

    /// The oldest kernel that the tables of this build distinguish from older ones.
    pub const OLDEST: Self = Self::new(3, 0);

    /// Parses `6.1`, or a release as `uname -r` prints it, such as `6.1.0-18-amd64`. Returns `None` for any other text,
    /// such as two versions.
    ///
    /// ```
    /// use rauditctl::catalog::KernelVersion;
    /// assert_eq!(KernelVersion::parse(b"6.1.0-18-amd64"), Some(KernelVersion::new(6, 1)));
    /// assert_eq!(KernelVersion::parse(b"6.1-6.12"), None);
    /// ```
    pub fn parse(text: &[u8]) -> Option<Self> {
        let version = Self::of_release(text)?;
        let end = text.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'.');
        let (numbers, suffix) = text.split_at_checked(end.unwrap_or(text.len()))?;
        let has_numbers = numbers.split(|byte| *byte == b'.').all(|number| !number.is_empty());
        (has_numbers && is_suffix(suffix)).then_some(version)
    }

    /// Returns the version of a running kernel, whose release may have any suffix.
    pub fn of_release(release: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(release).ok()?;
        let (major, rest) = text.split_once('.')?;
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let minor = rest.get(..end)?;
        Some(Self { major: digits(major)?, minor: digits(minor)? })
    }
}

/// Returns whether the text after the numbers is the suffix of a release. A second version after a dash is not.
fn is_suffix(text: &[u8]) -> bool {
    let [first, rest @ ..] = text else { return true };
    let is_version =
        rest.contains(&b'.') && rest.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let is_usual = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._~".contains(byte);
    b"+-_~".contains(first) && rest.iter().all(is_usual) && !is_version
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
