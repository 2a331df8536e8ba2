//! The workload that the rules slow down.

use std::io::Read;
use std::path::Path;

use crate::analysis::cost::Calibration;
use crate::analysis::workload::Workload;
use crate::catalog::KernelVersion;
use crate::cli::args::Explain;
use crate::cli::exit::Stop;

/// Reads the workload of `--workload`. Returns it with the figures of the kernel for the estimate; `None` without
/// the option.
pub(super) fn workload(
    arguments: &Explain,
    kernel: Option<KernelVersion>,
) -> Result<Option<(Workload, Calibration)>, Stop> {
    let Some(path) = &arguments.workload else { return Ok(None) };
    let stop = |error: &dyn std::fmt::Display| {
        Stop::unanswered(format_args!("--workload {}: {error}", path.display()))
    };
    let text = read(path).map_err(|error| stop(&error))?;
    let mut workload = Workload::parse(&text).map_err(|error| stop(&error))?;
    workload.seconds = arguments.seconds;
    Ok(Some((workload, Calibration::of_kernel(kernel))))
}

/// Reads a file, or standard input for `-`.
fn read(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(path)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
