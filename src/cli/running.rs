//! The kernel of this machine.

use nix::sys::utsname::uname;

use super::exit::Stop;
use super::native::kernel_error;
use super::operations::may_control;
use super::planned::Loaded;
use crate::errno::Errno;
use crate::kernel::{AuditKernel, Netlink};
use crate::wire::FeatureSet;

/// Opens the kernel, if this process may change its rules.
pub(super) fn open() -> Result<Netlink, Stop> {
    if !may_control() {
        return Err(Stop::unanswered(
            "only root may ask the kernel for its rules: this needs CAP_AUDIT_CONTROL; `--against FILE` compares \
             with a listing that was saved",
        ));
    }
    Netlink::open().map_err(|errno| match errno {
        Errno::EINVAL | Errno::EPROTONOSUPPORT | Errno::EAFNOSUPPORT => {
            Stop::unanswered("this kernel has no audit support")
        }
        errno => Stop::unanswered(format_args!("cannot open an audit socket: {errno}")),
    })
}

/// Returns what the kernel holds.
pub(super) fn loaded(kernel: &mut dyn AuditKernel) -> Result<Loaded, Stop> {
    let read = |kernel: &mut dyn AuditKernel| Ok((kernel.rules()?, kernel.status()?));
    let (rules, status) = read(kernel).map_err(|error| Stop::unanswered(kernel_error(&error)))?;
    let bit = FeatureSet::LOGINUID_IMMUTABLE;
    let immutable = kernel.features().ok().map(|found| found.features & found.lock & bit != 0);
    Ok(Loaded { rules, status: Some(status), immutable })
}

/// Returns the release of the kernel.
pub(super) fn release() -> Option<String> {
    Some(uname().ok()?.release().to_string_lossy().into_owned())
}

/// Returns the id of this boot.
pub(super) fn boot_id() -> Option<String> {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(text.trim().to_owned())
}
