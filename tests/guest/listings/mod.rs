//! One kernel, listed by three programs: Debian's auditctl, ours by the name of auditctl, and ours by its
//! own name.

mod random_rules;

use std::path::Path;
use std::time::Duration;

use rauditctl::rule::{Field, NumberId, Rule};
use rauditctl::wire;

use crate::harness::{Guest, rules_files};
use crate::job::{Job, Outcome};
use crate::older;
use crate::shared::outcomes;

/// What the random rules follow from.
const SEED: u64 = 7;
/// How many of them there are.
const COUNT: usize = 500;

/// Lists what is loaded, in every way, and keeps each listing as `PROGRAM.WAY`.
const LIST: &str = "
list() {
    record debian.$1 auditctl $2
    record auditctl.$1 /sbin/ours/auditctl $2
    record rauditctl.$1 rauditctl $2
}
list_all() {
    list plain '-l'
    list names '-l -i'
    list key '-l -k identity'
    list part '-l -k time'
    list second '-l -k keys'
    list none '-l -k nothing-has-it'
}
";

/// The ways of `list_all`.
const WAYS: [&str; 6] = ["plain", "names", "key", "part", "second", "none"];

/// `/etc/protocols`, for arguments of sockets.
const PROTOCOLS: &[u8] = b"ip 0 IP\nicmp 1 ICMP\ntcp 6 TCP\nudp 17 UDP\n";

pub(crate) fn random(guest: &Guest) -> Job {
    let (added, held) = random_rules::rules(guest.kernel.profile(), SEED, COUNT);
    let without_arch: Vec<Rule> = held.into_iter().filter(|rule| !has_arch(rule)).collect();
    Job::new(&format!(
        "{LIST}
        in_guest load /job/rules || exit 1
        list_all
        auditctl -D >/dev/null
        in_guest load /job/without-arch || exit 1
        record alone auditctl -l"
    ))
    .file("/job/rules", &bytes(&added))
    .file("/job/without-arch", &bytes(&without_arch))
    .file("/etc/protocols", PROTOCOLS)
    .timeout(Duration::from_secs(200))
}

#[test]
fn random_rules_are_listed_alike() {
    for (_, outcome) in outcomes("listings::random_rules_are_listed_alike") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let lines = Listing::of(outcome, "plain").expect_alike(&format!("seed {SEED}"));
        assert_eq!(lines, COUNT);
        assert_ways_alike(outcome, &format!("seed {SEED}"));

        let step = |program| outcome.step(&format!("{program}.plain")).out;
        assert_ne!(step("auditctl"), step("rauditctl"), "no arch was kept");

        // Called as rauditctl, the program ignores the arches of other rules.
        let ours = step("rauditctl");
        let ours: Vec<_> = ours.lines().filter(|line| !line.contains(" -F arch")).collect();
        let alone = outcome.step("alone").out;
        let differences = differences(alone.lines().zip(ours.iter().copied()), older::line);
        assert_eq!(alone.lines().count(), ours.len());
        assert!(differences.is_empty(), "seed {SEED}:\n{}", differences.join("\n"));
    }
}

