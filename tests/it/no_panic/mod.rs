//! No stage panics on any bytes.
//!
//! `RAUDITCTL_FUZZ_CASES` sets the number of inputs of each test; the default is small. The inputs are the same in every
//! run, so that a failure is reproducible.

mod events;
mod linting;
mod listings;
mod logs;
mod settings;
mod stages;
mod targets;

use std::env;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use xtask::needs::is_fast;

use crate::grammar::derive::{Choices, mutate};

const CASES: u32 = 500;
/// The part of the cases that `cargo xtask test --fast` runs.
const FAST: u32 = 8;

/// Returns the number of random inputs.
pub(crate) fn cases() -> u32 {
    cases_or(CASES)
}

/// Returns the number of random inputs, with another default for slow tests.
pub(crate) fn cases_or(few: u32) -> u32 {
    let few = if is_fast() { few.div_ceil(FAST) } else { few };
    env::var("RAUDITCTL_FUZZ_CASES").map_or(few, |cases| cases.parse().expect("a number"))
}

/// Calls `run` with random bytes that decide the choices of an input.
pub(crate) fn for_each_case(run: impl Fn(&mut Choices<'_>)) {
    for_each_of(cases(), 64, run);
}

/// Calls `run` for a number of cases, each with fewer than `most` bytes.
pub(crate) fn for_each_of(cases: u32, most: usize, run: impl Fn(&mut Choices<'_>)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&vec(any::<u8>(), 0..most), |bytes| {
        run(&mut Choices(&bytes));
        Ok(())
    });
    if let Err(TestError::Fail(reason, bytes)) = result {
        panic!("{reason}, chosen by {bytes:?}");
    }
}

/// Files of settings and measurements.
const SETTINGS: [&[u8]; 3] = [
    include_bytes!("../../../fuzz/seeds/settings.toml"),
    include_bytes!("../../../data/calibration/linux-6.1-debian.json"),
    include_bytes!("../../../fuzz/seeds/workload.txt"),
];

/// Lines that use most of the language.
const LINES: [&[u8]; 24] = [
    b"-D",
    b"-b 8192",
    b"-f 1",
    b"--backlog_wait_time 60000",
    b"-e 2",
    b"-i",
    b"-l -k key",
    b"-a always,exit -F arch=b64 -S openat,open,2 -F exit=-EACCES -F auid>=1000 -F auid!=unset -k access",
    b"-a always,exit -F arch=b32 -S all -F a1&=0x40 -F a2&3 -F success=0",
    b"-A never,exit -S 2047 -F inode=5 -F devmajor=8 -F filetype=fifo",
    b"-a always,exit -F arch=aarch64 -F path=/etc/shadow -F perm=rwxa -F key=a -F key=b",
    b"-a always,exit -F dir=/home -F obj_type=etc_t -F subj_user!=root -C uid!=euid",
    b"-w /etc/ -p wa -k etc",
    b"-W /var/log/wtmp -p rwxa",
    b"-a never,exclude -F msgtype=UNKNOWN[1329] -F sessionid=unset",
    b"-a never,task -F uid=root -F gid=0",
    b"-a never,filesystem -F fstype=debugfs",
    b"-a always,io_uring -S openat,all -k ring",
    b"-d always,exit -F arch=0xc000003e -S close",
    b"-a always,exit -F saddr_fam=10 -F exe=/usr/bin/curl -F ppid=1 -F pers=8",
    b"-q /mnt,/srv",
    b"-m hello\\ there",
    b"--signal=HUP",
    b"-a exit,possible -F field_compare=3",
];

pub(crate) fn some_line(choices: &mut Choices<'_>) -> Vec<u8> {
    let others = LINES.map(<[u8]>::to_vec);
    mutate(&others[choices.below(others.len())], &others, choices)
}

#[test]
fn reads_any_rules_file() {
    for_each_case(|choices| {
        let mut input = vec![choices.below(256) as u8];
        for _ in 0..=choices.below(3) {
            input.extend(some_line(choices));
            input.push(*choices.one(b"\n\n\n\n\n\r\0 "));
        }
        // One line longer than auditctl reads at a time.
        if choices.below(64) == 63 {
            let last = *input.last().expect("a byte");
            input.resize(input.len() + 6200, last);
        }
        stages::rules_text(&input);
    });
}

