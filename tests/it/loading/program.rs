//! `rauditctl -R` under a fake kernel: the program is interrupted, meets another one, or loses answers.

use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{ADD, Changes, DELETE, SET};
use crate::golden::kernel::{Kernel, Outcome, with_kernel};

const OLD: &str = "\
-b 1000
-w /old/1 -p wa -k old
-w /old/2 -p wa -k old
-a always,exit -F arch=b64 -S openat -k old
-a never,user -F uid=7
";

const NEW: &str = "\
-D
-b 2000
-w /new/1 -p wa -k new
-a always,exit -F arch=b64 -S unlinkat -k new
-a never,exclude -F msgtype=PATH
";

/// The new set, and a rule that the kernel refuses.
fn refused() -> String {
    format!("{NEW}-w /new/1 -p wa -k new\n")
}

/// The rules and the settings as both are listed.
type State = (String, String);

trait Loads {
    /// A command that loads a text.
    fn load(&self, text: &str) -> Command;
    fn state(&self) -> State;
    /// Puts the kernel back to the old set.
    fn restart(&self);
    /// Loads a text with an event; see the head of the source of the kernel.
    fn load_with(&self, text: &str, event: &str) -> Outcome;
    /// The state after a load.
    fn state_after(&self, text: &str) -> State;
}

impl Loads for Kernel {
    fn load(&self, text: &str) -> Command {
        let file = self.path("test.rules");
        fs::write(&file, text).expect("the file is written");
        let mut command = self.program("rauditctl");
        command.arg("-R").arg(file);
        command
    }

    fn state(&self) -> State {
        let ask = |option: &str| self.finish(self.program("rauditctl").arg(option)).1;
        (ask("-l"), ask("-s"))
    }

    fn restart(&self) {
        let _ = fs::remove_file(self.path("state"));
        let (exit, _, stderr) = self.finish(&mut self.load(OLD));
        assert_eq!(exit, Some(0), "{stderr}");
    }

    fn load_with(&self, text: &str, event: &str) -> Outcome {
        self.restart();
        self.finish(self.load(text).env("FAKE_KERNEL_AT", event))
    }

    fn state_after(&self, text: &str) -> State {
        self.load_with(text, "");
        self.state()
    }
}

#[test]
fn reports_how_many_rules_were_loaded() {
    with_kernel(|kernel| {
        let (exit, stdout, stderr) = kernel.load_with(NEW, "");
        assert_eq!((exit, stdout.as_str()), (Some(0), ""));
        assert!(stderr.ends_with("test.rules: 3 rules loaded\n"), "{stderr}");
        // Without `-D` it adds to the rules.
        let (_, _, stderr) = kernel.finish(&mut kernel.load("-a never,user -F uid=9\n"));
        assert!(stderr.ends_with("test.rules: 1 rule loaded\n"), "{stderr}");
    });
}

/// The fake kernel keeps the class bits of a mask, which a real one clears; these rules have none. The tests with a
/// real kernel have others.
#[test]
fn sends_nothing_that_the_kernel_holds() {
    with_kernel(|kernel| {
        let new = "-D\n-b 2000\n-a always,exit -F arch=b64 -S openat\n-A never,exit -S 1 -F uid=7\n-e 1\n";
        let state = kernel.state_after(new);
        let (exit, _, stderr) = kernel.finish(&mut kernel.load(new));
        assert_eq!((exit, kernel.changes()), (Some(0), 0), "{stderr}");
        assert!(stderr.contains("the kernel already holds 2 rules and the settings"), "{stderr}");
        assert_eq!(kernel.state(), state);
        // Another setting, and another order.
        for other in [new.replace("2000", "2001"), new.replace("-A", "-a")] {
            let (exit, _, stderr) = kernel.finish(&mut kernel.load(&other));
            assert_eq!(exit, Some(0), "{stderr}");
            assert!(kernel.changes() > 0, "{other}");
        }
    });
}

