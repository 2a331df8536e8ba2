//! Filter lists.
//!
//! Generated from `grammar/vocab/lists.tsv` by `cargo xtask vocab`; edit the source instead.

use crate::catalog::kernel_version::KernelVersion;
use crate::catalog::list::KnownList;

/// The name.
pub(crate) const fn name(list: KnownList) -> &'static str {
    match list {
        KnownList::User => "user",
        KnownList::Task => "task",
        KnownList::Entry => "entry",
        KnownList::Watch => "watch",
        KnownList::Exit => "exit",
        KnownList::Exclude => "exclude",
        KnownList::Filesystem => "filesystem",
        KnownList::IoUring => "io_uring",
    }
}

/// The number.
pub(crate) const fn number(list: KnownList) -> u32 {
    match list {
        KnownList::User => 0,
        KnownList::Task => 1,
        KnownList::Entry => 2,
        KnownList::Watch => 3,
        KnownList::Exit => 4,
        KnownList::Exclude => 5,
        KnownList::Filesystem => 6,
        KnownList::IoUring => 7,
    }
}

/// Whether auditctl has the name.
pub(crate) const fn known(list: KnownList) -> bool {
    match list {
        KnownList::User => true,
        KnownList::Task => true,
        KnownList::Entry => false,
        KnownList::Watch => false,
        KnownList::Exit => true,
        KnownList::Exclude => true,
        KnownList::Filesystem => true,
        KnownList::IoUring => true,
    }
}

/// The first kernel that has the list.
pub(crate) const fn since(list: KnownList) -> Option<KernelVersion> {
    match list {
        KnownList::User => None,
        KnownList::Task => None,
        KnownList::Entry => None,
        KnownList::Watch => None,
        KnownList::Exit => None,
        KnownList::Exclude => None,
        KnownList::Filesystem => Some(KernelVersion::new(4, 16)),
        KnownList::IoUring => Some(KernelVersion::new(5, 16)),
    }
}
