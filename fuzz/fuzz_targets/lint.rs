//! Lints, explains, fixes and lints again up to three rules files. The first byte selects the settings, and a form
//! feed ends a file.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/no_panic/linting.rs"]
mod linting;

libfuzzer_sys::fuzz_target!(|input: &[u8]| linting::lint_files(input));
