//! What rules are linted for.

use super::KernelRange;
use crate::catalog::Arch;
use crate::host::Host;

/// The machines, kernels and limits that checks look at.
#[derive(Clone)]
pub struct Scope<'a> {
    /// The machines that the rules are for; at least one.
    pub arches: Vec<Arch>,
    /// The kernels that the rules are for.
    pub kernels: KernelRange,
    /// The longest walk of the rule list at syscall exit that is not a finding, in rules.
    pub max_walk: usize,
    /// The machine this runs on, if checks look up accounts and paths there.
    pub system: Option<&'a dyn Host>,
}

impl Scope<'_> {
    /// One machine, any kernel; checks look up nothing on this machine.
    pub fn new(arch: Arch) -> Self {
        Scope { arches: vec![arch], kernels: KernelRange::default(), max_walk: 100, system: None }
    }
}
