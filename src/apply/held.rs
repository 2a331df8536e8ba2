//! Whether a kernel already holds what lines would load.

use super::permanent::has_immutable_loginuids;
use super::snapshot::Snapshot;
use crate::kernel::AuditKernel;
use crate::plan::SettingChange;
use crate::rule::Control;
use crate::ruleset::{CheckedSet, Wanted};

/// Returns whether the kernel holds exactly the rules of the set, in this order, and its settings, so that nothing
/// needs to be sent. A set with a question, or with a request that does more than set something, is always sent.
pub(super) fn is_held(
    set: &CheckedSet<'_, '_>,
    now: &Snapshot,
    kernel: &mut dyn AuditKernel,
) -> bool {
    let Some(wanted) = Wanted::of(set).filter(|wanted| wanted.others.is_empty()) else {
        return false;
    };
    let controls: Vec<Control> = wanted.settings.into_iter().map(|(control, _)| control).collect();
    let asks = controls.contains(&Control::LoginuidImmutable);
    let immutable = asks.then(|| has_immutable_loginuids(kernel)).flatten();
    SettingChange::between(now.status(), immutable, &controls).is_empty()
        && set.kernel_rules().is_some_and(|rules| rules == now.rules())
}