/// Listings with lines of every form.
const LISTINGS: [&[u8]; 2] = [
    include_bytes!("../../../fuzz/seeds/listing.txt"),
    include_bytes!("../../../fuzz/seeds/listing.json"),
];

#[test]
fn reads_any_listing() {
    for listing in LISTINGS {
        listings::listing(&[&[0], listing].concat());
    }
    let lines: Vec<Vec<u8>> =
        LISTINGS[0].split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    for_each_case(|choices| {
        let mut input = vec![choices.below(256) as u8];
        for _ in 0..=choices.below(3) {
            let line = &lines[choices.below(lines.len())];
            input.extend(mutate(line, &lines, choices));
            input.push(b'\n');
        }
        listings::listing(&input);
    });
}

const LOG: &[u8] = include_bytes!("../../../fuzz/seeds/audit.log");

#[test]
fn reads_any_log() {
    logs::log(LOG);
    // Logs end anywhere.
    (0..LOG.len()).for_each(|end| logs::log(&LOG[..end]));
    let lines: Vec<Vec<u8>> = LOG.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    for_each_case(|choices| {
        let mut input = Vec::new();
        for _ in 0..=choices.below(6) {
            let line = &lines[choices.below(lines.len())];
            input.extend(mutate(line, &lines, choices));
            input.push(b'\n');
        }
        logs::log(&input);
    });
}

#[test]
fn reads_any_command_line() {
    for_each_case(|choices| {
        let mut input = vec![choices.below(256) as u8];
        input
            .extend(some_line(choices).into_iter().map(|byte| if byte == b' ' { 0 } else { byte }));
        stages::command_line(&input);
    });
}

/// Comments for the linter, and bytes that editors and other systems add to files.
const ODDITIES: [&[u8]; 10] = [
    b"\xef\xbb\xbf",
    b"\t",
    b"\r",
    b"\x0c",
    b"# rauditctl: allow(R)",
    b"# rauditctl: allow-file(ALL, P101) so",
    b"# rauditctl: allow(",
    b"-c",
    b"# a comment",
    b"-a always,exit -F dir=/tmp/x/ -F perm=w -F uid=bin -k \xff",
];

/// The ends of lines.
const ENDS: [&[u8]; 6] = [b"\n", b"\n", b"\r\n", b"", b"\0", b"\x0c"];

#[test]
fn lints_any_files() {
    for_each_case(|choices| {
        let mut input = vec![choices.below(256) as u8];
        for _ in 0..=choices.below(6) {
            match choices.below(3) {
                0 => input.extend(*choices.one(&ODDITIES)),
                // Unchanged, so that some lines are valid and some are equal.
                1 => input.extend(*choices.one(&LINES)),
                _ => input.extend(some_line(choices)),
            }
            input.extend(*choices.one(&ENDS));
        }
        // A line longer than auditctl reads at a time.
        if choices.below(64) == 63 {
            let last = *input.last().expect("a byte");
            input.resize(input.len() + 6200, last);
        }
        linting::lint_files(&input);
    });
}

/// Events in the short notation.
const EVENTS: [&[u8]; 6] = [
    b"syscall=openat path=/etc/shadow flags=O_WRONLY|O_CREAT auid=1000 exit=-EACCES",
    b"arch=b32 syscall=5 a0=0x7 names=none saddr_fam=inet success=false groups=0,4 gid=4",
    b"syscall=rename path=/etc/a,\"/etc/\\x41 b\" nametype=DELETE,CREATE inode=7,none dev=8:1,?",
    b"list=user type=USER_LOGIN auid=unset subj=u:r:t:s0-s1 tid=7",
    b"list=io_uring op=openat path=/etc/x mode=100644 ouid=0 obj=u:r:t fstype=0x9fa0 rdev=1:3",
    b"list=filesystem fstype=tmpfs",
];
/// Events and files in JSON.
const JSON: [&[u8]; 4] = [
    br#"{"syscall": "openat", "a0": "0x7", "exit": null, "names": [{"path": "/etc/shadow", "dev": [8, 1]}]}"#,
    br#"{"arch": "b32", "at_entry": {"uid": 0}, "groups": [4], "files": [{"path": "/a", "link": "b"}]}"#,
    br#"[{"path": "/etc", "link": "usr/etc", "changes": null}, {"p": "/usr/etc/../x", "x": 0, "ino": 5}]"#,
    br#"[{"path": "/etc/shadow", "inode": 7, "dev": "8:1", "mode": "100600", "ouid": 0, "nl": 2}]"#,
];
/// Files of test cases, rules with test cases, and what `optimize` writes.
const CASE_FILES: [&[u8]; 5] = [
    b"rules = ['10-a.rules']\n[[case]]\nname = 'a'\nevent = 'syscall=openat path=/etc/shadow'\nkey = 'a'\n",
    b"[[case]]\nevent = { syscall = ['unlink', 'openat'], auid = 1000 }\nsilenced_by = '10-a.rules:4'\n",
    b"## made by rauditctl 0.1.0 optimize; edit the source and make this file again\n\
      ## source sha256:0000000000000000000000000000000000000000000000000000000000000000\n\
      ## rules sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\n\
      ## options --arch x86_64 --keep 'a b',c\n-D\n",
    b"-D\n#@ from 'a b.rules:4' b.rules:7 (narrow, order)\n#@ from c.rules:1 (narrow, order)",
    b"#@ id 1\n#@ records syscall=openat path=/etc/shadow\n#@ ignores auid=0\n-w /etc/shadow -p wa -k a\n",
];