/// A signal before each request that a load or its rollback sends. Only the first change starts the danger: before it,
/// a signal ends the program at once, and nothing has changed.
#[test]
fn signals_wait_until_the_kernel_holds_one_set() {
    with_kernel(|kernel| {
        let (old, new) = (kernel.state_after(OLD), kernel.state_after(NEW));
        let moments = [(DELETE, 1), (DELETE, 3), (SET, 1), (ADD, 1), (ADD, 3)];
        let usual = [(15, "SIGTERM"), (2, "SIGINT"), (1, "SIGHUP")];
        // Timers and limits: `alarm` of a calling program outlives exec, as does `ulimit -t`.
        let others = [(14, "SIGALRM"), (24, "SIGXCPU"), (29, "SIGIO")];
        for (number, name) in usual.into_iter().chain(others) {
            for (kind, nth) in moments {
                let event = format!("{kind}:{nth}:signal:{number}");
                check_signal(kernel, NEW, &event, name, number, "3 rules loaded", &new);
            }
        }
        let rollback = [(ADD, 2), (ADD, 4), (ADD, 6), (DELETE, 5), (SET, 2)];
        for (kind, nth) in rollback {
            let event = format!("{kind}:{nth}:signal:15");
            check_signal(kernel, &refused(), &event, "SIGTERM", 15, "nothing was changed", &old);
        }
    });
}

fn check_signal(
    kernel: &Kernel,
    text: &str,
    event: &str,
    name: &str,
    number: i32,
    result: &str,
    state: &State,
) {
    kernel.restart();
    let output = kernel.load(text).env("FAKE_KERNEL_AT", event).output().expect("it can be run");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.signal(), Some(number), "{event}: {stderr}");
    assert!(stderr.contains(result), "{event}: {stderr}");
    let signal = format!("{name} arrived meanwhile and was held back until now\n");
    assert!(stderr.ends_with(&signal), "{event}: {stderr}");
    assert_eq!(kernel.state(), *state, "{event}");
}

#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    with_kernel(|kernel| {
        let new = kernel.state_after(NEW);
        kernel.restart();
        let load = kernel.load(NEW);
        let mut nohup = Command::new("sh");
        nohup.args(["-c", "trap '' HUP; exec \"$0\" \"$@\""]).arg(load.get_program());
        nohup.args(load.get_args());
        kernel.under(nohup.env("FAKE_KERNEL_AT", format!("{DELETE}:2:signal:1")));
        let (exit, _, stderr) = kernel.finish(&mut nohup);
        assert_eq!(exit, Some(0), "{stderr}");
        assert_eq!(kernel.state(), new);
    });
}

/// Nobody reads the pipe of standard output, which is too small for the listing.
#[test]
fn a_reader_that_stalls_does_not_stop_a_load() {
    with_kernel(|kernel| {
        let listed: String = (0..2000).map(|uid| format!("-a never,user -F uid={uid}\n")).collect();
        kernel.restart();
        let mut load = kernel.load(&format!("-D\n{listed}-l\n-a never,user -F uid=4711\n"));
        let _ = fs::remove_file(kernel.path("log"));
        let mut child = load.stdout(Stdio::piped()).spawn().expect("it can be run");
        let is_complete = || {
            let log = fs::read_to_string(kernel.path("log")).unwrap_or_default();
            log.matches(&format!("REQ\t{ADD}\t")).count() == 2001
        };
        let end = Instant::now() + Duration::from_secs(60);
        while !is_complete() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        let was_complete = is_complete();
        let mut out = String::new();
        let mut pipe = child.stdout.take().expect("a pipe");
        pipe.read_to_string(&mut out).expect("it is text");
        assert!(child.wait().expect("it ends").success());
        assert!(was_complete);
        assert_eq!(out.lines().count(), 2000);
    });
}

