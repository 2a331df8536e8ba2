//! Rules files loaded by both programs into the same kernel: what one loads the other loads, and what
//! the kernel then holds reads the same to both.

use std::path::Path;
use std::time::Duration;

use crate::harness::{Guest, rules_files};
use crate::job::{Job, Outcome, Step};
use crate::shared::outcomes;
use crate::{older, rules};

/// Loads every file of `/job/rules` by Debian's auditctl, then by ours, each into an empty kernel.
const SCRIPT: &str = "
make_paths
fresh() {
    auditctl -D
    auditctl -e $enabled -f 1 -r 0 -b 64 --backlog_wait_time 15000
} >/dev/null 2>&1

for file in /job/rules/*.rules; do
    name=${file##*/}
    fresh
    record $name.debian auditctl -R $file
    record $name.debian-rules auditctl -l
    record $name.debian-state auditctl -s
    fresh
    record $name.ours rauditctl -R $file
    record $name.ours-rules rauditctl -l
    record $name.ours-state rauditctl -s
    record $name.kernel-rules auditctl -l
    record $name.kernel-state auditctl -s
    record $name.delete rauditctl -D
    record $name.empty auditctl -l
done
";

pub(crate) fn debian(guest: &Guest) -> Job {
    job(Job::audited(&format!("enabled=1\n{SCRIPT}")), &unlocked(guest.debian_rules()))
}

pub(crate) fn fixtures(_: &Guest) -> Job {
    job(Job::new(&format!("enabled=0\n{SCRIPT}")), &unlocked(fixture_files()))
}

fn job(job: Job, files: &[(String, String)]) -> Job {
    job.rules(files).timeout(Duration::from_secs(240))
}

#[test]
fn debian_rules_load_alike() {
    for (_, outcome) in outcomes("loads::debian_rules_load_alike") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let files = names(outcome);
        let loads: Vec<_> = files.iter().map(|name| Load { outcome, name }).collect();
        let (good, bad): (Vec<_>, Vec<_>) = loads.iter().partition(|load| load.debian_loads());
        for load in bad {
            println!("Debian's auditctl does not load {}", load.name);
        }
        assert!(good.len() > 30, "Debian's auditctl loads only {} of its files", good.len());
        report(good.iter().flat_map(|load| load.faults()));
    }
}

#[test]
fn fixtures_load() {
    for (_, outcome) in outcomes("loads::fixtures_load") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let files = names(outcome);
        assert_eq!(files.len(), fixture_files().len());
        report(files.iter().flat_map(|name| Load { outcome, name }.faults()));
    }
}

fn fixture_files() -> Vec<(String, String)> {
    rules_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules"))
}

/// The files that were loaded.
fn names(outcome: &Outcome) -> Vec<&str> {
    outcome.files.keys().filter_map(|file| file.strip_suffix(".debian.status")).collect()
}

/// The files without the lines that would lock the kernel for those that follow.
fn unlocked(mut files: Vec<(String, String)>) -> Vec<(String, String)> {
    assert!(!files.is_empty(), "there are no rules files to load");
    for (name, text) in &mut files {
        if text.lines().any(rules::is_lock) {
            println!("{name} is loaded without its `-e 2`");
            *text = rules::without_locks(text);
        }
    }
    files
}

/// Fails with all that was found, if anything was.
fn report(faults: impl Iterator<Item = String>) {
    let faults: Vec<_> = faults.collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// What came of one file.
struct Load<'a> {
    outcome: &'a Outcome,
    name: &'a str,
}

impl Load<'_> {
    fn step(&self, what: &str) -> Step {
        self.outcome.step(&format!("{}.{what}", self.name))
    }

    fn debian_loads(&self) -> bool {
        self.step("debian").status == 0
    }

    /// All that is wrong. What Debian's auditctl is too old to load is not compared with its load.
    fn faults(&self) -> Vec<String> {
        let mut faults = self.own_faults();
        if self.debian_loads() {
            faults.extend(self.differences());
        }
        faults
    }

    /// What is wrong with our load, our listing and our deletion.
    fn own_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for what in ["ours", "ours-rules", "ours-state", "delete"] {
            let Step { status, err, .. } = self.step(what);
            if status != 0 {
                faults.push(format!("{}: {what} exits {status}: {err}", self.name));
            }
        }
        let kernel = self.step("kernel-rules").out;
        let ours = older::lines(&self.step("ours-rules").out, &kernel);
        faults.extend(self.compare("the two listings", &lines(&kernel), &ours));
        let state = rules::settings(&self.step("kernel-state").out);
        let ours = rules::settings(&self.step("ours-state").out);
        faults.extend(self.compare("the two states", &state, &ours));
        let empty = self.step("empty").out;
        faults.extend(self.compare("-D", &lines("No rules"), &lines(&empty)));
        faults
    }

    /// Where the kernel differs after the two loads.
    fn differences(&self) -> Vec<String> {
        let debian = rules::without_perm_syscalls(&self.step("debian-rules").out);
        let ours = rules::without_perm_syscalls(&self.step("kernel-rules").out);
        let rules = self.compare("the rules after both loads", &debian, &ours);
        let debian = rules::settings(&self.step("debian-state").out);
        let ours = rules::settings(&self.step("kernel-state").out);
        let state = self.compare("the states after both loads", &debian, &ours);
        rules.into_iter().chain(state).collect()
    }

    fn compare(&self, what: &str, debian: &[String], ours: &[String]) -> Option<String> {
        let missing = debian.iter().filter(|line| !ours.contains(line));
        let surplus = ours.iter().filter(|line| !debian.contains(line));
        let changes: Vec<_> = missing
            .map(|line| format!("  - {line}"))
            .chain(surplus.map(|line| format!("  + {line}")))
            .collect();
        if changes.is_empty() && debian != ours {
            return Some(format!("{}: {what} differ in their order or number", self.name));
        }
        let text = format!("{}: {what} differ:\n{}", self.name, changes.join("\n"));
        (!changes.is_empty()).then_some(text)
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}