/// Calls `read` with damaged seeds.
fn for_each_damaged(seeds: &[&[u8]], read: impl Fn(&[u8])) {
    seeds.iter().for_each(|seed| read(seed));
    let others: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.to_vec()).collect();
    for_each_case(|choices| read(&mutate(&others[choices.below(others.len())], &others, choices)));
}

#[test]
fn reads_any_event() {
    for_each_damaged(&EVENTS, events::event_text);
    for_each_damaged(&JSON, events::event_json);
}

#[test]
fn reads_any_list_of_files() {
    for_each_damaged(&JSON, events::files_json);
}

#[test]
fn reads_any_test_cases() {
    for_each_damaged(&CASE_FILES, events::cases);
}

#[test]
fn reads_any_settings() {
    for_each_damaged(&SETTINGS, settings::settings);
}

/// Inputs that once caused a panic.
#[test]
fn reads_known_crashers() {
    // A letter of two bytes is read as two options: the second option begins inside the character.
    stages::rules_text("\0-é".as_bytes());
    stages::command_line("\0-l\0-xé".as_bytes());
}

/// Payloads and messages of the right length with any words, then damaged.
#[test]
fn reads_any_kernel_reply() {
    for_each_case(|choices| {
        let count = *choices.one(&[260, 261, 262, 264, 280, 11, 10, 8, 4, 0]);
        let mut words = vec![0u32; count];
        for (position, choices_of) in HEAD.iter().enumerate().filter(|(at, _)| *at < count) {
            words[position] = *choices.one(choices_of);
        }
        if count >= 260 {
            for field in 0..choices.below(5) {
                words[67 + field] = *choices.one(&FIELDS);
                words[131 + field] = *choices.one(&VALUES);
                words[195 + field] = *choices.one(&OPERATORS);
            }
            words[259] = (count as u32 - 260) * 4;
        }
        let mut input = vec![choices.below(256) as u8];
        input.extend(words.into_iter().flat_map(u32::to_ne_bytes));
        for _ in 0..choices.below(4) {
            let at = choices.below(input.len());
            input[at] = choices.below(256) as u8;
        }
        input.truncate(input.len() - choices.below(3).min(input.len() - 1));
        stages::kernel_reply(&input);
    });
}

/// Flags, action, number of fields, and some words of the mask; or the head of a message.
const HEAD: [&[u32]; 6] = [
    &[4, 0, 1, 2, 5, 6, 7, 0x14, 9, 1056, u32::MAX],
    &[2, 0, 1, 3, 1013, 2, 3, u32::MAX],
    &[0, 1, 2, 3, 4, 64, 65],
    &[0, 1, 4, u32::MAX],
    &[0, u32::MAX],
    &[0, 0x8000_0000],
];
const FIELDS: [u32; 20] =
    [0, 1, 5, 9, 11, 12, 13, 19, 24, 25, 26, 102, 103, 105, 106, 107, 108, 111, 112, 113];
const VALUES: [u32; 10] = [0, 1, 4, 8, 15, 64, 0xc000_003e, 0x4000_0003, 0x8000_0000, u32::MAX];
const OPERATORS: [u32; 9] = [
    0x4000_0000,
    0x3000_0000,
    0x2000_0000,
    0x1000_0000,
    0x6000_0000,
    0x5000_0000,
    0x0800_0000,
    0x4800_0000,
    1,
];
