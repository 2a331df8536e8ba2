//! File names and rules that a terminal or a log could obey.

use rauditctl::lint::find;
use rauditctl::report::lint::{Look, github, gitlab, json, junit, sarif, text};
use rauditctl::ruleset::FileSpan;
use rauditctl::source::Source;
use rauditctl::span::Span;

use super::set::{Format, Set};
use super::{EACH, TOGETHER, parsed};

/// A workflow command on a line of its own, commands to a terminal in seven and in eight bits, and text from right to
/// left.
const HOSTILE: &str = "a\n::error file=x::y\u{1b}]0;title\u{7}\u{9b}2J\u{202e}\u{2066}\r.rules";

const FORMATS: &[(&str, Format)] = &[
    ("text", |findings, out| text(findings, TOGETHER, Look::default(), out)),
    ("all", |findings, out| text(findings, EACH, Look::default(), out)),
    ("concise", |findings, out| super::concise(findings, rauditctl::diag::Level::Info, out)),
    ("json", json),
    ("sarif", sarif),
    ("github", github),
    ("gitlab", gitlab),
    ("junit", junit),
];

fn set() -> Set {
    let line = HOSTILE.replace(['\n', '\r'], " ");
    let rules = format!(
        "-a always,exit -F arch=b64 -S {line}\n# rauditctl: allow({line})\n-w /tmp/{line} -p wa\n\
         -w /srv -p wa\n-w /srv -p wa\n-k {line}\n"
    );
    let file = |name: &str| Source::new(name, rules.clone().into_bytes());
    let mut set = Set::linted(vec![file(HOSTILE), file(&format!("x/{HOSTILE}"))]);
    // A lint that quotes a rule without care.
    let place = FileSpan { file: 0, span: Span::new(0, 8) };
    let finding = rauditctl::lint::Finding::new(find("C106").unwrap(), place, HOSTILE);
    let finding = finding.label(HOSTILE).help(HOSTILE).related(place, HOSTILE);
    set.findings.push(finding);
    set
}

#[test]
fn no_format_prints_what_a_terminal_obeys() {
    let set = set();
    for (name, format) in FORMATS {
        let printed = set.printed(*format);
        let obeyed = |char: &char| {
            let directional =
                "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
            char.is_control() && *char != '\n' || directional.contains(*char)
        };
        assert_eq!(printed.chars().find(obeyed), None, "{name}: {printed:?}");
    }
}

#[test]
fn no_format_begins_a_line_with_a_command_from_a_file() {
    let set = set();
    for (name, format) in FORMATS {
        let printed = set.printed(*format);
        let is_command = |line: &&str| line.trim_start().starts_with("::error file=x");
        assert_eq!(printed.lines().find(is_command), None, "{name}: {printed}");
    }
}

#[test]
fn programs_read_the_names_that_the_files_have() {
    let report = parsed(&set().printed(json));
    assert_eq!(report["findings"][0]["file"], HOSTILE);
    assert_eq!(parsed(&set().printed(gitlab))[0]["location"]["path"], HOSTILE);
}
