//! Compiles a rule to the bytes that the kernel receives, and prints them.
//!
//! `cargo run --no-default-features --example compile_rule -- -a always,exit -F arch=b64 -S unlink -k gone`
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

use rauditctl::catalog::Arch;
use rauditctl::compile::{End, Options, compile};
use rauditctl::host::FixedHost;
use rauditctl::source::Source;
use rauditctl::syntax::{Text, parse_words};
use rauditctl::wire::Frame;

const RULE: &str = "-a always,exit -F arch=b64 -S unlink -F auid>=1000 -k gone";

fn main() -> ExitCode {
    let mut arguments: Vec<Vec<u8>> =
        std::env::args_os().skip(1).map(OsStringExt::into_vec).collect();
    if arguments.is_empty() {
        arguments = RULE.split(' ').map(|word| word.as_bytes().to_vec()).collect();
    }
    let (source, places) = Source::command_line(arguments);
    let texts = places.iter().filter_map(|place| {
        let word = source.text().get(place.range())?;
        Some(Text::plain(word, place.start))
    });

    let command = parse_words(texts.collect());
    let program = compile(&command, &FixedHost::new(Arch::X86_64), Options::default());
    for diagnostic in program.diagnostics() {
        let place = source.text().get(diagnostic.span.range()).unwrap_or_default();
        let title = diagnostic.fault.explain().title;
        eprintln!("{title}: `{}`", String::from_utf8_lossy(place));
    }
    let End::Rule(request, _) = program.end else { return ExitCode::FAILURE };

    let frame = Frame::from(&request);
    println!("{} {}", source.name(), String::from_utf8_lossy(source.text()));
    println!("AUDIT_{}, {} bytes", frame.kind.name().unwrap_or("?"), frame.payload.len());
    // Most words are zeros: the unused part of the mask and of the fields.
    for (index, bytes) in frame.payload.chunks(16).enumerate() {
        if bytes.iter().any(|byte| *byte != 0) {
            let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            println!("{:04x}  {}", index * 16, bytes.join(" "));
        }
    }
    ExitCode::SUCCESS
}
