//! Whether a kernel already holds what lines would load.

use super::permanent::has_immutable_loginuids;
use super::snapshot::Snapshot;
use crate::kernel::AuditKernel;
use crate::plan::SettingChange;
use crate::rule::Control;
use crate::ruleset::{Besides, CheckedSet, Wanted};

/// Returns whether the kernel holds exactly the rules of the set, in this order, and its settings, so that nothing
/// needs to be sent. A set with a question, or with a request that does more than set something, is always sent.
pub(super) fn is_held(
    set: &CheckedSet<'_, '_>,
    now: &Snapshot,
    kernel: &mut dyn AuditKernel,
) -> bool {
    let besides = Besides::of(set);
    let controls = besides.controls();
    let asks = controls.contains(&Control::LoginuidImmutable);
    let immutable = asks.then(|| has_immutable_loginuids(kernel)).flatten();
    // The rules come last: most loads are decided before, or by their number.
    besides.others.is_empty()
        && SettingChange::between(now.status(), immutable, &controls).is_empty()
        && now.rules().len() <= set.lines.len()
        && !(now.rules().is_empty() && set.ends_with_rules())
        && Wanted::of(set).is_some_and(|wanted| wanted.is_whole && wanted.rules == now.rules())
}
