//! Measures how fast 400 rules decide events, from a line of JSON to a line of JSON with reasons, as
//! `rauditctl explain --event -` does. One core does the work.
//!
//! `cargo bench --bench decide`

#![allow(missing_docs, clippy::expect_used, clippy::indexing_slicing)]

mod generated;

use std::sync::Arc;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use rauditctl::analysis::{Load, Origin, arming};
use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::compile::{End, Options, compile};
use rauditctl::eval::{Evaluator, Files, History, Reader};
use rauditctl::host::FixedHost;
use rauditctl::model::Profile;
use rauditctl::report::decision::{Judged, Rules, write_decision_line};
use rauditctl::syntax::{Content, lines, parse_line};

const RULES: usize = 400;
const EVENTS: usize = 10_000;
/// The number of rules near an event that a line has.
const MOST_NEAR: usize = 3;

fn main() {
    divan::main();
}

fn loads() -> Vec<Load> {
    let (text, host) = (generated::rules_file(RULES), FixedHost::new(Arch::X86_64));
    let loads = lines(text.as_bytes()).filter_map(|line| {
        let Content::Command(command) = parse_line(&line) else { return None };
        let options = Options { line: Some(line.number), ..Options::default() };
        let End::Rule(request, _) = compile(&command, &host, options).end else { return None };
        let origin = Origin { file: Arc::from("generated.rules"), line: line.number };
        Some(Load::new(origin, request))
    });
    loads.collect()
}

/// Returns events of which every attribute is known. Rules name the files of two in five.
fn events() -> Vec<String> {
    let syscalls = ["openat", "unlink", "read", "chmod", "execve", "rename", "connect"];
    let event = |n: usize| {
        let path = match n % 5 {
            0 => format!("/srv/watched/{}", n % RULES),
            1 => format!("/srv/data/{}/config", n % RULES),
            _ => format!("/usr/lib/x86_64-linux-gnu/lib{n}.so"),
        };
        let syscall = syscalls[n % syscalls.len()];
        let names = match syscall {
            "read" | "connect" => String::new(),
            _ => format!(
                r#"{{"path": "{path}", "inode": {n}, "dev": [8, 1], "mode": "100644", "ouid": 0, "ogid": 0, "nametype": "NORMAL"}}"#
            ),
        };
        let (exit, user) = (if n.is_multiple_of(3) { -13 } else { 0 }, n % 2000);
        format!(
            r#"{{"arch": "b64", "syscall": "{syscall}", "exit": {exit}, "pid": {n}, "ppid": 1, "uid": {user}, "euid": {user}, "suid": {user}, "fsuid": {user}, "gid": 0, "egid": 0, "sgid": 0, "fsgid": 0, "groups": [0, 4], "auid": {user}, "sessionid": 2, "pers": 0, "exe": "/usr/bin/tool-{n}", "saddr_fam": null, "open_flags": 1, "a0": 0, "a1": 1, "a2": 2, "a3": 3, "cwd": "/", "subj": "unconfined", "tid": {n}, "names": [{names}]}}"#
        )
    };
    (0..EVENTS).map(event).collect()
}

#[divan::bench]
fn from_json_to_json(bencher: Bencher<'_, '_>) {
    let arming = arming(Profile::newest(Arch::X86_64), &loads());
    assert_eq!(arming.kernel().len(), RULES);
    let evaluator = Evaluator::new(arming.kernel(), KernelVersion::NEWEST, Files::default());
    let (rules, reader) = (Rules::new(&arming), Reader::new(Arch::X86_64));
    let (events, history) = (events(), History::default());
    bencher.counter(ItemsCount::new(EVENTS)).bench_local(|| {
        let mut answers = Vec::new();
        for line in black_box(&events) {
            let event = reader.read_json(line.as_bytes()).expect("an event");
            let judged = Judged::one_of_many(&rules, &evaluator, &history, &event, MOST_NEAR);
            write_decision_line(&mut answers, &judged).expect("memory");
        }
        answers
    });
}
