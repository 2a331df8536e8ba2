//! Reads files of settings and measurements. `fuzz/` runs the same code.

use rauditctl::analysis::cost::Calibration;
use rauditctl::analysis::workload::Workload;
use rauditctl::lint::config::Config;

/// Reads a text as each of them.
pub(super) fn settings(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let _ = Calibration::from_json(&text);
    let _ = Workload::parse(&text);
    if let Err(errors) = Config::parse(&text) {
        assert!(!errors.is_empty());
    }
}
