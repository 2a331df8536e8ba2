//! What Debian does at boot, with its own script and its own auditctl, and then with ours in its place.

use std::time::Duration;

use crate::harness::Guest;
use crate::job::{Job, Outcome, Step};
use crate::rules;
use crate::shared::outcomes;

/// Rules files that auditd ships. `99-finalize.rules` would lock the rules, but its line is commented out.
const FILES: [&str; 8] = [
    "10-base-config.rules",
    "11-loginuid.rules",
    "22-ignore-chrony.rules",
    "30-stig.rules",
    "42-injection.rules",
    "43-module-load.rules",
    "71-networking.rules",
    "99-finalize.rules",
];

/// A file with an indented comment, an option that augenrules moves to the end, and an option that it moves to the start.
const LOCAL: &str = "\
  # indented comment
-e 1
-a always,exit -F arch=b32 -S unlink,unlinkat -F auid>=1000 -F auid!=unset -k gone

-w /etc/shadow\\ copy -p wa -k local
-b 320
-a never,exclude -F msgtype=CWD
";

/// A file whose second line is wrong.
const WRONG: &str = "\
-w /etc/before -p wa -k before
-a always,exit -F arch=b64 -S opennat -k wrong
-w /etc/after -p wa -k after
";

/// `boots WHO`: what is done at boot and after it, by whichever auditctl is at `/sbin/auditctl`.
const SCRIPT: &str = "
chmod 755 /sbin/augenrules
ln -s busybox /bin/ls
cp /sbin/auditctl /sbin/debian
syslogd -O /tmp/log
make_paths

