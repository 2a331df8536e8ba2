//! Passes a rules file through every stage: the first byte selects the machine, the rest is the
//! text.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/no_panic/stages.rs"]
mod stages;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    stages::rules_text(input);
    stages::command_line(input);
});