/// The load is done, so that nothing holds back a signal any more while the answers wait for their reader.
#[test]
fn a_signal_ends_a_program_whose_reader_stalls() {
    with_kernel(|kernel| {
        // The listing is larger than the buffer of a pipe, 64 KiB.
        let rule = |id| format!("-a never,user -F uid={id} -F gid={id} -F auid={id} -F pid={id}\n");
        let listed: String = (1000..3000).map(rule).collect();
        kernel.restart();
        let mut load = kernel.load(&format!("-D\n{listed}-l\n"));
        let mut child = load.stdout(Stdio::piped()).spawn().expect("it can be run");
        let mut pipe = child.stdout.take().expect("a pipe");
        pipe.read_exact(&mut [0; 1]).expect("it prints");
        let kill = format!("kill -TERM {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
        let end = Instant::now() + Duration::from_secs(60);
        while child.try_wait().expect("it can be asked").is_none() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        assert_eq!(child.wait().expect("it ends").signal(), Some(15));
    });
}

/// A single command with many requests is held together too.
#[test]
fn a_deletion_is_not_interrupted() {
    with_kernel(|kernel| {
        kernel.restart();
        let mut delete = kernel.program("rauditctl");
        delete.arg("-D").env("FAKE_KERNEL_AT", format!("{DELETE}:2:signal:15"));
        let output = delete.output().expect("it can be run");
        assert_eq!(output.status.signal(), Some(15));
        assert_eq!(kernel.state().0, "No rules\n");
    });
}

/// The kernel refuses each step of the rollback once; another attempt succeeds.
#[test]
fn tries_every_step_of_a_rollback() {
    with_kernel(|kernel| {
        let old = kernel.state_after(OLD);
        for event in [
            format!("{ADD}:5:refuse:12"),
            format!("{ADD}:6:refuse:2"),
            format!("{SET}:2:refuse:22"),
        ] {
            let (exit, _, stderr) = kernel.load_with(&refused(), &event);
            assert_eq!(exit, Some(1), "{event}: {stderr}");
            assert!(stderr.contains("nothing was changed"), "{event}: {stderr}");
            assert_eq!(kernel.state(), old, "{event}");
        }
    });
}

/// A rule that the kernel does not take back: the fifth rule to be added, and again in every further attempt.
#[test]
fn lists_what_could_not_be_restored() {
    with_kernel(|kernel| {
        let (rules, settings) = kernel.state_after(OLD);
        let refusals: Vec<String> = (5..100)
            .filter(|nth| ![6, 7, 8].contains(nth))
            .map(|nth| format!("{ADD}:{nth}:refuse:2"))
            .collect();
        let (exit, _, stderr) = kernel.load_with(&refused(), &refusals.join(";"));
        assert_eq!(exit, Some(1), "{stderr}");
        let (now, settings_now) = kernel.state();
        assert_eq!(settings_now, settings);
        let missing: Vec<&str> = rules.lines().filter(|line| !now.contains(line)).collect();
        assert_eq!(missing.len(), 1, "{now}");
        let line = format!("missing: {} (No such file or directory)\n", missing[0]);
        assert!(stderr.contains(&line), "{stderr}");
        assert!(!stderr.contains("nothing was changed"), "{stderr}");
    });
}

#[test]
fn lost_answers_do_not_hide_the_truth() {
    with_kernel(|kernel| {
        let old = kernel.state_after(OLD);
        for event in [format!("{DELETE}:2:lose"), format!("{ADD}:2:lose"), format!("{SET}:1:lose")]
        {
            let (exit, _, stderr) = kernel.load_with(NEW, &event);
            assert_eq!(exit, Some(1), "{event}: {stderr}");
            assert!(stderr.contains("answers of the kernel were lost"), "{event}: {stderr}");
            assert!(stderr.contains("nothing was changed"), "{event}: {stderr}");
            assert_eq!(kernel.state(), old, "{event}");
        }
        let locked = format!("{NEW}-e 2\n");
        let (exit, _, stderr) = kernel.load_with(&locked, &format!("{SET}:2:lose"));
        assert_eq!(exit, Some(0), "{stderr}");
        assert!(stderr.ends_with("3 rules loaded\n"), "{stderr}");
        assert!(kernel.state().1.contains("enabled 2\n"));
    });
}

#[test]
fn permanent_requests_come_last_and_are_named() {
    with_kernel(|kernel| {
        let old = kernel.state_after(OLD);
        let permanent = "--loginuid-immutable\n--reset-lost\n-m hello\n";
        let (exit, _, stderr) = kernel.load_with(&format!("{permanent}{}", refused()), "");
        assert_eq!(exit, Some(1), "{stderr}");
        assert!(stderr.contains("nothing was changed"), "{stderr}");
        assert_eq!(kernel.state(), old);

        // The message is refused after the other two.
        let text = format!("{permanent}{NEW}");
        let (exit, _, stderr) = kernel.load_with(&text, "1005:1:refuse:1");
        assert_eq!(exit, Some(1), "{stderr}");
        assert!(!stderr.contains("nothing was changed"), "{stderr}");
        for (line, option) in [(1, "--loginuid-immutable"), (2, "--reset-lost")] {
            let named = format!("`{option}` ({}:{line})", kernel.path("test.rules").display());
            assert!(stderr.contains(&named), "{stderr}");
        }
        assert!(!stderr.contains("`-m hello` ("), "{stderr}");
        assert_eq!(kernel.state().0, old.0);
    });
}

/// While one program deletes the old rules, others come.
#[test]
fn only_one_program_changes_rules_at_a_time() {
    with_kernel(|kernel| {
        let new = kernel.state_after(NEW);
        let program = env!("CARGO_BIN_EXE_rauditctl");
        let (exit, stderr) = (kernel.path("exit"), kernel.path("stderr"));
        let meanwhile = |command: &str| {
            let script = kernel.path("meanwhile.sh");
            let text =
                format!("{command} >{} 2>&1\necho $? >{}\n", stderr.display(), exit.display());
            fs::write(&script, text).expect("the script is written");
            let event = format!("{DELETE}:2:run:sh {}", script.display());
            let (first, _, first_stderr) = kernel.load_with(NEW, &event);
            assert_eq!(first, Some(0), "{first_stderr}");
            assert_eq!(kernel.state(), new);
            let read = |path| fs::read_to_string(path).expect("the other one ran");
            (read(&exit), read(&stderr))
        };
        let other = kernel.path("other.rules");
        fs::write(&other, "-D\n-w /other -p wa\n").expect("the file is written");
        for command in [format!("-R {}", other.display()), "-D".into(), "-e 0".into()] {
            let (exit, stderr) = meanwhile(&format!("{program} {command}"));
            assert_ne!(exit, "0\n", "{stderr}");
            assert!(stderr.contains("another program is changing the audit rules (process "));
            assert!(stderr.contains("nothing was changed"), "{stderr}");
        }
        // Questions change nothing.
        let (exit, stderr) = meanwhile(&format!("{program} -s"));
        assert_eq!(exit, "0\n", "{stderr}");
    });
}

/// auditctl waits for nobody, and others do not disturb it; but they see that it is at work.
#[test]
fn auditctl_takes_the_lock_where_it_can() {
    with_kernel(|kernel| {
        let program = env!("CARGO_BIN_EXE_rauditctl");
        let auditctl = kernel.path("auditctl");
        std::os::unix::fs::symlink(program, &auditctl).expect("the link is made");
        let out = kernel.path("out");
        let run = |outer: &str, inner: &str| {
            kernel.restart();
            let event = format!("{ADD}:1:run:{inner} >{} 2>&1", out.display());
            let mut command = kernel.load(NEW);
            if outer == "auditctl" {
                command = kernel.program("auditctl");
                command.arg("-R").arg(kernel.path("test.rules"));
            }
            let (exit, ..) = kernel.finish(command.env("FAKE_KERNEL_AT", event));
            assert_eq!(exit, Some(0), "{outer}, {inner}");
            fs::read_to_string(&out).expect("the inner one ran")
        };
        let add = "-a never,user -F uid=9";
        assert_eq!(run("rauditctl", &format!("{} {add}", auditctl.display())), "");
        assert_eq!(run("auditctl", &format!("{} {add}", auditctl.display())), "");
        let told = run("auditctl", &format!("{program} {add}"));
        assert!(told.contains("another program is changing the audit rules"), "{told}");
    });
}

/// A refusal that no attempt of a load gets past: every line is refused, in eight datagrams.
#[test]
fn reports_all_of_731_refusals() {
    with_kernel(|kernel| {
        let watches: String =
            (0..731).map(|number| format!("-w /watch/{number} -p wa\n")).collect();
        kernel.load_with(&watches, "");
        let (exit, _, stderr) =
            kernel.finish(&mut kernel.load(&format!("{watches}-w /new -p wa\n")));
        assert_eq!(exit, Some(1));
        assert_eq!(stderr.matches("error[E070]").count(), 731);
        // One refusal early in the file: the rest is counted.
        kernel.load_with("-w /watch/7 -p wa\n", "");
        let (exit, _, stderr) = kernel.finish(&mut kernel.load(&watches));
        assert_eq!((exit, stderr.matches("error[E070]").count()), (Some(1), 1), "{stderr}");
        assert!(stderr.contains("531 more rules not tried after these errors"), "{stderr}");
    });
}
