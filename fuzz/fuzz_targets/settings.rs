//! Reads files of settings and measurements: `rauditctl.toml`, calibrations and workloads.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/no_panic/settings.rs"]
mod settings;

libfuzzer_sys::fuzz_target!(|input: &[u8]| settings::settings(input));
