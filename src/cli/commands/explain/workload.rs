//! The workload that the rules slow down.

use std::path::Path;

use crate::analysis::cost::Calibration;
use crate::analysis::workload::Workload;
use crate::catalog::KernelVersion;
use crate::cli::args::{Explain, Reading};
use crate::cli::exit::Stop;
use crate::cli::read::Policy;
use crate::cli::report::name_of;

/// Reads the workload of `--workload`. Returns it with the figures of the kernel for the estimate; `None` without
/// the option.
pub(super) fn workload(
    arguments: &Explain,
    kernel: Option<KernelVersion>,
) -> Result<Option<(Workload, Calibration)>, Stop> {
    let Some(path) = &arguments.workload else { return Ok(None) };
    let mut workload = read_workload(path, arguments.reading)?;
    workload.seconds = arguments.seconds;
    Ok(Some((workload, Calibration::of_kernel(kernel))))
}

/// Reads a workload.
pub(in crate::cli::commands) fn read_workload(
    path: &Path,
    reading: Reading,
) -> Result<Workload, Stop> {
    let stop = |error: &dyn std::fmt::Display| {
        Stop::unanswered(format_args!("--workload {}: {error}", name_of(path)))
    };
    let text = Policy::look_only(reading.max_size).read(path).map_err(|error| stop(&error))?;
    Workload::parse(&String::from_utf8_lossy(&text)).map_err(|error| stop(&error))
}
