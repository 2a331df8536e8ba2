//! The machines and kernels that rules are linted for.

use super::kernel_range::KernelRange;
use crate::catalog::{Arch, AuditctlVersion, KernelVersion};
use crate::host::Host;

/// The machines, kernels and limits that checks look at.
#[derive(Clone)]
pub struct Scope<'a> {
    /// The machines that the rules are for; at least one.
    pub arches: Vec<Arch>,
    /// The kernels that the rules are for.
    pub kernels: KernelRange,
    /// The oldest auditctl that loads the rules; `None` for the newest.
    pub auditctl: Option<AuditctlVersion>,
    /// Maximum number of rules in the walk at syscall exit; a longer walk is a finding.
    pub max_walk: usize,
    /// This machine, if checks look up accounts and paths on it.
    pub system: Option<&'a dyn Host>,
}

impl Scope<'_> {
    /// Returns the scope of one machine and any kernel. Checks look up nothing on this machine.
    pub fn new(arch: Arch) -> Self {
        let (kernels, auditctl) = (KernelRange::default(), None);
        Scope { arches: vec![arch], kernels, auditctl, max_walk: 100, system: None }
    }

    /// Returns the newest kernel that the rules are for.
    pub(super) fn newest_kernel(&self) -> KernelVersion {
        self.kernels.max.unwrap_or(KernelVersion::NEWEST)
    }
}
