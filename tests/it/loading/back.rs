//! The rules before a change come back: after a time without `--keep`, with `--undo`, and none of them gets lost.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::fcntl::{Flock, FlockArg};

use super::Changes;
use super::applied::{Applies, NEW, OLD, changes, exits};
use crate::golden::kernel::{Kernel, Outcome, with_kernel};

/// Waits until a condition holds.
#[track_caller]
pub(super) fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Returns whether no program holds the lock.
pub(super) fn is_free(lock: &Path) -> bool {
    let file = fs::File::open(lock).expect("the lock is there");
    Flock::lock(file, FlockArg::LockExclusiveNonblock).is_ok()
}

#[test]
fn goes_back_unless_the_change_is_kept() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        let new = kernel.write("new.rules", &format!("{NEW}-e 2\n"));
        let pending = kernel.path("run/pending.json");
        exits(&kernel.rauditctl(&["apply", "--confirm", "1s", &new]), 0);
        until("the change is undone", || !pending.exists());
        assert_eq!(kernel.listing(), old);
        until("the lock is free", || is_free(&kernel.path("state.run/lock")));

        exits(&kernel.rauditctl(&["apply", "--confirm", "10m", &new]), 0);
        let changed = kernel.listing();
        assert_ne!(changed, old);
        // Another change must wait, and the lock comes with --keep.
        let other = kernel.write("other.rules", OLD);
        exits(&kernel.rauditctl(&["apply", &other]), 2);
        let waits = "a change waits for `rauditctl apply --keep`; without it, the rules before that change come back";
        let loaded = kernel.rauditctl(&["-R", &kernel.write("setting.rules", "-e 1\n")]);
        assert!(loaded.0 == Some(0) && loaded.2.contains(waits), "{loaded:?}");
        for (option, is_change) in [("-l", false), ("-w", true), ("-W", true)] {
            let path = if is_change { &["/etc/waits"][..] } else { &[] };
            let ran = kernel.rauditctl(&[&[option], path].concat());
            assert_eq!((ran.0, ran.2.contains(waits)), (Some(0), is_change), "{ran:?}");
        }
        assert!(kernel.rauditctl(&["-s"]).1.starts_with("enabled 1"));
        exits(&kernel.rauditctl(&["apply", "--keep"]), 0);
        assert!(kernel.rauditctl(&["-s"]).1.starts_with("enabled 2"));
        assert_eq!(kernel.listing(), changed);
        exits(&kernel.rauditctl(&["apply", "--keep"]), 2);
        // A locked kernel: the plan is shown, nothing is sent.
        let locked = kernel.rauditctl(&["apply", &other]);
        exits(&locked, 4);
        assert!(locked.1.contains("next boot"), "{}", locked.1);
        assert_eq!(kernel.changes(), 0);
    });
}

/// The rules before come back also if the program that changed them is killed half way.
#[test]
fn goes_back_after_a_kill() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        let new = kernel.write("new.rules", NEW);
        let pending = kernel.path("run/pending.json");
        let mut killed: Command = kernel.program("rauditctl");
        killed.args(["apply", "--confirm", "1s", &new]).env("FAKE_KERNEL_AT", "1011:2:signal:9");
        assert_eq!(kernel.finish(&mut killed).0, None);
        until("the change is undone", || !pending.exists());
        assert_eq!(kernel.listing(), old);
        // Without a confirmation, the next run converges, and no bridge is left.
        let mut killed: Command = kernel.program("rauditctl");
        killed.args(["apply", "--exact-order", &new]).env("FAKE_KERNEL_AT", "1011:2:signal:9");
        assert_eq!(kernel.finish(&mut killed).0, None);
        assert!(kernel.listing().contains("-F arch=b64 -F arch=b64"), "{}", kernel.listing());
        exits(&kernel.rauditctl(&["apply", "--exact-order", &new]), 0);
        exits(&kernel.rauditctl(&["plan", "--exact", "--exact-order", &new]), 0);
    });
}

#[test]
fn undoes_the_last_change() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        let settings = kernel.rauditctl(&["-s"]).1;
        let new = kernel.write("new.rules", NEW);
        exits(&kernel.rauditctl(&["apply", &new]), 0);
        assert_ne!(kernel.listing(), old);
        exits(&kernel.rauditctl(&["apply", "--undo"]), 0);
        assert_eq!((kernel.listing(), kernel.rauditctl(&["-s"]).1), (old, settings));
    });
}