pub(crate) fn files(guest: &Guest) -> Job {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut files: Vec<_> = [guest.debian_rules(), rules_files(&fixtures)].concat();
    // One kernel gets all files: lines that delete or lock, and rules that it already has, are left out.
    for (number, (name, text)) in files.iter_mut().enumerate() {
        *name = format!("{number}-{name}");
        *text = format!("-i\n{}", only_rules(text));
    }
    let job = Job::new(&format!(
        "{LIST}
        make_paths
        for file in /job/rules/*.rules; do
            rauditctl -R $file
        done >/dev/null 2>&1
        list_all"
    ));
    job.rules(&files).file("/etc/protocols", PROTOCOLS).timeout(Duration::from_secs(200))
}

#[test]
fn files_are_listed_alike() {
    for (_, outcome) in outcomes("listings::files_are_listed_alike") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let lines = Listing::of(outcome, "plain").expect_alike("files");
        assert!(lines > 200, "only {lines} rules were loaded");
        assert_ways_alike(outcome, "files");
    }
}

/// Rules as `in_guest load` reads them.
fn bytes(rules: &[Rule]) -> Vec<u8> {
    let rules = rules.iter().map(wire::encode).flat_map(|rule| {
        let length = u32::try_from(rule.len()).unwrap();
        [length.to_ne_bytes().to_vec(), rule].concat()
    });
    rules.collect()
}

fn has_arch(rule: &Rule) -> bool {
    let is_arch = |field: &Field| matches!(field, Field::Number { id: NumberId::ARCH, .. });
    rule.fields.iter().any(is_arch)
}

/// The lines of a file that add rules.
fn only_rules(text: &str) -> String {
    let adds = |line: &&str| ["-a ", "-A ", "-w "].iter().any(|option| line.starts_with(option));
    text.lines().filter(adds).map(|line| format!("{line}\n")).collect()
}

/// What the three programs print.
struct Listing {
    debian: String,
    auditctl: String,
    rauditctl: String,
}

impl Listing {
    fn of(outcome: &Outcome, way: &str) -> Listing {
        let listing = |program| {
            let step = outcome.step(&format!("{program}.{way}"));
            assert_eq!((step.status, &*step.err), (0, ""), "{program} {way}: {step:?}");
            step.out
        };
        Listing {
            debian: listing("debian"),
            auditctl: listing("auditctl"),
            rauditctl: listing("rauditctl"),
        }
    }

    /// The number of lines.
    fn expect_alike(&self, what: &str) -> usize {
        let mut faults = Vec::new();
        let debian: Vec<_> = self.debian.lines().collect();
        let auditctl: Vec<_> = self.auditctl.lines().collect();
        let rauditctl: Vec<_> = self.rauditctl.lines().collect();
        assert_eq!(debian.len(), auditctl.len(), "{what}");
        assert_eq!(debian.len(), rauditctl.len(), "{what}");
        let pairs = debian.into_iter().zip(auditctl.iter().copied());
        faults.extend(differences(pairs, older::line));
        // A rule without an arch is listed by auditctl with the names of the arch that was listed last.
        let pairs = auditctl.into_iter().zip(rauditctl.iter().copied());
        faults.extend(differences(pairs, |ours, auditctl| match ours.contains(" -F arch") {
            true => ours.to_owned(),
            false => with_syscalls_of(ours, auditctl),
        }));
        assert!(faults.is_empty(), "{what}: {} differ:\n{}", faults.len(), faults.join("\n"));
        rauditctl.len()
    }
}

fn assert_ways_alike(outcome: &Outcome, what: &str) {
    for way in WAYS {
        let lines = Listing::of(outcome, way).expect_alike(&format!("{what}, {way}"));
        println!("{what}, {way}: {lines} lines");
    }
}

/// The pairs whose second is not the first, once it is changed in view of it.
fn differences<'l>(
    pairs: impl Iterator<Item = (&'l str, &'l str)>,
    change: impl Fn(&str, &str) -> String,
) -> Vec<String> {
    pairs
        .filter(|(expected, ours)| change(ours, expected) != *expected)
        .map(|(expected, ours)| format!("  - {expected}\n  + {ours}"))
        .collect()
}

/// The line with the names that another has for its syscalls.
fn with_syscalls_of(line: &str, other: &str) -> String {
    let (words, others): (Vec<_>, Vec<_>) = (line.split(' ').collect(), other.split(' ').collect());
    let Some(at) = words.iter().position(|word| *word == "-S") else { return line.to_owned() };
    let names = others.get(at + 1).copied().unwrap_or_default();
    [&words[..=at], &[names], &words[at + 2..]].concat().join(" ")
}