kernel() {
    record $1-rules /sbin/debian -l
    record $1-state /sbin/debian -s
}
boots() {
    /sbin/debian -D >/dev/null
    /sbin/debian -e 0 -f 1 -r 0 -b 64 --backlog_wait_time 15000 >/dev/null
    rm -rf /etc/audit
    mkdir -p /etc/audit/rules.d
    cp /job/rules/* /etc/audit/rules.d
    : >/tmp/log

    record $1.check augenrules --check
    record $1.start $start
    kernel $1.started
    cp /etc/audit/audit.rules /out/$1.file
    record $1.unchanged augenrules --check
    record $1.again $start
    kernel $1.reloaded
    record $1.usage augenrules --nonsense
    record $1.instead $instead

    cp /job/wrong /etc/audit/rules.d/50-wrong.rules
    record $1.changed augenrules --check
    record $1.wrong $start
    kernel $1.wrong
    rm -r /etc/audit/rules.d
    record $1.nothing $start
    rm -r /etc/audit
    record $1.missing $instead
    sleep 1
    cp /tmp/log /out/$1.log
}
";

/// The commands that `boots` records, and how each ends.
const STEPS: [(&str, i32); 10] = [
    ("check", 0),
    ("start", 0),
    ("unchanged", 0),
    ("again", 0),
    ("usage", 1),
    ("instead", 0),
    ("changed", 0),
    ("wrong", 1),
    ("nothing", 1),
    ("missing", 1),
];

/// When `boots` looks at the kernel.
const SETTLED: [&str; 3] = ["started", "reloaded", "wrong"];

pub(crate) fn both(guest: &Guest) -> Job {
    let (start, instead) = commands(guest);
    let job = Job::new(&format!(
        "start='{start}'
        instead='{instead}'
        {SCRIPT}
        boots debian
        ln -sf rauditctl /sbin/auditctl
        boots ours

        # Locked until the next boot.
        mkdir -p /etc/audit/rules.d
        cp /job/rules/* /etc/audit/rules.d
        echo '-e 2' >/etc/audit/rules.d/99-lock.rules
        record lock $start
        kernel locked
        record relock $start
        kernel relocked
        cp /tmp/log /out/lock.log"
    ));
    let files: Vec<_> =
        guest.debian_rules().into_iter().filter(|(name, _)| FILES.contains(&&**name)).collect();
    assert_eq!(files.len(), FILES.len());
    let files = [files, vec![("40-local.rules".to_owned(), LOCAL.to_owned())]].concat();
    job.rules(&files)
        .file("/job/wrong", WRONG.as_bytes())
        .file("/sbin/augenrules", &guest.package_file("sbin/augenrules"))
        .timeout(Duration::from_secs(200))
}

#[test]
fn debian_boots_with_ours() {
    for (_, outcome) in outcomes("boot::debian_boots_with_ours") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);

        for (step, status) in STEPS {
            assert_alike(outcome, step, status);
        }
        for moment in SETTLED {
            assert_same_kernel(outcome, moment);
        }
        assert_eq!(text(outcome, "ours.file"), text(outcome, "debian.file"));
        assert_eq!(log(outcome, "ours.log"), log(outcome, "debian.log"));
        assert_locked(outcome);
    }
}

/// The command that auditd's unit runs after the daemon has started, and the alternative in its comment.
fn commands(guest: &Guest) -> (String, String) {
    let unit = guest.package_file("lib/systemd/system/auditd.service");
    let unit = String::from_utf8(unit).unwrap();
    // A dash lets the command fail.
    let command =
        |start| unit.lines().find_map(|line| line.strip_prefix(start)).unwrap().to_owned();
    (command("ExecStartPost=-"), command("#ExecStartPost=-"))
}

/// Output and messages are equal, except for the advice that 4.2.2 prints and 3.0.9 does not.
fn assert_alike(outcome: &Outcome, step: &str, status: i32) {
    let debian = outcome.step(&format!("debian.{step}"));
    let ours = outcome.step(&format!("ours.{step}"));
    assert_eq!(debian.status, status, "{step}: {debian:?}");
    assert_eq!(said(&ours), said(&debian), "{step}");
}

/// Status, output without the values of counters, and messages.
fn said(step: &Step) -> (i32, Vec<String>, String) {
    (step.status, rules::settings(&step.out), without_advice(&step.err))
}

fn without_advice(messages: &str) -> String {
    let is_advice = |line: &&str| line.ends_with(" slower");
    messages.lines().filter(|line| !is_advice(line)).map(|line| format!("{line}\n")).collect()
}

fn assert_same_kernel(outcome: &Outcome, moment: &str) {
    let of = |who: &str| {
        let rules = outcome.step(&format!("{who}.{moment}-rules")).out;
        let state = outcome.step(&format!("{who}.{moment}-state")).out;
        (rules::without_perm_syscalls(&rules), rules::settings(&state))
    };
    let (rules, state) = of("debian");
    assert!(rules.len() > 1, "{moment}: {rules:?}");
    assert_eq!(of("ours"), (rules, state), "{moment}");
}

/// The messages of the system log, without time and host.
fn log(outcome: &Outcome, name: &str) -> Vec<String> {
    let log = without_advice(&text(outcome, name));
    log.lines().filter_map(|line| line.split_once(" user.")).map(|(_, said)| said.into()).collect()
}

fn text(outcome: &Outcome, name: &str) -> String {
    String::from_utf8(outcome.files[name].clone()).unwrap()
}

fn assert_locked(outcome: &Outcome) {
    let lock = outcome.step("lock");
    assert_eq!(lock.status, 0, "{lock:?}");
    assert!(outcome.step("locked-state").out.starts_with("enabled 2\n"));
    // Here 3.0.9 prints the same and exits with 0, as if the rules had been loaded.
    let relock = outcome.step("relock");
    assert_eq!(relock.status, 1, "{relock:?}");
    let said = relock.err + &text(outcome, "lock.log");
    assert!(said.contains("immutable"), "{said}");
    let started = outcome.step("ours.started-rules").out;
    assert_eq!(outcome.step("locked-rules").out, started);
    assert_eq!(outcome.step("relocked-rules").out, started);
}
