//! Reads an event as a line of JSON, and decides it.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/no_panic/events.rs"]
mod events;

libfuzzer_sys::fuzz_target!(|input: &[u8]| events::event_json(input));
