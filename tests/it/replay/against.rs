//! `rauditctl replay --against`: what other rules would do with a log.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rauditctl::catalog::{KernelVersion, record};
use rauditctl::eval::{Evaluator, Files, Verdict, Way};
use rauditctl::ingest::{Assembly, Group, Record, described};
use rauditctl::replay::{Fate, Outcomes};
use serde_json::{Value, json};

use super::shapes::{compiled, event, kernel, written};
use super::{Folder, call};
use crate::no_panic::{cases_or, for_each_of};

/// Returns the rows as `OUTCOME EVENTS RULE`, sorted.
fn rows(against: &Value) -> Vec<String> {
    let rows = against["rows"].as_array().expect("rows").iter();
    let by = |row: &Value| match &row["by"] {
        Value::Null => "-".to_owned(),
        rule => format!("{}:{}", rule["file"].as_str().unwrap(), rule["line"]),
    };
    let shown =
        |row: &Value| format!("{} {} {}", row["outcome"].as_str().unwrap(), row["events"], by(row));
    let mut rows: Vec<String> = rows.map(shown).collect();
    rows.sort();
    rows
}

fn against(log: &str, rules: &str) -> Value {
    let folder = Folder::new(log);
    folder.write("new.rules", rules.as_bytes());
    against_of(&folder)
}

/// Returns what `new.rules` would do with the log of a folder.
pub(super) fn against_of(folder: &Folder) -> Value {
    against_on(folder, KernelVersion::NEWEST)
}

