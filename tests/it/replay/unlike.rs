//! Events that look alike and differ in what decides. The expected rules follow from the filters of the kernel: a rule names
//! the file that its path leads to (`audit_to_watch`, `audit_add_watch`), a device file also has the number of its device
//! (`audit_filter_rules`), and a rule without a key leaves the key of a rule that matched before.

use super::{Folder, decided_by};

/// The fields of a task in a record.
const TASK: &str = "ppid=1 pid=5 auid=1000 uid=1000 gid=1000 euid=0 suid=0 fsuid=0 egid=1000 sgid=0 fsgid=0 tty=pts0 \
                    ses=3 comm=\"x\"";

/// Returns the start of a record.
fn head(kind: &str, serial: u32) -> String {
    format!("type={kind} msg=audit(1764230400.00{serial}:{serial}): ")
}

/// Returns a SYSCALL record of x86_64.
fn call(serial: u32, call: &str, items: u32, exe: &str) -> String {
    let head = head("SYSCALL", serial);
    format!(
        "{head}arch=c000003e {call} success=yes exit=0 a1=2 a2=2 a3=0 items={items} {TASK} exe={exe} key=\"k\"\n"
    )
}

fn name(serial: u32, name: &str, rest: &str) -> String {
    format!("{}item=0 name=\"{name}\" {rest}\n", head("PATH", serial))
}

const FILE: &str = "inode=77 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL";

/// Returns the rules that decide the events of a log.
fn decided(rules: &str, log: &str) -> Vec<(String, u64)> {
    let folder = Folder::new(log);
    folder.write("a.rules", rules.as_bytes());
    decided_by(&folder.json("audit.log"))
}

fn of(rules: &[(&str, u64)]) -> Vec<(String, u64)> {
    rules.iter().map(|(rule, events)| ((*rule).to_owned(), *events)).collect()
}

#[test]
fn the_path_of_a_rule_may_be_written_in_any_way() {
    let event = |serial, path| {
        let cwd = format!("{}cwd=\"/\"\n", head("CWD", serial));
        call(serial, "syscall=90 a0=1", 1, "\"/usr/bin/x\"") + &cwd + &name(serial, path, FILE)
    };
    for condition in ["path=/etc//shadow", "path=/etc/x/../shadow", "dir=/etc/./shadow"] {
        let rules = format!(
            "-a always,exit -F {condition} -F perm=wa -k k\n-a always,exit -F arch=b64 -S chmod -k k\n"
        );
        let log = event(1, "/etc/hosts") + &event(2, "/etc/shadow");
        assert_eq!(decided(&rules, &log), of(&[("a.rules:1", 1), ("a.rules:2", 1)]), "{condition}");
    }
}

/// Without a CWD record, too, names may begin in a directory that the log does not hold.
#[test]
fn names_of_a_directory_that_is_open_differ_without_a_directory_of_the_process() {
    let rules = "-a always,exit -F dir=/home/ann -F perm=wa -k k\n-a always,exit -F arch=b64 -S unlinkat -k k\n";
    let event = |serial, directory: &str| {
        let rest = "inode=77 dev=08:01 mode=040755 ouid=0 ogid=0 rdev=00:00 nametype=PARENT";
        call(serial, &format!("syscall=263 a0={directory}"), 2, "\"/usr/bin/x\"")
            + &name(serial, "/home/ann", rest)
            + &name(serial, "x", &FILE.replace("NORMAL", "DELETE")).replace("item=0", "item=1")
    };
    let log = event(1, "ffffff9c") + &event(2, "5");
    let found = decided(rules, &log);
    assert_eq!(found, of(&[("a.rules:1", 1), ("one-of", 1)]));
}

