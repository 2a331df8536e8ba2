//! The memory that a rule takes, the work that rules cause, and the work that hostile input causes, counted in bytes of
//! heap. Bytes are the same on every machine, unlike seconds. One test at a time: the counters are for the whole process.

#![allow(missing_docs, clippy::expect_used, clippy::print_stdout)]

mod hostile;
mod linear;

use cap::Cap;
use peak_alloc::PeakAlloc;
use rauditctl::catalog::Arch;
use rauditctl::lint::{LintSettings, Report, lint};
use rauditctl::report::lint::{Choice, Findings, Look, text};
use rauditctl::ruleset::{Input, RuleSet};
use rauditctl::source::Source;
use xtask::needs::leave_out;

#[global_allocator]
static HEAP: Cap<PeakAlloc> = Cap::new(PeakAlloc, usize::MAX);

/// Returns what a function returns, and the bytes that it had at most beside those from before.
fn peak<T>(run: impl FnOnce() -> T) -> (T, usize) {
    PeakAlloc.reset_peak_usage();
    let before = PeakAlloc.current_usage();
    let result = run();
    (result, PeakAlloc.peak_usage().saturating_sub(before))
}

/// Lints a text, and prints the findings for a person.
fn linted(rules: &str) -> (Report, String) {
    let source = Source::new("a.rules", rules.as_bytes().to_vec());
    let settings = LintSettings::new(Arch::X86_64);
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let report = lint(&set, &settings);
    let mut out = Vec::new();
    let findings =
        Findings { sources: &[&source], findings: &report.findings, silenced: report.silenced };
    text(&findings, Choice::default(), Look::default(), &mut out).expect("memory takes everything");
    (report, String::from_utf8(out).expect("text"))
}

/// Returns rules as guides and administrators write them.
fn rules(count: usize) -> String {
    let people = "-F auid>=1000 -F auid!=unset";
    let rule = |number: usize| match number % 4 {
        0 => format!(
            "-a always,exit -F arch=b64 -S chmod,fchmod,fchmodat -F exe=/opt/app-{number}/tool {people} -F key=perm_mod\n"
        ),
        1 => format!(
            "-a always,exit -F arch=b64 -S open,openat,creat,truncate,ftruncate -F dir=/srv/app-{number} -F exit=-EACCES {people} -k access\n"
        ),
        2 => format!("-w /etc/app-{number}/config -p wa -k config\n"),
        _ => format!(
            "-a always,exit -F arch=b64 -F path=/etc/app-{number}.conf -F perm=wa -F key=config\n"
        ),
    };
    (0..count).map(rule).collect()
}

#[test]
fn memory_and_work_stay_in_bounds() {
    if leave_out() {
        return;
    }
    a_rule_takes_little_memory();
    linear::all();
    hostile::all();
}

/// Before masks, conditions and texts were shared, a rule took twice as much.
fn a_rule_takes_little_memory() {
    let peak_of = |count| peak(|| linted(&rules(count))).1;
    let (few, many) = (peak_of(1000), peak_of(3000));
    let each = (many - few) / 2000;
    println!("{each} bytes a rule");
    assert!(each < 3600, "{each} bytes a rule");
}
