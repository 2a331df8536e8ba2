//! How long auditd keeps its log at the rate of a log.

use std::fmt::{self, Write};

use serde::Serialize;

use super::text::{lasting, size};
use super::{LogView, ReplayReport};
use crate::replay::{LimitAction, Retention};

/// Bytes in a megabyte of auditd.
const MEGABYTE: u64 = 1 << 20;

/// How long auditd keeps its log.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RetentionView {
    /// `max_log_file_action`
    action: &'static str,
    is_written: bool,
    deletes: bool,
    /// `num_logs`
    files: u64,
    /// `max_log_file`, in bytes.
    file_bytes: u64,
    /// Bytes a day; `None` if the log is too short.
    rate: Option<f64>,
    /// Until a record is deleted, or no more are written.
    seconds: Option<f64>,
    /// Right after a rotation, which has deleted the oldest file.
    least_seconds: Option<f64>,
}

impl RetentionView {
    #[expect(clippy::cast_precision_loss, reason = "a time for people")]
    pub(super) fn new(retention: &Retention, log: &LogView) -> Self {
        let rate = log.rate(log.bytes).filter(|rate| *rate > 0.0);
        let filled = |files: u64| {
            let bytes = files as f64 * retention.file_bytes as f64;
            rate.map(|rate| bytes / rate * super::DAY)
        };
        let (seconds, least_seconds) = match retention.action {
            _ if !retention.is_written => (None, None),
            LimitAction::Suspend => (filled(1), None),
            _ if retention.deletes() => {
                (filled(retention.files), filled(retention.files.saturating_sub(1)))
            }
            _ => (None, None),
        };
        RetentionView {
            action: retention.action.name(),
            is_written: retention.is_written,
            deletes: retention.deletes(),
            files: retention.files,
            file_bytes: retention.file_bytes,
            rate,
            seconds,
            least_seconds,
        }
    }
}

/// Writes how long the log is kept, which the other rules of `--against` do not change.
pub(super) fn write_retention(
    out: &mut impl Write,
    report: &ReplayReport<'_>,
    kept: &RetentionView,
) -> fmt::Result {
    let file = format!("{} MiB", kept.file_bytes / MEGABYTE);
    let at_this_rate = |seconds: Option<f64>| {
        let known = seconds.map(|seconds| format!("{} at this rate", lasting(seconds)));
        known.unwrap_or_else(|| "the log is too short for a rate".to_owned())
    };
    let growth = kept.rate.map(|rate| format!(" by {} a day", size(rate))).unwrap_or_default();
    let action = kept.action;
    writeln!(out)?;
    if !kept.is_written {
        return writeln!(out, "auditd writes no log (write_logs = no).");
    }
    if report.against.is_some() {
        write!(out, "For the log as it is, ")?;
    }
    match (action, kept.least_seconds) {
        ("ROTATE", least) if kept.deletes => {
            let seconds = at_this_rate(kept.seconds);
            let least = least.map(|least| format!(", {} right after a rotation", lasting(least)));
            let least = least.unwrap_or_default();
            writeln!(out, "auditd keeps {} x {file}: {seconds}{least}.", kept.files)
        }
        ("ROTATE", _) => writeln!(
            out,
            "auditd does not rotate with num_logs = {}: the log grows without end{growth}.",
            kept.files
        ),
        ("KEEP_LOGS", _) => {
            writeln!(out, "auditd keeps all files (KEEP_LOGS): they grow without end{growth}.")
        }
        ("SUSPEND", _) => {
            let seconds = at_this_rate(kept.seconds);
            writeln!(out, "auditd stops writing when the log has {file} (SUSPEND): {seconds}.")
        }
        ("SYSLOG", _) => writeln!(
            out,
            "auditd only warns when the log has {file} (SYSLOG): it grows without end{growth}."
        ),
        _ => writeln!(out, "auditd has no limit ({action}): the log grows without end{growth}."),
    }
}
