//! Whether a kernel already holds what lines would load.

use super::permanent::has_immutable_loginuids;
use super::snapshot::Snapshot;
use crate::compile::Step;
use crate::kernel::AuditKernel;
use crate::rule::{Control, Request};
use crate::ruleset::CheckedSet;
use crate::wire::Status;

/// Returns whether the kernel holds exactly the rules of the set, in this order, and its settings, so that nothing
/// needs to be sent. A set with a question, or with a request that does more than set something, is always sent.
pub(super) fn is_held(
    set: &CheckedSet<'_, '_>,
    now: &Snapshot,
    kernel: &mut dyn AuditKernel,
) -> bool {
    let Some(settings) = settings(set, now.status()) else { return false };
    settings.status == *now.status()
        && set.kernel_rules().is_some_and(|rules| rules == now.rules())
        && (!settings.immutable_loginuids || has_immutable_loginuids(kernel) == Some(true))
}

/// The settings after a load.
struct Settings {
    status: Status,
    immutable_loginuids: bool,
}

/// Returns the settings that a kernel of this status has after the set; `None` if the set does more than that.
fn settings(set: &CheckedSet<'_, '_>, before: &Status) -> Option<Settings> {
    let mut after = Settings { status: *before, immutable_loginuids: false };
    for step in set.lines.iter().flat_map(|line| &line.checked.program.steps) {
        match step {
            Step::Send(request, _) => match &**request {
                Request::Control(control) => after.set(control)?,
                Request::Add(_) | Request::Delete(_) => return None,
            },
            Step::BeginRule
            | Step::Say(_)
            | Step::DeleteAll { .. }
            | Step::Ignore
            | Step::Continue => {}
            Step::List { .. }
            | Step::Status { .. }
            | Step::Signal(_)
            | Step::Version
            | Step::Usage => return None,
        }
    }
    Some(after)
}

impl Settings {
    fn set(&mut self, control: &Control) -> Option<()> {
        let status = &mut self.status;
        match *control {
            Control::Enabled(value) => status.enabled = value,
            Control::Failure(value) => status.failure = value,
            Control::RateLimit(value) => status.rate_limit = value,
            Control::BacklogLimit(value) => status.backlog_limit = value,
            Control::BacklogWaitTime(value) => status.backlog_wait_time = value,
            Control::LoginuidImmutable => self.immutable_loginuids = true,
            Control::ResetLost
            | Control::ResetBacklogWaitTimeActual
            | Control::Trim
            | Control::MakeEquivalent { .. }
            | Control::UserMessage(_) => return None,
        }
        Some(())
    }
}