/// Returns what `new.rules` would do with the log of a folder, on a kernel of a version.
fn against_on(folder: &Folder, kernel: KernelVersion) -> Value {
    let kernel = kernel.to_string();
    let rules = ["--rules", "a.rules", "--against", "new.rules"];
    let more = ["audit.log", "--kernel", &kernel, "--format", "json"];
    let (exit, out, err) = folder.run(&[&rules[..], &more].concat());
    assert_eq!(exit, Some(0), "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    crate::schema::check("replay", &report);
    report["against"].clone()
}

/// The kernel writes these records at the end of a call that a rule records (`show_special`, kernel/auditsc.c), those of a
/// changed time since Linux 5.18 (commit 272ceeaea355).
#[test]
fn records_that_only_a_rule_makes_go_with_it() {
    let of = |kind: &str| {
        let call = call(1, 159, "\"time\"", "\"/x\"");
        format!("type={kind} msg=audit(1764230400.001:1): op=freq old=1 new=2\n{call}")
    };
    let outcome = |kind: &str, (major, minor): (u16, u16)| {
        let kernel = KernelVersion::new(major, minor);
        let folder = Folder::new(&of(kind));
        folder.write("a.rules", b"-a always,exit -F arch=b64 -S adjtimex -k time\n");
        folder.write(
            "new.rules",
            b"-a never,exit -F arch=b64 -S adjtimex\n-a always,exit -S adjtimex -k time\n",
        );
        let found = against_on(&folder, kernel);
        found["rows"][0]["outcome"].as_str().expect("a row").to_owned()
    };
    for kind in ["TIME_ADJNTPVAL", "TIME_INJOFFSET"] {
        assert_eq!(
            (outcome(kind, (5, 18)), outcome(kind, (5, 17))),
            ("dropped".into(), "kept".into())
        );
    }
    for kind in ["KERN_MODULE", "MAC_TASK_CONTEXTS"] {
        assert_eq!(outcome(kind, (5, 13)), "dropped");
    }
    assert_eq!(outcome("BPF", (6, 1)), "kept");
}

/// Each event has its outcome, and the sums have the bytes of its records.
#[test]
fn each_event_has_its_outcome() {
    let log = [
        call(1, 59, "\"exec\"", "\"/bin/x\""),
        call(2, 59, "\"exec\"", "\"/bin/quiet\""),
        call(3, 257, "\"identity\"", "\"/etc/shadow\""),
        call(4, 90, "\"perm_mod\"", "\"/x\""),
        call(5, 87, "\"gone\"", "\"/x\""),
        "type=BPF msg=audit(1764230400.900:9): prog-id=1 op=LOAD\n".to_owned(),
    ];
    let found = against(
        &log.concat(),
        "-a never,exit -F arch=b64 -S execve -F path=/bin/quiet\n\
         -a always,exit -F arch=b64 -S execve -k exec\n\
         -a always,exit -F arch=b64 -S openat -k files\n\
         -a always,exit -F arch=b64 -S chmod -F gid=4 -k groups\n\
         -a always,exclude -F msgtype=BPF\n",
    );
    let expected = [
        "dropped 1 -",
        "dropped 1 new.rules:1",
        "dropped 1 new.rules:5",
        "kept 1 new.rules:2",
        "renamed 1 new.rules:3",
        "undecided 1 -",
    ];
    assert_eq!(rows(&found), expected, "{found}");
    let [exec, quiet, identity, chmod, gone, bpf] = log.map(|lines| lines.len());
    for (what, events, bytes) in [
        ("kept", 1, exec),
        ("renamed", 1, identity),
        ("dropped", 3, quiet + gone + bpf),
        ("undecided", 1, chmod),
    ] {
        assert_eq!(found[what], json!({ "events": events, "bytes": bytes }), "{what}");
    }
    let row = |outcome: &str| {
        let mut rows = found["rows"].as_array().unwrap().iter();
        rows.find(|row| row["outcome"] == outcome).unwrap()
    };
    assert_eq!(row("renamed")["keys"], json!(["files"]));
    assert_eq!(row("renamed")["example"]["id"], "audit(1764230400.003:3)");
    // A record has no supplementary groups.
    assert_eq!(row("undecided")["depends_on"], json!(["groups"]));
    assert_eq!(found["rules"], json!(["new.rules"]));
}

/// The list exclude drops single records. The record of another subsystem stays when a rule silences the call, and
/// makes the record of the call appear when none does.
#[test]
fn single_records_are_left_out() {
    let avc = "type=AVC msg=audit(1764230400.001:1): avc:  denied  { read } for  pid=5\n";
    let log = format!("{avc}{}", call(1, 59, "(null)", "\"/bin/x\""));
    let size = |kind: &str| {
        let mut lines = log.lines();
        let line = lines.find(|line| line.starts_with(&format!("type={kind} "))).unwrap();
        line.len() as u64 + 1
    };
    let of_call = log.len() as u64 - size("AVC");
    let drop = |kind: &str| format!("-a always,exclude -F msgtype={kind}\n");
    let exec = "-a always,exit -F arch=b64 -S execve\n";
    for (rules, outcome, left_out) in [
        (String::new(), "kept", 0),
        (exec.to_owned(), "kept", 0),
        ("-a never,exit -F arch=b64 -S execve\n".to_owned(), "kept", of_call),
        ("-a never,task\n".to_owned(), "kept", of_call),
        (drop("PROCTITLE"), "kept", size("PROCTITLE")),
        ([drop("PATH"), drop("CWD")].concat(), "kept", size("PATH") + size("CWD")),
        (drop("SYSCALL"), "kept", of_call),
        // Nothing is left that would make the record of the call appear.
        (drop("AVC"), "dropped", 0),
        ([drop("AVC"), exec.to_owned()].concat(), "kept", size("AVC")),
        ([drop("AVC"), drop("SYSCALL"), exec.to_owned()].concat(), "dropped", 0),
        ("-a always,exclude -F msgtype=AVC -F auid=1000\n".to_owned(), "dropped", 0),
        ("-a always,exclude -F msgtype=AVC -F auid=1001\n".to_owned(), "kept", 0),
        ("-a always,exclude -F msgtype=AVC -F subj_type=x_t\n".to_owned(), "undecided", 0),
    ] {
        let found = against(&log, &format!("{rules}# no rule\n"));
        assert_eq!(found["rows"][0]["outcome"], outcome, "{rules}{found}");
        assert_eq!(found["left_out"], left_out, "{rules}{found}");
        let bytes: u64 = ["kept", "renamed", "dropped", "undecided"]
            .iter()
            .map(|what| found[what]["bytes"].as_u64().unwrap())
            .sum();
        assert_eq!(bytes + left_out, log.len() as u64, "{rules}{found}");
    }
}

/// The message of a program shows the task that sent it, but its program only in the text that the program wrote.
#[test]
fn messages_are_decided_by_their_task() {
    let message = |serial: u32, auid: u32| {
        format!(
            "type=USER_LOGIN msg=audit(1764230400.000:{serial}): pid=7 uid=0 auid={auid} ses=3 msg='op=login \
             exe=\"/usr/sbin/sshd\" res=success'\n"
        )
    };
    let log = [message(1, 1000), message(2, 1001), message(3, 1000)].concat();
    let found = against(&log, "-a always,exclude -F msgtype=USER_LOGIN -F auid=1000\n");
    assert_eq!(rows(&found), ["dropped 2 new.rules:1", "kept 1 -"]);
    let found = against(&log, "-a never,user -F auid=1001\n");
    assert_eq!(rows(&found), ["dropped 1 new.rules:1", "kept 2 -"]);
    let found = against(&log, "-a always,exclude -F msgtype=USER_LOGIN -F exe=/usr/sbin/sshd\n");
    assert_eq!(rows(&found), ["undecided 3 -"]);
}

/// Text of a log does not reach the terminal as it is.
#[test]
fn examples_are_escaped() {
    let folder = Folder::new(&call(1, 59, "\"exec\"", "1B5B33316D0A2F78"));
    folder.write("new.rules", b"-a always,exit -F arch=b64 -S execve -k new\n");
    let (exit, out, err) = folder.run(&["audit.log", "--against", "new.rules"]);
    assert_eq!(exit, Some(0), "{err}");
    assert!(!out.contains('\u{1b}') && out.contains("path="), "{out}");
    assert!(out.contains("key exec -> key new by new.rules:1"), "{out}");
}

/// Records that rules of the list exclude drop, by what these rules say: a type, and whether only for user 1000.
type Drops = BTreeSet<(&'static str, bool)>;

fn is_dropped(drops: &Drops, kind: Option<u32>, auid: Option<u32>) -> bool {
    let number = |name: &str| match name {
        "SYSCALL" => record::SYSCALL,
        "PATH" => record::PATH,
        "CWD" => record::CWD,
        _ => record::SOCKADDR,
    };
    drops
        .iter()
        .any(|(name, is_of_user)| Some(number(name)) == kind && (!is_of_user || auid == Some(1000)))
}

/// The outcome of an event is what the evaluator decides, and what is remembered for its shape.
#[test]
fn outcomes_are_those_of_the_evaluator() {
    let seen = RefCell::new(BTreeMap::<&str, usize>::new());
    for_each_of(cases_or(150), 2_000, |choices| {
        let mut kernel = kernel(choices);
        let mut drops = Drops::new();
        for _ in 0..choices.below(3) {
            let kind = *choices.one(&["SYSCALL", "PATH", "CWD", "SOCKADDR"]);
            let is_of_user = choices.below(2) == 0;
            let user = if is_of_user { " -F auid=1000" } else { "" };
            let rule = compiled(&format!("-a always,exclude -F msgtype={kind}{user}"));
            let _ = kernel.add(&rule.expect("it compiles"));
            drops.insert((kind, is_of_user));
        }
        let evaluator = Evaluator::new(&kernel, KernelVersion::NEWEST, Files::default());
        let mut outcomes = Outcomes::new(&kernel, KernelVersion::NEWEST);
        let mut assembly = Assembly::default();
        let mut check = |group: &mut Box<Group>| {
            let number = outcomes.of(group);
            let outcome = &outcomes.all()[number];
            let found = described(group);
            let decision = evaluator.decide(&found.event);
            let fate = match decision.verdict {
                Verdict::Recorded if decision.keys == found.keys => Fate::Kept,
                Verdict::Recorded => {
                    Fate::Renamed { from: found.keys.clone(), to: decision.keys.clone() }
                }
                Verdict::Undecided => {
                    let recorded = |way: &&Way| way.verdict == Verdict::Recorded;
                    let ways = decision.ways.iter().filter(recorded);
                    let keys = Some(ways.flat_map(|way| way.keys.clone()).collect());
                    Fate::Undecided { depends_on: decision.depends_on().short_names(), keys }
                }
                _ => Fate::Dropped,
            };
            let shown = || written(kernel.rules().cloned());
            assert_eq!(outcome.fate, fate, "{:?}\n{}", found.event, shown());
            if decision.verdict == Verdict::Recorded {
                let auid = found.event.task.auid;
                let kinds: BTreeSet<Option<u32>> = group.records().map(|(kind, _)| kind).collect();
                let without: Vec<u32> = kinds
                    .into_iter()
                    .filter(|kind| is_dropped(&drops, *kind, auid))
                    .flatten()
                    .collect();
                assert_eq!(outcome.without, without, "{}", shown());
                *seen.borrow_mut().entry("without").or_default() +=
                    usize::from(!without.is_empty());
            }
            let name = match fate {
                Fate::Kept => "kept",
                Fate::Renamed { .. } => "renamed",
                Fate::Dropped => "dropped",
                Fate::Undecided { .. } => "undecided",
            };
            *seen.borrow_mut().entry(name).or_default() += 1;
        };
        for serial in 0..40 {
            for line in event(serial, choices).lines() {
                let record = Record::parse(line.as_bytes()).expect("a record");
                assembly.add(&record, 0, &mut check);
            }
        }
        assembly.finish(&mut check);
    });
    let seen = seen.into_inner();
    let count = |name: &str| seen.get(name).copied().unwrap_or(0);
    let all = ["kept", "renamed", "dropped", "undecided", "without"];
    assert!(all.iter().all(|name| count(name) > 0), "{seen:?}");
}
