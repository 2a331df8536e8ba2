//! Writes the seed corpora: `cargo run --example seeds`.
//!
//! Every line of `lines.rules` becomes a rules text, a text to lint and a file to format, and so do all lines
//! together. Each rule that a line makes becomes a kernel reply, in addition to a status and the features. Each line of
//! `events.txt` and `events.jsonl` becomes an event, and each line of `listing.txt` a listing. The other files are inputs
//! as a whole.

use std::fs;
use std::path::Path;

use rauditctl::catalog::Arch;
use rauditctl::host::FixedHost;
use rauditctl::rule::Request;
use rauditctl::compile::{End, Options, compile};
use rauditctl::syntax::{Content, lines, parse_line};
use rauditctl::wire::{FeatureSet, Frame, Status, encode};

const LINES: &[u8] = include_bytes!("lines.rules");
const LISTING: &[u8] = include_bytes!("listing.txt");

/// Inputs of which each line is one.
const BY_LINE: [(&str, &str); 2] = [
    ("event_text", include_str!("events.txt")),
    ("event_json", include_str!("events.jsonl")),
];

/// Inputs that are one as a whole.
const WHOLE: [(&str, &str, &[u8]); 6] = [
    ("files_json", "files", include_bytes!("files.json")),
    ("cases", "toml", include_bytes!("cases.toml")),
    ("cases", "comments", include_bytes!("cases.rules")),
    ("settings", "toml", include_bytes!("settings.toml")),
    ("settings", "calibration", include_bytes!("../../data/calibration/linux-6.1-debian.json")),
    ("settings", "workload", include_bytes!("workload.txt")),
];

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let write_whole = |target: &str, name: &str, content: &[u8]| {
        let folder = folder.join(target);
        fs::create_dir_all(&folder).expect("a folder for seeds");
        fs::write(folder.join(name), content).expect("a seed is written");
    };
    // The first byte selects the machine: 0 is x86_64.
    let write = |target: &str, name: &str, content: &[u8]| {
        write_whole(target, name, &[&[0], content].concat());
    };
    for (target, text) in BY_LINE {
        for (number, line) in (1..).zip(text.lines()) {
            write_whole(target, &format!("line-{number}"), line.as_bytes());
        }
    }
    for (target, name, content) in WHOLE {
        write_whole(target, name, content);
    }
    write_whole("format", "all", LINES);
    write("listing", "text", LISTING);
    write("listing", "json", include_bytes!("listing.json"));
    for (number, line) in (1..).zip(LISTING.split(|byte| *byte == b'\n')) {
        write("listing", &format!("line-{number}"), line);
    }
    write("rules_text", "all", LINES);
    write("lint", "all", LINES);
    for line in lines(LINES) {
        write("rules_text", &format!("line-{}", line.number), line.bytes);
        write_whole("format", &format!("line-{}", line.number), line.bytes);
        write("lint", &format!("line-{}", line.number), line.bytes);
        let Content::Command(command) = parse_line(&line) else { continue };
        let program = compile(&command, &FixedHost::new(Arch::X86_64), Options::default());
        if let End::Rule(request, _) = program.end {
            let message = Frame::from(&request).message(1);
            let (Request::Add(rule) | Request::Delete(rule)) = request else { continue };
            write("kernel_reply", &format!("rule-{}", line.number), &encode(&rule));
            write("kernel_reply", &format!("message-{}", line.number), &message);
        }
    }
    write("kernel_reply", "status", &Status::default().encode());
    write("kernel_reply", "features", &FeatureSet::default().encode());
}
