//! What an audit subsystem can do.

/// What a kernel can do (`AUDIT_FEATURE_BITMAP_*`); some rules are only compiled for kernels that
/// can hold them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features(pub u32);

impl Features {
    /// A kernel that can do all that this build knows of; assumed where no kernel is asked.
    pub const ALL: Features = Features(0x7f);

    /// The field exe.
    pub const fn executable_path(self) -> bool {
        self.0 & 0x04 != 0
    }
    /// More fields on the exclude list.
    pub const fn exclude_extend(self) -> bool {
        self.0 & 0x08 != 0
    }
    /// The field sessionid.
    pub const fn sessionid_filter(self) -> bool {
        self.0 & 0x10 != 0
    }
    /// Resetting the count of lost messages.
    pub const fn lost_reset(self) -> bool {
        self.0 & 0x20 != 0
    }
    /// The filesystem list.
    pub const fn filter_fs(self) -> bool {
        self.0 & 0x40 != 0
    }
}
