//! The filter lists and actions that have a name.

use super::KernelVersion;
use super::generated::{actions, lists};

/// The bit beside the list in `flags` that puts a rule at the head of its list: `-A`.
pub const PREPEND: u32 = 0x10;

/// A filter list with a name. [`rule::FilterList`](crate::rule::FilterList) also holds unknown numbers.
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

    /// As written in a rule.
    pub const fn name(self) -> &'static str {
        lists::name(self)
    }

    /// As in a rule's `flags`.
    pub const fn number(self) -> u32 {
        lists::number(self)
    }

    /// Whether auditctl 4.2.2 takes and prints the name.
    pub const fn known_to_auditctl(self) -> bool {
        lists::known(self)
    }

    /// The first kernel that has it; `None` when older than 3.0.
    pub const fn since(self) -> Option<KernelVersion> {
        lists::since(self)
    }

    /// The list of that name, in any case, `entry` and `watch` included.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.name().as_bytes().eq_ignore_ascii_case(name))
    }

    /// The list of that number, without the bit [`PREPEND`].
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.number() == number)
    }
}

/// An action with a name. [`rule::Action`](crate::rule::Action) also holds unknown numbers.
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

    /// As written in a rule.
    pub const fn name(self) -> &'static str {
        actions::name(self)
    }

    /// As in a rule's `action`.
    pub const fn number(self) -> u32 {
        actions::number(self)
    }

    /// The action of that name, in lower case only.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name().as_bytes() == name)
    }

    /// The action of that number.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.number() == number)
    }
}
