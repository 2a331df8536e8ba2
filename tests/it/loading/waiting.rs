//! The process that waits for `--keep`: its signals, its end, and what it reports later.

use std::fs;
use std::io::Read;
use std::path::Path;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::applied::{Applies, NEW, exits};
use super::back::{is_free, until};
use crate::golden::kernel::{Kernel, with_kernel};

/// Changes the rules, and returns the process that waits.
fn wait(kernel: &Kernel, rules: &str) -> Pid {
    let new = kernel.write("new.rules", rules);
    exits(&kernel.rauditctl(&["apply", "--confirm", "10m", &new]), 0);
    let text = fs::read(kernel.path("run/pending.json")).expect("a change waits");
    let pending: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let id = pending["process"].as_i64().expect("a process");
    Pid::from_raw(id.try_into().expect("an id"))
}

/// Ends the process with SIGKILL, which nothing can hold back.
fn end(process: Pid) {
    kill(process, Signal::SIGKILL).expect("it runs");
    until_gone(process);
}

fn until_gone(process: Pid) {
    let stat = Path::new("/proc").join(process.to_string()).join("stat");
    let is_gone = || fs::read_to_string(&stat).map_or(true, |text| text.contains(") Z "));
    until("the process has ended", is_gone);
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A shutdown sends SIGTERM; control-C and the end of a terminal send the others.
#[test]
fn only_sigterm_ends_the_waiting() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        let process = wait(kernel, NEW);
        let comm = Path::new("/proc").join(process.to_string()).join("comm");
        assert_eq!(fs::read_to_string(comm).expect("it runs").trim(), "rauditctl");
        for signal in [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGUSR1] {
            kill(process, signal).expect("it runs");
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
        let pending = kernel.path("run/pending.json");
        assert!(pending.exists() && kernel.listing() != old);
        kill(process, Signal::SIGTERM).expect("it runs still");
        until("the change is undone", || !pending.exists());
        until("the lock is free", || is_free(&kernel.path("state.run/lock")));
        assert_eq!(kernel.listing(), old);

        // Who comes too late learns what has happened.
        let late = kernel.rauditctl(&["apply", "--keep", "--format=json"]);
        exits(&late, 2);
        assert!(late.2.contains("was undone at 20") && late.2.contains("SIGTERM"), "{late:?}");
        let answer = json(&late.1);
        crate::schema::check("not-kept", &answer);
        assert_eq!(answer["last_confirm"]["end"], "undone", "{answer:#}");
        let list = kernel.rauditctl(&["apply", "--undo", "--list"]);
        assert!(list.1.contains("was undone at 20"), "{list:?}");
    });
}

/// No command reports that a change goes back whose process was killed.
#[test]
fn a_killed_process_is_noticed() {
    with_kernel(|kernel| {
        let stays = "is gone, so that change stays";
        kernel.restart();
        let old = kernel.listing();
        let new = kernel.write("new.rules", &format!("{NEW}-e 2\n"));
        end(wait(kernel, &format!("{NEW}-e 2\n")));
        let watched = kernel.rauditctl(&["-w", "/more", "-p", "wa", "-k", "more"]);
        assert!(watched.2.contains(stays) && watched.2.contains("apply --undo"), "{watched:?}");
        exits(&kernel.rauditctl(&["-W", "/more", "-p", "wa", "-k", "more"]), 0);
        let again = kernel.rauditctl(&["apply", &kernel.write("only.rules", NEW)]);
        assert!(again.2.contains(stays) && !again.2.contains("goes back in"), "{again:?}");
        // It can be undone, kept, or changed again.
        exits(&kernel.rauditctl(&["apply", "--undo"]), 0);
        assert_eq!(kernel.listing(), old);

        end(wait(kernel, NEW));
        let other = kernel.rauditctl(&["apply", &kernel.write("other.rules", "-w /o -k o\n")]);
        exits(&other, 0);
        assert!(other.2.contains(stays), "{other:?}");

        let process = wait(kernel, &format!("{NEW}-e 2\n"));
        let waits = kernel.rauditctl(&["apply", &new]);
        assert!(waits.2.contains("another change waits"), "{waits:?}");
        end(process);
        let kept = kernel.rauditctl(&["apply", "--keep"]);
        exits(&kept, 0);
        assert!(kept.2.contains("was gone before"), "{kept:?}");
        assert!(kernel.rauditctl(&["-s"]).1.starts_with("enabled 2"));
        let twice = kernel.rauditctl(&["apply", "--keep"]);
        assert!(twice.2.contains("no change waits to be kept: the change of 20"), "{twice:?}");
        assert!(twice.2.contains("was kept at 20"), "{twice:?}");
    });
}

/// A process with the same number that was started at another time is another process.
#[test]
fn another_process_with_its_number_does_not_count() {
    with_kernel(|kernel| {
        kernel.restart();
        end(wait(kernel, NEW));
        let pending = kernel.path("run/pending.json");
        let text = fs::read_to_string(&pending).expect("a change waits");
        let mut changed = json(&text);
        changed["process"] = std::process::id().into();
        fs::write(&pending, changed.to_string()).expect("it is written");
        let watched = kernel.rauditctl(&["-w", "/more", "-p", "wa", "-k", "more"]);
        assert!(watched.2.contains("is gone, so that change stays"), "{watched:?}");
    });
}

