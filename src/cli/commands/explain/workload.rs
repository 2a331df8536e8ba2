//! The workload that the cost of rules is weighed with.

use std::io::Read;
use std::path::Path;

use super::{Stop, exit};
use crate::analysis::Arming;
use crate::analysis::cost::{Calibration, Cost, cost};
use crate::analysis::workload::Workload;
use crate::cli::args::Explain;
use crate::cli::report;

/// What the rules cost, and the figures that it is estimated by.
pub(super) struct Weighed {
    pub(super) cost: Cost,
    pub(super) calibration: Calibration,
}

/// What the rules cost the workload of `--workload`; `None` if there is none.
pub(super) fn weighed(arguments: &Explain, arming: &Arming) -> Result<Option<Weighed>, Stop> {
    let Some(path) = &arguments.workload else { return Ok(None) };
    let stop = |error: &dyn std::fmt::Display| {
        report::error(format_args!("--workload {}: {error}", path.display()));
        exit::USAGE
    };
    let text = read(path).map_err(|error| stop(&error))?;
    let mut workload = Workload::parse(&text).map_err(|error| stop(&error))?;
    workload.seconds = arguments.seconds;
    let calibration = Calibration::own().map_err(|error| stop(&error))?;
    let cost = cost(arming, &workload, &calibration.coefficients);
    Ok(Some(Weighed { cost, calibration }))
}

/// The text of a file, or of standard input for `-`.
fn read(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(path)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
