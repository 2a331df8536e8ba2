//! Reads the files of a machine as JSON, and decides events on them.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/no_panic/events.rs"]
mod events;

libfuzzer_sys::fuzz_target!(|input: &[u8]| events::files_json(input));
