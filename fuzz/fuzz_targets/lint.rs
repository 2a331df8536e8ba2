//! Up to three rules files, linted, explained, mended and linted again: the first byte says how, a form feed
//! ends a file.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/no_panic/linting.rs"]
mod linting;

libfuzzer_sys::fuzz_target!(|input: &[u8]| linting::lint_files(input));
