//! Requests that cannot be undone. A load sends them last, when the kernel has accepted everything else.

use crate::kernel::AuditKernel;
use crate::rule::{Control, Request};
use crate::wire::FeatureSet;

/// Returns whether the kernel cannot be restored after this.
pub(super) fn is_permanent(request: &Request) -> bool {
    match request {
        Request::Add(_) | Request::Delete(_) => false,
        Request::Control(control) => match control {
            Control::Enabled(_) => control.locks(),
            Control::Failure(_)
            | Control::RateLimit(_)
            | Control::BacklogLimit(_)
            | Control::BacklogWaitTime(_) => false,
            Control::ResetLost
            | Control::ResetBacklogWaitTimeActual
            | Control::LoginuidImmutable
            | Control::Trim
            | Control::MakeEquivalent { .. }
            | Control::UserMessage(_) => true,
        },
    }
}

/// Asks the kernel whether it has carried out a request whose answer was lost; `None` if that does not show.
pub(super) fn is_done(kernel: &mut dyn AuditKernel, request: &Request) -> Option<bool> {
    match request {
        Request::Control(control) if control.locks() => Some(kernel.status().ok()?.is_locked()),
        Request::Control(Control::LoginuidImmutable) => has_immutable_loginuids(kernel),
        _ => None,
    }
}

/// Asks the kernel whether login uids are immutable; `None` without an answer.
pub(super) fn has_immutable_loginuids(kernel: &mut dyn AuditKernel) -> Option<bool> {
    let bit = FeatureSet::LOGINUID_IMMUTABLE;
    let features = kernel.features().ok()?;
    Some(features.features & features.lock & bit != 0)
}
