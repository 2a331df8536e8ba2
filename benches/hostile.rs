//! The time and the memory that hostile input takes: every shape below 10 s and 1 GB.
//!
//! `cargo bench --bench hostile` lints 10 MB of each shape, or the most lines that the program reads, and prints the
//! findings. `tests/work` counts the memory of smaller input in every test run.

#![allow(missing_docs, clippy::expect_used)]

use divan::{AllocProfiler, Bencher, black_box};
use rauditctl::catalog::Arch;
use rauditctl::lint::fix::{Allowed, fix_all};
use rauditctl::lint::{LintSettings, lint};
use rauditctl::report::lint::{Choice, Findings, Look, text};
use rauditctl::ruleset::{Input, RuleSet};
use rauditctl::source::Source;

#[global_allocator]
static HEAP: AllocProfiler = AllocProfiler::system();

const SIZE: usize = 10_000_000;
/// The most lines that the program reads from a file.
const LINES: usize = 250_000;

/// The name of a shape, and the line that it repeats; `{n}` is the number of the line.
const SHAPES: &[(&str, &str)] = &[
    (
        "rules",
        "-a always,exit -F arch=b64 -S openat,openat2 -F dir=/srv -F auid>=1000 -F key=open\n",
    ),
    ("errors on one line", " -F x"),
    ("one word", "x"),
    ("unknown syscalls", "-a always,exit -F arch=b64 -S nosuch -F auid=1 -k wrong\n"),
    ("watches", "-w /srv/data/directory/file{n}.conf -p wa -k watchkey{n}\n"),
    ("equal rules", "-w /etc/passwd -p wa -k k\n"),
    ("comments", "# rauditctl: allow(P101)\n"),
    ("comments for the file", "# rauditctl: allow-file(P101)\n-w /srv -p wa\n"),
    ("one letter", "x\n"),
    ("empty lines", "\n"),
];

fn main() {
    divan::main();
}

fn source(line: &str) -> Source {
    let lines = if line.ends_with('\n') { LINES } else { SIZE };
    let mut text = String::new();
    for number in 0..lines {
        text.push_str(&line.replace("{n}", &number.to_string()));
        if text.len() >= SIZE {
            break;
        }
    }
    Source::new("a.rules", text.into_bytes())
}

#[divan::bench(args = SHAPES.iter().map(|(name, _)| *name), sample_count = 1, sample_size = 1)]
fn lint_and_print(bencher: Bencher<'_, '_>, name: &str) {
    let line = SHAPES.iter().find(|(shape, _)| *shape == name).map_or("", |(_, line)| line);
    let source = source(line);
    bencher.bench(|| {
        let set = RuleSet::new([Input { source: black_box(&source), directory: None }]);
        let report = lint(&set, &LintSettings::new(Arch::X86_64));
        let findings =
            Findings { sources: &[&source], findings: &report.findings, silenced: report.silenced };
        let mut out = Vec::new();
        text(&findings, Choice::default(), Look::default(), &mut out).expect("memory");
        out
    });
}

/// Fixes that overlap: each watch is a duplicate of the one before, and can be rewritten.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn overlapping_fixes(bencher: Bencher<'_, '_>) {
    let source = source("-w /etc/passwd -p wa -k k \r\n");
    bencher.bench(|| {
        let text: Vec<u8> = source.text().iter().take(500_000).copied().collect();
        let mut files = vec![(Source::new("a.rules", text), None)];
        fix_all(&mut files, &LintSettings::new(Arch::X86_64), Allowed::Unsafe)
    });
}