#[test]
fn device_files_differ_by_their_devices() {
    let rules = "-a always,exit -F arch=b64 -S openat -F devmajor=8 -k k\n-a always,exit -F arch=b64 -S openat -k k\n";
    let event = |serial, device: &str| {
        let rest =
            format!("inode=77 dev=00:05 mode=020660 ouid=0 ogid=0 rdev={device} nametype=NORMAL");
        call(serial, "syscall=257 a0=1", 1, "\"/usr/bin/x\"") + &name(serial, "/dev/x", &rest)
    };
    let log = event(1, "01:03") + &event(2, "08:00");
    assert_eq!(decided(rules, &log), of(&[("a.rules:1", 1), ("a.rules:2", 1)]));
}

/// A rule finds a program by its inode, also when its name is gone. Another file may have the name by now.
#[test]
fn a_program_that_was_deleted_may_be_any() {
    let rules = "-a always,exit -F arch=b64 -S openat -F exe=/usr/bin/x -k k\n-a always,exit -F arch=b64 -S openat -k k\n";
    let digits: String = "/usr/bin/x (deleted)".bytes().map(|byte| format!("{byte:02X}")).collect();
    let folder = Folder::new(&call(1, "syscall=257 a0=1", 0, &digits));
    folder.write("a.rules", rules.as_bytes());
    let report = folder.json("audit.log");
    let by = &report["rows"][0]["decided_by"];
    assert_eq!((&by["kind"], &by["depends_on"]), (&"one-of".into(), &serde_json::json!(["exe"])));
}

/// The record of an operation of io_uring has no arguments, so its directory is unknown.
#[test]
fn names_of_io_uring_begin_anywhere() {
    let rules = "-a always,exit -F path=/etc/shadow -k k\n-a always,io_uring -S openat -k k\n";
    let event = |path: &str| {
        format!(
            "{}uring_op=18 success=yes exit=3 items=1 ppid=1 pid=9 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 \
             subj=unconfined key=\"k\"\n{}cwd=\"/etc\"\n{}",
            head("URINGOP", 1),
            head("CWD", 1),
            name(1, path, FILE)
        )
    };
    assert_eq!(decided(rules, &event("/etc/shadow")), of(&[("a.rules:1", 1)]));
    assert_eq!(decided(rules, &event("shadow")), of(&[("one-of", 1)]));
}

/// An event that a rule without a key decides has the key of a rule that matched before, and counts for it.
#[test]
fn a_rule_without_a_key_keeps_that_of_another() {
    let folder = Folder::new(&(1..=2).fold(String::new(), |log, serial| {
        let cwd = format!("{}cwd=\"/\"\n", head("CWD", serial));
        log + &call(serial, "syscall=257 a0=1", 1, "\"/usr/bin/x\"")
            + &cwd
            + &name(serial, "/etc/shadow", FILE)
    }));
    let rules =
        "-a always,exit -F path=/etc/shadow -F perm=w\n-a always,exit -F arch=b64 -S openat -k k\n";
    folder.write("a.rules", rules.as_bytes());
    let report = folder.json("audit.log");
    let rule = &report["rows"][0]["decided_by"]["rule"];
    assert_eq!((&rule["line"], &rule["keys"]), (&1.into(), &serde_json::json!(["k"])), "{report}");
    folder.write("budget.toml", b"[budget]\nkey.k = \"1 B/day\"\n");
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules", "--budget", "budget.toml"]);
    assert!(!out.contains("no event has it"), "{out}");
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules", "--by", "key"]);
    assert!(out.contains("  k ") && !out.contains("no keys"), "{out}");
}

/// A value that no kernel writes has a reason, too.
#[test]
fn a_number_that_is_none_is_named() {
    let log = call(1, "syscall=257 a0=1", 0, "\"/usr/bin/x\"").replace(" auid=1000", " auid=-1");
    let folder = Folder::new(&log);
    let rules = "-a always,exit -F arch=b64 -S openat -F auid=unset -k k\n-a always,exit -F arch=b64 -S openat -k k\n";
    folder.write("a.rules", rules.as_bytes());
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules"]);
    assert!(out.contains("(the log does not hold auid)"), "{out}");
}
