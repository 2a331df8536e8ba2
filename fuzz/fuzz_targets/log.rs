//! Reads a log.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/no_panic/logs.rs"]
mod logs;

libfuzzer_sys::fuzz_target!(|input: &[u8]| logs::log(input));