#[test]
fn goes_back_without_touching_rules_of_others() {
    with_kernel(|kernel| {
        let old = "-w /a -p wa -k site-a\n-w /b -p wa -k other\n";
        let own = ["--own-keys", "site-*"];
        exits(&changes(kernel, &own, old, "-w /c -p wa -k site-c\n"), 0);
        exits(&kernel.rauditctl(&["-w", "/d", "-p", "wa", "-k", "other"]), 0);
        exits(&kernel.rauditctl(&["apply", "--undo"]), 0);
        let mut listed: Vec<String> = kernel.listing().lines().map(str::to_owned).collect();
        listed.sort();
        assert_eq!(
            listed,
            ["-w /a -p wa -k site-a", "-w /b -p wa -k other", "-w /d -p wa -k other"]
        );

        let new = kernel.write("new.rules", "-w /c -p wa -k site-c\n");
        exits(&kernel.rauditctl(&["apply", "--confirm", "2s", own[0], own[1], &new]), 0);
        // The process that goes back writes to the same log, and may have the lock already.
        let mut other = kernel.program("auditctl");
        other.args(["-w", "/e", "-p", "wa", "-k", "other"]);
        other.env("FAKE_KERNEL_LOG", kernel.path("other.log"));
        assert!(other.status().expect("it runs").success());
        let pending = kernel.path("run/pending.json");
        until("the change is undone", || !pending.exists());
        let listed = kernel.listing();
        assert!(
            listed.contains("/e ") && listed.contains("/a ") && !listed.contains("/c "),
            "{listed}"
        );
    });
}

/// Of the states to go back to, none is lost to a change that was not made.
#[test]
fn keeps_the_states_before_changes() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        exits(&kernel.rauditctl(&["apply", &kernel.write("new.rules", NEW)]), 0);
        // The next state cannot be written.
        let part = kernel.path("lib/before-1.part");
        fs::create_dir(&part).expect("a directory");
        let other = kernel.write("other.rules", "-w /other -p wa -k other\n");
        (0..6).for_each(|_| exits(&kernel.rauditctl(&["apply", &other]), 2));
        fs::remove_dir(&part).expect("it is empty");
        // Changes that leave everything as it is do not push it out either.
        for _ in 0..6 {
            let mut apply = kernel.program("rauditctl");
            apply.args(["apply", "--keep-going", &other]).env("FAKE_KERNEL_FAIL", "1011:12");
            exits(&kernel.finish(&mut apply), 1);
        }
        exits(&kernel.rauditctl(&["apply", "--confirm", "1s", &other]), 0);
        let pending = kernel.path("run/pending.json");
        until("the change is undone", || !pending.exists());
        until("the lock is free", || is_free(&kernel.path("state.run/lock")));
        while kernel.listing() != old {
            exits(&kernel.rauditctl(&["apply", "--undo"]), 0);
        }
    });
}

#[test]
fn a_change_is_kept_as_it_is_or_not_at_all() {
    with_kernel(|kernel| {
        kernel.restart();
        let new = kernel.write("new.rules", &format!("{NEW}-e 2\n"));
        exits(&kernel.rauditctl(&["apply", "--confirm", "10m", &new]), 0);
        exits(&kernel.rauditctl(&["-D"]), 0);
        let kept = kernel.rauditctl(&["apply", "--keep"]);
        exits(&kept, 1);
        assert!(!kept.2.contains("the change is kept"), "{kept:?}");
        assert!(kernel.rauditctl(&["-s"]).1.starts_with("enabled 1"));
        // It waits on, and goes back in time.
        assert!(kernel.path("run/pending.json").exists() && kept.2.contains("come back in"));
        exits(&kernel.rauditctl(&["apply", "--undo"]), 0);
        // A rule that the kernel has refused does not keep it from being locked.
        let mut apply = kernel.program("rauditctl");
        apply.args(["apply", "--confirm", "10m", "--keep-going", &new]);
        exits(&kernel.finish(apply.env("FAKE_KERNEL_AT", "1011:2:refuse:12")), 1);
        exits(&kernel.rauditctl(&["apply", "--keep"]), 0);
        assert!(kernel.rauditctl(&["-s"]).1.starts_with("enabled 2"));
    });
}

