//! Filter lists.
//!
//! Generated from `grammar/vocab/lists.tsv` by `cargo xtask vocab`; edit the source instead.

use crate::catalog::kernel_version::KernelVersion;
use crate::catalog::list::FilterList;

/// The name.
pub(crate) const fn name(list: FilterList) -> &'static str {
    match list {
        FilterList::User => "user",
        FilterList::Task => "task",
        FilterList::Entry => "entry",
        FilterList::Watch => "watch",
        FilterList::Exit => "exit",
        FilterList::Exclude => "exclude",
        FilterList::Filesystem => "filesystem",
        FilterList::IoUring => "io_uring",
    }
}

/// The number.
pub(crate) const fn number(list: FilterList) -> u32 {
    match list {
        FilterList::User => 0,
        FilterList::Task => 1,
        FilterList::Entry => 2,
        FilterList::Watch => 3,
        FilterList::Exit => 4,
        FilterList::Exclude => 5,
        FilterList::Filesystem => 6,
        FilterList::IoUring => 7,
    }
}

/// Whether auditctl has the name.
pub(crate) const fn known(list: FilterList) -> bool {
    match list {
        FilterList::User => true,
        FilterList::Task => true,
        FilterList::Entry => false,
        FilterList::Watch => false,
        FilterList::Exit => true,
        FilterList::Exclude => true,
        FilterList::Filesystem => true,
        FilterList::IoUring => true,
    }
}

/// The first kernel that has the list.
pub(crate) const fn since(list: FilterList) -> Option<KernelVersion> {
    match list {
        FilterList::User => None,
        FilterList::Task => None,
        FilterList::Entry => None,
        FilterList::Watch => None,
        FilterList::Exit => None,
        FilterList::Exclude => None,
        FilterList::Filesystem => Some(KernelVersion::new(4, 16)),
        FilterList::IoUring => Some(KernelVersion::new(5, 16)),
    }
}
