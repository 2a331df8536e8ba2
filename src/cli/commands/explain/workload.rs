//! The workload that the rules slow down.

use crate::analysis::cost::Calibration;
use crate::analysis::workload::Workload;
use crate::catalog::KernelVersion;
use crate::cli::args::Explain;
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
    let stop = |error: &dyn std::fmt::Display| {
        Stop::unanswered(format_args!("--workload {}: {error}", name_of(path)))
    };
    let policy = Policy::look_only(arguments.reading.max_size);
    let text = policy.read(path).map_err(|error| stop(&error))?;
    let text = String::from_utf8_lossy(&text);
    let mut workload = Workload::parse(&text).map_err(|error| stop(&error))?;
    workload.seconds = arguments.seconds;
    Ok(Some((workload, Calibration::of_kernel(kernel))))
}
