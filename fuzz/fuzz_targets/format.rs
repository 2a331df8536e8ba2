//! Formats a rules file, and checks that a second pass changes nothing and that the kernel gets the
//! same messages.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/format/sent.rs"]
mod sent;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let formatted = rauditctl::format::format(input);
    assert_eq!(rauditctl::format::format(&formatted), formatted);
    assert_eq!(sent::sent(input), sent::sent(&formatted));
});
