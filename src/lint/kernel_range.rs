//! A range of kernel versions.

use crate::catalog::KernelVersion;

/// The kernels that rules are for, both ends included. A missing end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KernelRange {
    /// The oldest.
    pub min: Option<KernelVersion>,
    /// The newest.
    pub max: Option<KernelVersion>,
}

impl KernelRange {
    /// Parses `6.1`, `5.10..6.8`, `5.10..` or `..6.8`. Returns `None` for any other text, and if the oldest is
    /// newer than the newest.
    ///
    /// ```
    /// use rauditctl::catalog::KernelVersion;
    /// use rauditctl::lint::KernelRange;
    /// let range = KernelRange::parse("5.10..6.8").unwrap();
    /// assert_eq!(range.min, Some(KernelVersion::new(5, 10)));
    /// assert_eq!(KernelRange::parse("6.1").unwrap().max, Some(KernelVersion::new(6, 1)));
    /// assert_eq!(KernelRange::parse("6.8..5.10"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let version = |text: &str| match text {
            "" => Some(None),
            _ => KernelVersion::parse(text.as_bytes()).map(Some),
        };
        let (min, max) = match text.split_once("..") {
            Some((min, max)) => (version(min)?, version(max)?),
            None if text.is_empty() => return None,
            None => (version(text)?, version(text)?),
        };
        let is_ordered = min.is_none() || max.is_none() || min <= max;
        is_ordered.then_some(KernelRange { min, max })
    }

    /// Returns whether some kernel of the range is `version` or newer.
    pub fn reaches(self, version: KernelVersion) -> bool {
        self.max.is_none_or(|max| max >= version)
    }

    /// Returns whether some kernel of the range is older than `version`. A range without an oldest version is
    /// not taken to include every old kernel, but its newest one is a kernel of the range.
    pub fn begins_before(self, version: KernelVersion) -> bool {
        self.oldest().is_some_and(|oldest| oldest < version)
    }

    /// Returns the oldest kernel that the range names.
    pub fn oldest(self) -> Option<KernelVersion> {
        self.min.or(self.max)
    }
}
