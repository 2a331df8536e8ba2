//! Reads test cases: a TOML file, and the comments of a rules file.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/no_panic/events.rs"]
mod events;

libfuzzer_sys::fuzz_target!(|input: &[u8]| events::cases(input));
