//! Reads a saved listing, as text or JSON: the first byte selects the machine.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/no_panic/listings.rs"]
mod listings;

libfuzzer_sys::fuzz_target!(|input: &[u8]| listings::listing(input));
