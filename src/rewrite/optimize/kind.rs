//! The kind of kernel that rules are for.

use super::step::Step;

/// A kind of kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Without the bitmap: one rule arms every syscall.
    #[default]
    Stock,
    /// With the bitmap: rules of the exit list arm the syscalls in their masks, and a rule of another list arms all.
    Bitmap,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Kind::Stock, Kind::Bitmap];

    /// Returns the name of the kind.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Stock => "stock",
            Kind::Bitmap => "bitmap",
        }
    }

    /// Returns the kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns whether a step saves work on such a kernel. A `never` rule arms the syscalls in its mask on a kernel with the
    /// bitmap, and a rule of the task list arms every syscall.
    pub const fn suits(self, step: Step) -> bool {
        match self {
            Kind::Stock => true,
            Kind::Bitmap => !matches!(step, Step::FastPath | Step::SkipDaemons),
        }
    }
}
