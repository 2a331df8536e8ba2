//! `rauditctl replay --against`: what it follows from that the old rules made an event.

use std::cell::RefCell;
use std::collections::BTreeMap;

use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::eval::{Evaluator, Event, Files, Verdict};
use rauditctl::ingest::{Assembly, Group, Record, described};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::replay::{Fate, Makers, Outcomes};

use super::shapes::{compiled, event, kernel, written};
use crate::grammar::derive::Choices;
use crate::no_panic::{cases_or, for_each_of};

const VERSION: KernelVersion = KernelVersion::NEWEST;

fn rules(lines: &str) -> KernelModel {
    let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
    for line in lines.lines() {
        kernel.add(&compiled(line).expect("it compiles")).expect("a rule");
    }
    kernel
}

/// Returns the only event of a log.
fn only(log: &str) -> Group {
    let mut found = None;
    let mut assembly = Assembly::default();
    let mut keep = |group: &mut Box<Group>| found = Some((**group).clone());
    for line in log.lines() {
        let record = Record::parse(line.as_bytes()).expect("a record");
        assembly.add(&record, 0, &mut keep);
    }
    assembly.finish(keep);
    found.expect("an event")
}

fn fate(log: &str, old: &KernelModel, new: &KernelModel) -> Fate {
    let mut outcomes = Outcomes::of_log_by(new, old, VERSION);
    let number = outcomes.of(&only(log));
    outcomes.all()[number].fate.clone()
}

/// `rm -r` removes names relative to a descriptor, whose directory no record has.
const REMOVED: &str = "\
type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=263 success=yes exit=0 a0=5 a1=2 a2=0 a3=0 items=2 ppid=1 pid=7 \
auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=x ses=3 comm=\"rm\" exe=\"/usr/bin/rm\" key=\"delete\"
type=CWD msg=audit(1.000:1): cwd=\"/root\"
type=PATH msg=audit(1.000:1): item=0 name=\"/root\" inode=7 dev=08:01 mode=040755 ouid=0 ogid=0 rdev=00:00 nametype=PARENT
type=PATH msg=audit(1.000:1): item=1 name=\"passwd\" inode=8 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=DELETE
";
const WATCH: &str = "-w /etc/passwd -p wa -k identity\n";
const REMOVE: &str = "-a always,exit -F arch=b64 -S unlinkat -k delete\n";

/// Had the watch matched, the event would have its key.
#[test]
fn a_rule_before_the_rule_that_made_an_event_did_not_match() {
    let old = rules(&[WATCH, REMOVE].concat());
    let fate = |new: &str| fate(REMOVED, &old, &rules(new));
    assert_eq!(fate(&[WATCH, REMOVE].concat()), Fate::Kept);
    // The conditions count, not the key or the action.
    let other_key = "-w /etc/passwd -p wa -k other\n";
    assert_eq!(fate(&[other_key, REMOVE].concat()), Fate::Kept);
    let never = "-a never,exit -F path=/etc/passwd -F perm=wa\n";
    assert_eq!(fate(&[never, REMOVE].concat()), Fate::Kept);
    assert_eq!(fate(WATCH), Fate::Dropped);
    let renamed = "-a always,exit -F arch=b64 -S unlinkat -k removed\n";
    let to = vec![b"removed".to_vec()];
    assert_eq!(
        fate(&[WATCH, renamed].concat()),
        Fate::Renamed { from: vec![b"delete".to_vec()], to }
    );
    // Nothing is known about another file, nor about a watch that came after.
    let other = "-w /etc/shadow -p wa -k other\n";
    assert!(matches!(fate(&[other, REMOVE].concat()), Fate::Undecided { .. }));
    let late = rules(&[REMOVE, WATCH].concat());
    let new = rules(&[WATCH, REMOVE].concat());
    assert!(matches!(self::fate(REMOVED, &late, &new), Fate::Undecided { .. }));
}

/// The same rules about calls record an event again, and a rule of another list can drop it.
#[test]
fn the_rule_that_decides_is_named() {
    let old = rules(&[WATCH, REMOVE].concat());
    let outcome = |more: &str| {
        let new = rules(&[WATCH, REMOVE, more].concat());
        let mut outcomes = Outcomes::of_log_by(&new, &old, VERSION);
        let number = outcomes.of(&only(REMOVED));
        let outcome = outcomes.all()[number].clone();
        (outcome.fate, outcome.rule)
    };
    assert_eq!(outcome(""), (Fate::Kept, Some(1)));
    let other = "-a always,exclude -F msgtype=AVC\n";
    let drops = "-a always,exclude -F msgtype=SYSCALL\n";
    assert_eq!(outcome(&[other, drops].concat()), (Fate::Dropped, Some(3)));
}

