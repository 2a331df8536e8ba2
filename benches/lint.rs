//! The time to lint 10,000 rules in 50 files for one machine.
//!
//! `cargo bench --bench lint` runs all lints; `-- --ignored` runs each lint alone. Every time includes reading and
//! compiling. `RAUDITCTL_BENCH_RULES=FOLDER cargo bench --bench lint` writes the files to a directory and measures
//! nothing.

#![allow(missing_docs, clippy::expect_used)]

use std::fmt::{self, Write as _};
use std::fs;
use std::path::Path;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use rauditctl::catalog::Arch;
use rauditctl::lint::{LintSettings, Report, Selection, Selector, lint, lints};
use rauditctl::report::lint::{Choice, Findings, Look, json, text};
use rauditctl::ruleset::{Input, RuleSet};
use rauditctl::source::Source;

const FILES: usize = 50;
const RULES_A_FILE: usize = 200;
const RULES: usize = FILES * RULES_A_FILE;

fn main() {
    match std::env::var_os("RAUDITCTL_BENCH_RULES") {
        Some(folder) => {
            for source in sources() {
                fs::write(Path::new(&folder).join(source.name()), source.text()).expect("written");
            }
        }
        None => divan::main(),
    }
}

/// Returns rules files as hardening guides and administrators write them.
fn sources() -> Vec<Source> {
    let files = (0..FILES).map(|file| {
        let mut text = format!("# Part {file}.\n");
        if file == 0 {
            text += "-D\n-b 8192\n-f 1\n";
        }
        for rule in 0..RULES_A_FILE {
            write_rule(&mut text, file * RULES_A_FILE + rule)
                .expect("writing to a string does not fail");
        }
        if file == FILES - 1 {
            text += "-e 2\n";
        }
        Source::new(format!("{:02}-part.rules", file + 10), text.into_bytes())
    });
    files.collect()
}

/// Writes one rule. Each group of twenty rules is about one application.
fn write_rule(text: &mut String, number: usize) -> fmt::Result {
    let group = number / 20;
    let people = "-F auid>=1000 -F auid!=unset";
    let bits = if number.is_multiple_of(2) { "b64" } else { "b32" };
    match number % 20 {
        // Both word sizes, as in the guides.
        0 | 1 => writeln!(
            text,
            "-a always,exit -F arch={bits} -S chmod,fchmod,fchmodat -F exe=/opt/app-{group}/tool {people} -F key=perm_mod"
        ),
        2 | 3 => writeln!(
            text,
            "-a always,exit -F arch={bits} -S open,openat,creat,truncate,ftruncate -F dir=/srv/app-{group} \
             -F exit=-EACCES {people} -k access"
        ),
        4 | 5 => writeln!(
            text,
            "-a always,exit -F arch={bits} -F path=/etc/app-{group}.conf -F perm=wa -F key=config"
        ),
        6 | 7 => writeln!(
            text,
            "-a always,exit -F arch={bits} -S unlink,unlinkat,rename,renameat -F uid>={group} -F uid<={} -k delete",
            group + 10
        ),
        8 | 9 => writeln!(
            text,
            "-a always,exit -F arch={bits} -S execve -C uid!=euid -F euid=0 -F exe!=/opt/app-{group}/su -k su"
        ),
        // The old style.
        10 => writeln!(text, "-w /etc/app-{group}/config -p wa -k config"),
        11 => writeln!(text, "-w /var/lib/app-{group}/ -p wa -k state"),
        12 => writeln!(text, "-w /usr/sbin/app-{group} -p x -k run"),
        13 => writeln!(
            text,
            "-a always,exit -F path=/usr/bin/helper-{group} -F perm=x {people} -F key=privileged"
        ),
        14 => writeln!(
            text,
            "# Only one word size.\n-a exit,always -S mount -F auid={group} -k mount"
        ),
        15 => writeln!(text, "-a always,exclude -F exe=/opt/app-{group}/noisy"),
        // A duplicate, and two shadowed rules.
        16 => write_rule(text, number - 16),
        17 => writeln!(
            text,
            "-a always,exit -F arch=b64 -S chmod -F exe=/opt/app-{group}/tool {people} -F success=1 -F key=shadowed"
        ),
        18 => writeln!(
            text,
            "-a never,exit -F arch=b64 -S unlink -F uid>={group} -F uid<={}",
            group + 5
        ),
        // An occasional mistake.
        _ if group.is_multiple_of(10) => {
            writeln!(text, "-a always,exit -F arch=b64 -S opennat -F auid={group} -k wrong")
        }
        _ => writeln!(
            text,
            "-a always,exit -F arch=b64 -S connect -F a2=16 -F success=1 {people} -F pers=0 -k net-{group}"
        ),
    }
}

fn linted(sources: &[Source], selection: Selection) -> Report {
    let inputs = sources.iter().map(|source| Input { source, directory: Some(0) });
    let settings = LintSettings { selection, ..LintSettings::new(Arch::X86_64) };
    lint(&RuleSet::new(inputs), &settings)
}

/// Lints texts.
#[divan::bench]
fn all_lints(bencher: Bencher<'_, '_>) {
    let sources = sources();
    bencher
        .counter(ItemsCount::new(RULES))
        .bench(|| linted(black_box(&sources), Selection::default()));
}

/// Lints texts with one lint.
#[divan::bench(ignore, args = lints().map(|lint| lint.code), sample_count = 10)]
fn one_lint(bencher: Bencher<'_, '_>, code: &str) {
    let sources = sources();
    let select = Selector::parse(code).into_iter().collect();
    let selection = Selection { select, ..Selection::default() };
    bencher
        .counter(ItemsCount::new(RULES))
        .bench(|| linted(black_box(&sources), selection.clone()));
}

/// Prints findings as text.
#[divan::bench]
fn print_text(bencher: Bencher<'_, '_>) {
    print(bencher, |findings| {
        let mut out = Vec::new();
        text(&findings, Choice::default(), Look::default(), &mut out)
            .expect("writing to memory does not fail");
        out
    });
}

/// Prints findings as JSON.
#[divan::bench]
fn print_json(bencher: Bencher<'_, '_>) {
    print(bencher, |findings| {
        let mut out = Vec::new();
        json(&findings, &mut out).expect("writing to memory does not fail");
        out
    });
}

fn print(bencher: Bencher<'_, '_>, write: impl Fn(Findings<'_>) -> Vec<u8> + Sync) {
    let sources = sources();
    let report = linted(&sources, Selection::default());
    let sources: Vec<&Source> = sources.iter().collect();
    let findings =
        Findings { sources: &sources, findings: &report.findings, silenced: report.silenced };
    bencher.counter(ItemsCount::new(report.findings.len())).bench(|| write(black_box(findings)));
}
