//! The filter lists and actions that have a name.

use super::KernelVersion;
use super::generated::{actions, lists};

/// The bit in `flags` that puts a rule at the front of its list: `-A`.
pub const PREPEND: u32 = 0x10;

/// A filter list with a name. [`rule::FilterList`](crate::rule::FilterList) also represents unknown numbers.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub enum KnownList {
    /// Messages that programs send.
    User,
    /// New tasks.
    Task,
    /// Entry of a syscall; the kernel refuses rules for it.
    Entry,
    /// Never used.
    Watch,
    /// Exit of a syscall.
    Exit,
    /// Records that are discarded.
    Exclude,
    /// File systems whose files are not audited.
    Filesystem,
    /// Exit of an io_uring operation.
    IoUring,
}

impl KnownList {
    /// Every list, by number.
    pub const ALL: [Self; 8] = [
        Self::User,
        Self::Task,
        Self::Entry,
        Self::Watch,
        Self::Exit,
        Self::Exclude,
        Self::Filesystem,
        Self::IoUring,
    ];

    /// Returns the name in a rule.
    pub const fn name(self) -> &'static str {
        lists::name(self)
    }

    /// Returns the number in the `flags` of a rule.
    pub const fn number(self) -> u32 {
        lists::number(self)
    }

    /// Returns whether auditctl 4.2.2 reads and prints the name.
    pub const fn known_to_auditctl(self) -> bool {
        lists::known(self)
    }

    /// Returns the first kernel that has it; `None` if older than 3.0.
    pub const fn since(self) -> Option<KernelVersion> {
        lists::since(self)
    }

    /// Returns the list with this name, in any case, including `entry` and `watch`.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.name().as_bytes().eq_ignore_ascii_case(name))
    }

    /// Returns the list with this number, without the bit [`PREPEND`].
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.number() == number)
    }
}

/// An action with a name. [`rule::Action`](crate::rule::Action) also represents unknown numbers.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub enum KnownAction {
    /// No record.
    Never,
    /// Deprecated: auditctl prints a warning and sends nothing; the kernel refuses it.
    Possible,
    /// A record.
    Always,
}

impl KnownAction {
    /// Every action, by number.
    pub const ALL: [Self; 3] = [Self::Never, Self::Possible, Self::Always];

    /// Returns the name in a rule.
    pub const fn name(self) -> &'static str {
        actions::name(self)
    }

    /// Returns the number in the `action` of a rule.
    pub const fn number(self) -> u32 {
        actions::number(self)
    }

    /// Returns the action with this name, in lower case only.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name().as_bytes() == name)
    }

    /// Returns the action with this number.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.number() == number)
    }
}
