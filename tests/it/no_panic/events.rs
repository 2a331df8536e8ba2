//! Reads descriptions of events, of files and of test cases. `fuzz/` runs the same code.

use rauditctl::cases::{cases_in_comments, read_cases, requirements};
use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::compile::{self, End, Options};
use rauditctl::eval::{Evaluator, Event, Files, History, Notation, Reader};
use rauditctl::host::FixedHost;
use rauditctl::model::{KernelModel, Profile};
use rauditctl::report::optimize::{Origins, ReadHead};
use rauditctl::rule::Request;
use rauditctl::source::Source;
use rauditctl::syntax;

const MACHINE: Arch = Arch::X86_64;

/// Rules of every list, with fields of every kind.
const RULES: &str = "\
-a never,exit -F arch=b32 -S openat -F auid<1000
-a always,exit -F arch=b64 -S openat,unlink -F auid>=1000 -F exit=-EACCES -k access
-a always,exit -F dir=/etc -F perm=wa -F uid!=0 -k etc
-a always,exit -F path=/etc/shadow -F perm=r -F exe=/usr/bin/cat -k shadow
-a always,exit -S all -F a0&1 -F gid=0 -F obj_type=etc_t -F success=1 -C uid!=euid
-a always,exit -S connect -F saddr_fam=2 -F subj_user!=root -F sessionid=unset
-a always,exit -F inode=7 -F devmajor=8 -F filetype=file -F obj_uid=0
-a never,task -F pid=7
-a never,user -F auid=5
-a always,exclude -F msgtype=CWD
-a never,filesystem -F fstype=0x9fa0
-a always,io_uring -S openat -k ring
";

fn evaluator(files: Files) -> Evaluator {
    let mut kernel = KernelModel::new(Profile::newest(MACHINE).without_value_checks());
    for line in RULES.lines() {
        let command = syntax::parse_words(syntax::words(line.as_bytes(), 0));
        let end = compile::compile(&command, &FixedHost::new(MACHINE), Options::default()).end;
        let End::Rule(Request::Add(rule), _) = end else { panic!("{line}: no rule") };
        kernel.add(&rule).unwrap_or_else(|refusal| panic!("{line}: {refusal:?}"));
    }
    Evaluator::new(&kernel, KernelVersion::NEWEST, files)
}

fn decide(event: &Event, evaluator: &Evaluator) {
    let mut history = History::default();
    let first = evaluator.decide(event);
    evaluator.near(&history, event, 3);
    let (decision, _) = evaluator.decide_and_near(&history, event, 3);
    assert_eq!(decision, first);
    evaluator.advance(&mut history, event);
    evaluator.decide_after(&history, event);
}

fn printed(event: &Event) -> String {
    Notation::new(event, MACHINE).to_string()
}

/// Reads an event in the short notation. What is printed reads as what prints the same.
pub(super) fn event_text(input: &[u8]) {
    let reader = Reader::new(MACHINE);
    match reader.read(input) {
        Ok(event) => {
            let text = printed(&event);
            let again = reader.read(text.as_bytes()).map(|event| printed(&event));
            assert_eq!(again.as_deref(), Ok(&*text));
            decide(&event, &evaluator(Files::default()));
        }
        Err(problem) => assert!(input.get(problem.at.clone()).is_some(), "{problem:?}"),
    }
}

/// Reads an event as a line of JSON.
pub(super) fn event_json(input: &[u8]) {
    if let Ok(event) = Reader::new(MACHINE).read_json(input) {
        printed(&event);
        decide(&event, &evaluator(Files::default()));
    }
}

/// Reads the files of a machine as JSON.
pub(super) fn files_json(input: &[u8]) {
    let reader = Reader::new(MACHINE);
    if let Ok(files) = reader.read_files(input) {
        let evaluator = evaluator(files);
        for text in ["syscall=unlink path=/etc/shadow", "syscall=openat path=a/../b cwd=/etc"] {
            decide(&reader.read(text.as_bytes()).expect("an event"), &evaluator);
        }
    }
}

/// Reads a file of test cases, the test cases and requirements in comments of a rules file, and what `optimize` writes.
pub(super) fn cases(input: &[u8]) {
    let source = Source::new("fuzz", input.to_vec());
    let is_within = |at: &std::ops::Range<usize>| input.get(at.clone()).is_some();
    if let Err(problems) = read_cases(&source, "fuzz", MACHINE) {
        assert!(problems.iter().all(|problem| is_within(&problem.at)), "{problems:?}");
    }
    if let Err(problems) = cases_in_comments(&source, "fuzz", Reader::new(MACHINE)) {
        assert!(problems.iter().all(|problem| is_within(&problem.at)), "{problems:?}");
    }
    if let Err(problems) = requirements(&source, "fuzz") {
        assert!(problems.iter().all(|problem| is_within(&problem.at)), "{problems:?}");
    }
    match ReadHead::of(&source) {
        Ok(read) => assert!(is_within(&read.options_at) && input.ends_with(read.rules)),
        Err(problem) => assert!(is_within(&problem.at), "{problem:?}"),
    }
    let text = String::from_utf8_lossy(input);
    let lines: Vec<&str> = text.lines().collect();
    if let Some(origins) = Origins::above(&lines) {
        let lines = origins.lines();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(Origins::above(&lines), Some(origins));
    }
}