/// A rule that tests the groups of a process, which no record has, has matched if it made the event.
#[test]
fn the_rule_that_made_an_event_matched() {
    let log = REMOVED.replace("\"delete\"", "\"admins\"");
    let admins = "-a always,exit -F arch=b64 -S unlinkat -F gid=4 -k admins\n";
    let old = rules(&[admins, REMOVE].concat());
    assert_eq!(fate(&log, &old, &rules(admins)), Fate::Kept);
    assert_eq!(fate(&log, &old, &rules(REMOVE)), fate(&log, &rules(REMOVE), &rules(REMOVE)));
    let other = "-a always,exit -F arch=b64 -S unlinkat -F gid=5 -k admins\n";
    assert!(matches!(fate(&log, &old, &rules(other)), Fate::Undecided { .. }));
}

/// Returns rules that are partly those of a kernel, in any order.
fn changed(old: &KernelModel, choices: &mut Choices<'_>) -> KernelModel {
    let mut all: Vec<_> = old.rules().cloned().collect();
    all.extend(kernel(choices).rules().take(choices.below(3)).cloned());
    let mut new = KernelModel::new(old.profile());
    while !all.is_empty() {
        // Mostly in order, and most of them.
        let at = if choices.below(4) == 0 { choices.below(all.len()) } else { 0 };
        let rule = all.remove(at);
        if choices.below(5) > 0 {
            let _ = new.add(&rule);
        }
    }
    new
}

/// Returns the event with what no record shows: the groups of the process, and the directory of a descriptor.
fn complete(mut event: Event, choices: &mut Choices<'_>) -> Event {
    event.task.groups = Some(choices.one(&[vec![], vec![0], vec![9], vec![0, 9]]).clone());
    if event.cwd.is_none() {
        event.cwd = Some(choices.one(&["/w", "/x", "/"]).as_bytes().to_vec());
    }
    event
}

/// An outcome is true of the event with all that the log does not show, and there are more outcomes than without the rules
/// that made it.
#[test]
fn what_is_deduced_is_true() {
    let seen = RefCell::new(BTreeMap::<&str, usize>::new());
    for_each_of(cases_or(400), 2_000, |choices| {
        let old = kernel(choices);
        let new = changed(&old, choices);
        let decides = |kernel: &KernelModel| Evaluator::new(kernel, VERSION, Files::default());
        let (before, after) = (decides(&old), decides(&new));
        for serial in 0..20 {
            let log = event(serial, choices);
            let all = complete(described(&only(&log)).event, choices);
            let made = before.decide(&all);
            if made.verdict != Verdict::Recorded {
                continue;
            }
            let key = match made.keys.as_slice() {
                [] => "(null)".to_owned(),
                keys => format!("\"{}\"", String::from_utf8_lossy(&keys.join(&1))),
            };
            let (head, _) = log.split_once(" key=").expect("a key");
            let (_, tail) = log.split_once('\n').expect("a line");
            let log = format!("{head} key={key}\n{tail}");
            let truth = after.decide(&all);
            let found = fate(&log, &old, &new);
            let name = match (&found, truth.verdict) {
                (_, Verdict::Undecided) => "undecided",
                (Fate::Undecided { keys: Some(keys), .. }, verdict) => {
                    let can_be = verdict != Verdict::Recorded
                        || truth.keys.iter().all(|key| keys.contains(key));
                    assert!(can_be, "{keys:?}, but {truth:?}\n{log}");
                    "undecided"
                }
                (Fate::Kept, Verdict::Recorded) if truth.keys == made.keys => "kept",
                (Fate::Renamed { to, .. }, Verdict::Recorded) if truth.keys == *to => "renamed",
                (Fate::Dropped, Verdict::Unmatched | Verdict::Silenced) => "dropped",
                _ => panic!(
                    "{found:?}, but {truth:?}\n{log}\n{all:?}\n{}\n--\n{}",
                    written(old.rules().cloned()),
                    written(new.rules().cloned())
                ),
            };
            *seen.borrow_mut().entry(name).or_default() += 1;
            let mut alone = Outcomes::new(&new, VERSION);
            let number = alone.of(&only(&log));
            if matches!(alone.all()[number].fate, Fate::Undecided { .. }) && name != "undecided" {
                *seen.borrow_mut().entry("more").or_default() += 1;
            }
        }
    });
    let seen = seen.into_inner();
    let all = ["kept", "renamed", "dropped", "undecided", "more"];
    assert!(all.iter().all(|name| seen.contains_key(name)), "{seen:?}");
}

/// Rules that stay keep what they have made.
#[test]
fn the_same_rules_keep_what_they_made() {
    let kept = RefCell::new(0);
    for_each_of(cases_or(200), 2_000, |choices| {
        let rules = kernel(choices);
        for serial in 0..20 {
            let log = event(serial, choices);
            let group = only(&log);
            let mut makers = Makers::new(&rules, VERSION);
            let number = makers.of(&group);
            if !makers.all()[number].rules().is_empty() {
                let shown = || format!("{log}\n{}", written(rules.rules().cloned()));
                assert_eq!(fate(&log, &rules, &rules), Fate::Kept, "{}", shown());
                *kept.borrow_mut() += 1;
            }
        }
    });
    assert!(kept.into_inner() > 0);
}