/// What cannot be undone waits for `--keep`, and is named.
#[test]
fn what_cannot_be_undone_is_named() {
    with_kernel(|kernel| {
        kernel.restart();
        let new = kernel.write("new.rules", &format!("{NEW}-e 2\n"));
        let applied = kernel.rauditctl(&["apply", "--confirm", "10m", &new]);
        let note = "enabled stays 1 until then: --keep sets it to 2, which cannot be undone";
        assert!(applied.2.contains(note), "{applied:?}");
        exits(&kernel.rauditctl(&["apply", "--undo"]), 0);
        let uids = kernel.write("uids.rules", &format!("{NEW}--loginuid-immutable\n"));
        exits(&kernel.rauditctl(&["apply", &uids]), 0);
        let undone = kernel.rauditctl(&["apply", "--undo"]);
        exits(&undone, 0);
        assert!(undone.2.contains("login uids stay immutable until the next boot"), "{undone:?}");
    });
}

#[test]
fn goes_back_after_a_refused_keep() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        let process = wait(kernel, NEW);
        exits(&kernel.rauditctl(&["-D"]), 0);
        let kept = kernel.rauditctl(&["apply", "--keep"]);
        exits(&kept, 1);
        assert!(kept.2.contains("nothing was kept") && kept.2.contains("come back in"), "{kept:?}");
        kill(process, Signal::SIGTERM).expect("it still waits");
        until("the change is undone", || !kernel.path("run/pending.json").exists());
        assert_eq!(kernel.listing(), old);
    });
}

/// The process that goes back has the rules before from the beginning: a file that is damaged meanwhile, as by a full file
/// system, ends nothing.
#[test]
fn goes_back_with_a_damaged_file() {
    for damage in ["", "{\"process\":", "garbage"] {
        with_kernel(move |kernel| {
            kernel.restart();
            let old = kernel.listing();
            let process = wait(kernel, NEW);
            let pending = kernel.path("run/pending.json");
            fs::write(&pending, damage).expect("it is written");
            // Longer than the process waits between two looks at the file.
            std::thread::sleep(std::time::Duration::from_millis(500));
            for command in [&["apply", "--keep"][..], &["apply", &kernel.write("o.rules", "-D\n")]]
            {
                let refused = kernel.rauditctl(command);
                exits(&refused, 2);
                assert!(refused.2.contains("pending.json`: "), "{refused:?}");
                assert!(refused.2.contains("now with `rauditctl apply --undo`"), "{refused:?}");
            }
            let answer = kernel.rauditctl(&["apply", "--keep", "--format=json"]);
            crate::schema::check("not-kept", &json(&answer.1));
            assert_ne!(kernel.listing(), old);
            kill(process, Signal::SIGTERM).expect("it still waits");
            until("the change is undone", || !pending.exists());
            until("the lock is free", || is_free(&kernel.path("state.run/lock")));
            assert_eq!(kernel.listing(), old);
            let list = kernel.rauditctl(&["apply", "--undo", "--list"]).1;
            assert!(list.contains("was undone at 20") && list.contains("pending.json"), "{list}");
        });
    }
}

/// `--undo` ends the waiting of a change whose file is damaged. Otherwise, what is changed later would be undone.
#[test]
fn undo_ends_the_waiting_with_a_damaged_file() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        let process = wait(kernel, NEW);
        fs::write(kernel.path("run/pending.json"), "garbage").expect("it is written");
        let watch = ["-w", "/more", "-p", "wa", "-k", "more"];
        let warned = kernel.rauditctl(&watch);
        exits(&warned, 0);
        assert!(warned.2.contains("may be undone too"), "{warned:?}");
        exits(&kernel.rauditctl(&["apply", "--undo"]), 0);
        assert_eq!(kernel.listing(), old);
        until_gone(process);
        let list = kernel.rauditctl(&["apply", "--undo", "--list"]).1;
        assert!(list.contains("With --confirm, the change of 20") && list.contains("came first"));
    });
}

/// The person who forgot `--keep` sees it where the change was made; a session of its own has no terminal.
#[test]
fn the_terminal_is_told_of_the_end() {
    with_kernel(|kernel| {
        kernel.restart();
        let new = kernel.write("new.rules", NEW);
        let pty = nix::pty::openpty(None, None).expect("a terminal");
        let mut apply = kernel.program("rauditctl");
        apply.args(["apply", "--confirm", "1s", &new]);
        apply.stderr(pty.slave.try_clone().expect("a copy"));
        exits(&kernel.finish(&mut apply), 0);
        // The command itself no longer has the terminal open; the end of the waiting is all that can still come.
        let mut master = fs::File::from(pty.master);
        let mut told = String::new();
        let mut buffer = [0; 4096];
        while !told.contains("holds the rules before again") {
            let read = master.read(&mut buffer).expect("the terminal is open");
            told += &String::from_utf8_lossy(&buffer[..read]);
        }
        let end = told.find("\r\nrauditctl: the change of 20").expect("the end");
        assert!(told[..end].contains("goes back in 1 second unless"), "{told}");
        assert!(told[end..].contains("was undone: it was not kept in time"), "{told}");
        until("the lock is free", || is_free(&kernel.path("state.run/lock")));
    });
}
