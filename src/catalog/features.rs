//! The features of a kernel's audit system.

/// The features of a kernel (`AUDIT_FEATURE_BITMAP_*`). Some rules are compiled only for kernels
/// that have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features(pub u32);

impl Features {
    /// Every feature that this build knows. Assumed if no kernel is asked.
    pub const ALL: Features = Features(0x7f);

    /// Returns whether the kernel has the field `exe`.
    pub const fn executable_path(self) -> bool {
        self.0 & 0x04 != 0
    }
    /// Returns whether the exclude list accepts more than the oldest fields.
    pub const fn exclude_extend(self) -> bool {
        self.0 & 0x08 != 0
    }
    /// Returns whether the kernel has the field `sessionid`.
    pub const fn sessionid_filter(self) -> bool {
        self.0 & 0x10 != 0
    }
    /// Returns whether the count of lost messages can be reset.
    pub const fn lost_reset(self) -> bool {
        self.0 & 0x20 != 0
    }
    /// Returns whether the kernel has the filesystem list.
    pub const fn filter_fs(self) -> bool {
        self.0 & 0x40 != 0
    }
}