/// What `--undo` goes back to, and the JSON of `--keep` and `--undo`.
#[test]
fn lists_the_states_and_reports_as_json() {
    with_kernel(|kernel| {
        let json = |outcome: &Outcome| -> serde_json::Value {
            serde_json::from_str(&outcome.1).unwrap_or_else(|error| panic!("{error}: {outcome:?}"))
        };
        let list = ["apply", "--undo", "--list"];
        let none = kernel.rauditctl(&list);
        exits(&none, 0);
        assert!(none.1.starts_with("There are no rules to go back to"), "{none:?}");

        kernel.restart();
        exits(&kernel.rauditctl(&["apply", &kernel.write("new.rules", NEW)]), 0);
        let one = kernel.write("one.rules", "-w /one -p wa -k one\n-e 2\n");
        // Of OLD and NEW, 4 rules each; before OLD the kernel had none.
        exits(&kernel.rauditctl(&["apply", "--confirm", "10m", &one]), 0);
        let kept = kernel.rauditctl(&["apply", "--keep", "--format=json"]);
        exits(&kept, 0);
        let report = json(&kept);
        crate::schema::check("plan", &report);
        let setting = serde_json::json!([
            { "name": "enabled", "from": 1, "to": 2, "source": format!("{one}:2") }
        ]);
        assert_eq!((&report["settings"], &report["count"]["stay"]), (&setting, &1.into()));
        let all = kernel.rauditctl(&[&list[..], &["--format=json"]].concat());
        let states = json(&all);
        crate::schema::check("states", &states);
        let rules = states["states"].as_array().expect("a list").iter().map(|one| &one["rules"]);
        assert_eq!(rules.collect::<Vec<_>>(), [4, 4, 0], "{states:#}");
        let text = kernel.rauditctl(&list).1;
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("1  before the change of 20"), "{text}");
        assert!(lines[0].ends_with("Z: 4 rules") && lines[2].ends_with("Z: 0 rules"), "{text}");
        assert_eq!(kernel.changes(), 0);
    });
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        exits(&kernel.rauditctl(&["apply", &kernel.write("new.rules", NEW)]), 0);
        let undone = kernel.rauditctl(&["apply", "--undo", "--format=json"]);
        exits(&undone, 0);
        let report: serde_json::Value = serde_json::from_str(&undone.1).expect("JSON");
        crate::schema::check("plan", &report);
        // Of the rules of NEW, two come to OLD's, and two of OLD's come back.
        let count = &report["count"];
        assert_eq!((&count["add"], &count["delete"]), (&2.into(), &2.into()), "{report:#}");
        assert_eq!(kernel.listing(), old);
    });
}

/// The result names what was given, and counts many files.
#[test]
fn the_result_is_one_short_line() {
    with_kernel(|kernel| {
        kernel.restart();
        let folder = kernel.path("rules.d");
        fs::create_dir(&folder).expect("a folder");
        for number in 0..20 {
            let rule = format!("-w /many/{number} -p wa -k many\n");
            fs::write(folder.join(format!("{number}.rules")), rule).expect("a file");
        }
        let folder = folder.to_str().expect("a path").to_owned();
        let result = |outcome: &Outcome| {
            exits(outcome, 0);
            outcome
                .2
                .lines()
                .find(|line| line.contains("rules loaded"))
                .expect("a result")
                .to_owned()
        };
        let applied = kernel.rauditctl(&["apply", &folder]);
        assert!(result(&applied).starts_with(&format!("{folder}: 20 of 20 rules loaded")));
        let files: Vec<String> = (0..20).map(|number| format!("{folder}/{number}.rules")).collect();
        let mut arguments = vec!["apply"];
        arguments.extend(files.iter().skip(1).map(String::as_str));
        let applied = kernel.rauditctl(&arguments);
        assert!(result(&applied).starts_with("19 files: 19 of 19 rules loaded"), "{applied:?}");
        let waits = kernel.rauditctl(&["apply", "--confirm", "10m", &files[0]]);
        assert!(
            waits.2.contains("goes back in 10 min unless: rauditctl apply --keep"),
            "{waits:?}"
        );
        exits(&kernel.rauditctl(&["apply", "--keep"]), 0);
    });
}

/// The states, each with the number of its rules.
fn states(kernel: &Kernel) -> Vec<String> {
    let list = kernel.rauditctl(&["apply", "--undo", "--list"]);
    exits(&list, 0);
    let lines = list.1.lines().filter(|line| line.contains("before the change of"));
    lines.map(|line| line.rsplit(": ").next().unwrap_or_default().to_owned()).collect()
}

