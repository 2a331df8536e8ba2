//! Decodes answers of a kernel: the first byte selects the machine, the rest is a rule, a status,
//! or a message.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/no_panic/stages.rs"]
mod stages;

libfuzzer_sys::fuzz_target!(|input: &[u8]| stages::kernel_reply(input));
