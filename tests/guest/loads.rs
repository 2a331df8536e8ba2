//! Rules files loaded by both programs into the same kernel: what one loads the other loads, and what
//! the kernel then holds reads the same to both.

use std::path::Path;
use std::time::Duration;

use rauditctl::catalog::Arch;
use rauditctl::host::FixedHost;
use rauditctl::listing;
use rauditctl::model::{KernelModel, Profile};
use rauditctl::rule::{Request, Rule};
use rauditctl::ruleset::{CheckedSet, Input, RuleSet, Sent};
use rauditctl::source::Source;

use crate::harness::{Guest, rules_files};
use crate::job::{Job, Outcome, Step};
use crate::shared::outcomes;
use crate::{older, rules};

/// Loads every file of `/job/rules` by Debian's auditctl, then by ours, each into an empty kernel.
const SCRIPT: &str = "
make_paths
directories() {
    while read -r path; do
        if [ -d \"$path\" ]; then echo \"$path\"; fi
    done </job/paths
}
record directories directories
record users cat /etc/passwd
record groups cat /etc/group
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
    auditctl -l >/tmp/listing
    record $name.plan rauditctl plan --exact --exact-order $file --against /tmp/listing
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
    job.rules(files).timeout(Duration::from_secs(400))
}

#[test]
fn debian_rules_load_alike() {
    for (guest, outcome) in outcomes("loads::debian_rules_load_alike") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let files = names(outcome);
        let loads: Vec<_> = files.iter().map(|name| Load { outcome, name }).collect();
        let (good, bad): (Vec<_>, Vec<_>) = loads.iter().partition(|load| load.debian_loads());
        for load in bad {
            println!("Debian's auditctl does not load {}", load.name);
        }
        assert!(good.len() > 30, "Debian's auditctl loads only {} of its files", good.len());
        report(good.iter().flat_map(|load| load.faults()));
        read_back(guest, outcome, &unlocked(guest.debian_rules()));
    }
}

/// What is listed for a kernel with the rules of a file is read as the rules that the model has.
fn read_back(guest: &Guest, outcome: &Outcome, files: &[(String, String)]) {
    let host = host(outcome, files);
    let (mut rules, mut ambiguous) = (0, 0);
    for (name, text) in files {
        let expected = kernel_rules(text, guest.kernel.profile(), &host);
        let load = Load { outcome, name };
        for what in ["kernel-rules", "ours-rules"] {
            let listing = load.step(what).out;
            let listed = listing::read(listing.as_bytes(), Arch::X86_64, &host);
            let listed = listed.unwrap_or_else(|problems| panic!("{name}: {}", problems[0]));
            let read = listed.rules.iter().map(|listed| &listed.rule);
            let surplus: Vec<_> = read.filter(|rule| !expected.contains(rule)).collect();
            let counts = (listed.rules.len(), expected.len());
            assert!(counts.0 == counts.1, "{name}: {what}: {counts:?}, {surplus:?}");
            assert_eq!(listed.expecting(&expected), expected, "{name}: {what}");
            for (listed, rule) in listed.rules.iter().zip(&expected) {
                assert!(listed.is_ambiguous() || listed.rule == *rule, "{name}: {listed:?}");
                ambiguous += usize::from(listed.is_ambiguous());
            }
            rules += expected.len();
        }
        if load.debian_loads() {
            let listing = load.step("debian-rules").out;
            let listed = listing::read(listing.as_bytes(), Arch::X86_64, &host);
            assert!(listed.is_ok(), "{name}: {listed:?}");
        }
    }
    println!("{} files, {rules} lines, {ambiguous} of them ambiguous", files.len());
    assert!(ambiguous * 20 < rules, "{ambiguous}");
}

/// A host with the accounts of the guest, and the paths that the files name.
fn host(outcome: &Outcome, files: &[(String, String)]) -> FixedHost {
    let bytes = |path: &str| path.trim_end_matches('/').as_bytes().to_vec();
    let paths = files.iter().flat_map(|(_, text)| rules::paths(text));
    let step = |name| outcome.step(name).out;
    FixedHost {
        directories: step("directories").lines().map(bytes).collect(),
        files: paths.map(|path| bytes(&path)).collect(),
        users: accounts(&step("users")),
        groups: accounts(&step("groups")),
        ..FixedHost::new(Arch::X86_64)
    }
}

/// The names and numbers in `/etc/passwd` or `/etc/group`.
fn accounts(text: &str) -> Vec<(Vec<u8>, u32)> {
    let account = |line: &str| {
        let mut parts = line.split(':');
        let name = parts.next()?.as_bytes().to_vec();
        Some((name, parts.nth(1)?.parse().ok()?))
    };
    text.lines().filter_map(account).collect()
}

/// The rules that a kernel keeps after it got those of a file.
fn kernel_rules(text: &str, profile: Profile, host: &FixedHost) -> Vec<Rule> {
    let source = Source::new("file", text.as_bytes().to_vec());
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let mut kernel = KernelModel::new(profile.without_value_checks());
    for (sent, _) in CheckedSet::new(&set, host).sent() {
        match sent {
            Sent::Request(Request::Add(rule)) => drop(kernel.add(rule)),
            Sent::Request(Request::Delete(rule)) => drop(kernel.delete(rule)),
            Sent::Request(Request::Control(_)) => {}
            Sent::DeleteAll(key) => kernel.delete_all(key),
        }
    }
    kernel.rules().cloned().collect()
}

#[test]
fn fixtures_load() {
    for (guest, outcome) in outcomes("loads::fixtures_load") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let files = names(outcome);
        assert_eq!(files.len(), fixture_files().len());
        report(files.iter().flat_map(|name| Load { outcome, name }.faults()));
        read_back(guest, outcome, &unlocked(fixture_files()));
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
        // What Debian's auditctl lists is no difference from the file that was loaded.
        let Step { status, out, err } = self.step("plan");
        if !(matches!(status, 0 | 3) && out.ends_with("Nothing to do.\n")) {
            faults.push(format!("{}: plan exits {status}: {out}{err}", self.name));
        }
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