/// A change that was undone, or that changed nothing, takes no state away and leaves none.
#[test]
fn a_change_that_changes_nothing_leaves_the_states() {
    with_kernel(|kernel| {
        kernel.restart();
        for number in 1..=6 {
            let rules: String = (0..number).map(|at| format!("-w /s/{at} -p wa -k s\n")).collect();
            exits(&kernel.rauditctl(&["apply", &kernel.write("s.rules", &rules)]), 0);
        }
        let five: Vec<String> = (1..=5)
            .rev()
            .map(|at| format!("{at} rule{}", if at == 1 { "" } else { "s" }))
            .collect();
        assert_eq!(states(kernel), five);
        let more = kernel.write("more.rules", "-w /more -p wa -k s\n");
        let refuse = |options: &[&str], exit: i32| {
            let mut apply = kernel.program("rauditctl");
            apply.arg("apply").args(options).env("FAKE_KERNEL_FAIL", "1011:22");
            exits(&kernel.finish(&mut apply), exit);
        };
        refuse(&[&more], 2);
        assert_eq!(states(kernel), five);
        let old = kernel.path("s.rules");
        refuse(&["--keep-going", old.to_str().expect("a path"), &more], 1);
        assert_eq!(states(kernel), five);
    });
}

/// The message about a damaged state asks to delete it. Then the state before it is the last one.
#[test]
fn a_state_that_was_deleted_is_passed_over() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        exits(&kernel.rauditctl(&["apply", &kernel.write("new.rules", NEW)]), 0);
        exits(
            &kernel.rauditctl(&["apply", &kernel.write("one.rules", "-w /one -p wa -k one\n")]),
            0,
        );
        let last = kernel.path("lib/before-1.json");
        fs::write(&last, "garbage").expect("it is written");
        assert!(kernel.rauditctl(&["apply", "--undo"]).2.contains("so delete it"));
        fs::remove_file(&last).expect("it is there");
        assert_eq!(states(kernel)[0], "4 rules");
        exits(&kernel.rauditctl(&["apply", "--undo"]), 0);
        assert_eq!(kernel.listing(), old);
        assert_eq!(states(kernel), ["0 rules"]);
    });
}

/// A state that cannot be read hides no other. `--undo` needs the first, so without it there is no answer.
#[test]
fn an_unreadable_state_hides_no_other() {
    with_kernel(|kernel| {
        kernel.restart();
        exits(&kernel.rauditctl(&["apply", &kernel.write("new.rules", NEW)]), 0);
        exits(&kernel.rauditctl(&["apply", &kernel.write("one.rules", "-w /one -k one\n")]), 0);
        let file = |number: usize| kernel.path(&format!("lib/before-{number}.json"));
        let list = |exit: i32| {
            let list = kernel.rauditctl(&["apply", "--undo", "--list"]);
            exits(&list, exit);
            let all = kernel.rauditctl(&["apply", "--undo", "--list", "--format=json"]);
            exits(&all, exit);
            let all: serde_json::Value = serde_json::from_str(&all.1).expect("JSON");
            crate::schema::check("states", &all);
            let count = |name: &str| all[name].as_array().map_or(0, Vec::len);
            let lines: Vec<String> = list.1.lines().map(str::to_owned).collect();
            assert_eq!((lines.len(), count("states") + count("unusable")), (4, 3), "{list:?}");
            lines
        };
        fs::write(file(2), "garbage\x1b[2J").expect("it is written");
        let lines = list(0);
        assert!(lines[0].ends_with("Z: 4 rules") && lines[2].ends_with("Z: 0 rules"), "{lines:?}");
        let named = format!("2  cannot be used: `{}`: it is not", file(2).display());
        assert!(lines[1].starts_with(&named), "{lines:?}");
        // The next time, it would be the state that cannot be used.
        assert!(lines[3].ends_with("goes back to number 1."), "{lines:?}");

        fs::rename(file(2), file(1)).expect("it is moved");
        fs::write(file(2), "{}").expect("it is written");
        let lines = list(2);
        assert!(lines[1].contains("missing field") && lines[2].ends_with("Z: 0 rules"));
        assert!(lines[3].contains("cannot go back to number 1"), "{lines:?}");
        fs::write(file(3), "").expect("it is written");
        list(2);
    });
}
