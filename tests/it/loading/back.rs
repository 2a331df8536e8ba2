//! The rules before a change come back: after a time without `--keep`, with `--undo`, and none of them gets lost.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::fcntl::{Flock, FlockArg};

use super::Changes;
use super::applied::{Applies, NEW, OLD, changes, exits};
use crate::golden::kernel::with_kernel;

/// Waits until a condition holds.
#[track_caller]
fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Returns whether no program holds the lock.
fn is_free(lock: &Path) -> bool {
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
        // A rule that the kernel has refused does not keep it from being locked.
        let mut apply = kernel.program("rauditctl");
        apply.args(["apply", "--confirm", "10m", "--keep-going", &new]);
        exits(&kernel.finish(apply.env("FAKE_KERNEL_AT", "1011:2:refuse:12")), 1);
        exits(&kernel.rauditctl(&["apply", "--keep"]), 0);
        assert!(kernel.rauditctl(&["-s"]).1.starts_with("enabled 2"));
    });
}
