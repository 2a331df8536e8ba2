//! Rules that made no event.

use serde_json::{Value, json};

use super::{Folder, call};
use crate::html::{one, parsed, text};

/// Rules of each kind. The kernel drops what a rule of the list exclude, or one with `never`, matches; a message of a program
/// is recorded without a rule of the list user, too; and rules of the list filesystem leave out names (`audit_filter` in
/// kernel/audit.c, `__audit_inode` and `audit_filter_syscall` in kernel/auditsc.c).
const RULES: &str = "\
-a never,user -F uid=7
-a always,user -F uid=8
-a always,exclude -F msgtype=CWD
-a never,filesystem -F fstype=debugfs
-a always,exit -F arch=b64 -S chmod -F auid=2000 -k late
-a never,exit -F arch=b64 -S execve -F exe=/usr/bin/x
-a always,exit -F arch=b64 -S execve -k exec
-a never,task -F uid=9
-a always,io_uring -S openat -k uring
-A always,exit -F arch=b64 -S mount -k first
";

fn lines(rules: &Value) -> Vec<u64> {
    let rules = rules.as_array().expect("rules").iter();
    rules.map(|rule| rule["line"].as_u64().expect("a line")).collect()
}

/// A rule that cannot make an event is not unused: the table names one here.
#[test]
fn a_rule_that_only_silences_is_not_unused() {
    let folder = Folder::new(&call(1, 59, "\"exec\"", "\"/bin/x\""));
    folder.write("a.rules", RULES.as_bytes());
    let report = folder.json("audit.log");
    // In the order of the file, where the kernel has the last one first, and each list by itself.
    assert_eq!(lines(&report["unused"]), [5, 7, 9, 10]);
    assert_eq!(lines(&report["silencing"]), [1, 2, 3, 4, 6, 8]);
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules", "--unused"]);
    assert!(out.contains("key exec, silenced by a.rules:6"), "{out}");
    let list = "\
4 of 4 rules made no event.
  a.rules:5  late
  a.rules:7  exec
  a.rules:9  uring
  a.rules:10  first
6 rules only decide what is silenced: a log does not show what they did.
";
    assert!(out.contains(list), "{out}");
    let (_, page, _) = folder.run(&["audit.log", "--rules", "a.rules", "--format", "html"]);
    let section = text(one(&parsed(&page), "#unused"));
    assert!(section.contains("4 of 4 rules made no event."), "{section}");
    assert!(section.contains("6 rules only decide what is silenced"), "{section}");
    assert!(!section.contains("never"), "{section}");
}

/// With other rules, too, the sums are of those that made the log.
#[test]
fn sums_name_their_rules_if_there_are_others() {
    let folder = Folder::new(&call(1, 59, "\"exec\"", "\"/bin/x\""));
    folder.write("b.rules", b"-a never,exit -F arch=b64 -S execve -F exe=/usr/bin/z\n");
    folder.write("new.rules", b"-a always,exit -F arch=b64 -S execve -k exec\n");
    let rules = ["audit.log", "--rules", "a.rules", "--rules", "b.rules"];
    let (_, out, _) = folder.run(&rules);
    assert!(out.contains("\n3 of 4 rules made no event (--unused).\n1 rule only decides"), "{out}");
    let both = [&rules[..], &["--against", "new.rules"]].concat();
    let (_, out, _) = folder.run(&both);
    let sum = "3 of 4 rules of a.rules and b.rules made no event";
    let silencing = "1 rule of a.rules and b.rules only decides what is silenced";
    assert!(out.contains(&format!("\n{sum} (--unused).\n{silencing}")), "{out}");
    let (_, page, _) = folder.run(&[&both[..], &["--format", "html"]].concat());
    let section = text(one(&parsed(&page), "#unused"));
    assert!(section.contains(sum) && section.contains(silencing), "{section}");
    let (_, out, _) = folder.run(&["audit.log", "--against", "new.rules"]);
    assert!(!out.contains("made no event"), "{out}");
}

/// A time without events, such as one to come, is no finding about rules.
#[test]
fn a_time_without_events_shows_nothing_about_rules() {
    let folder = Folder::new(&call(1, 59, "\"exec\"", "\"/bin/x\""));
    let later = ["audit.log", "--since", "2199-01-01"];
    let note = "No event is in this time";
    let (exit, out, err) = folder.run(&later);
    assert!(exit == Some(0) && out.ends_with(&format!("\n{note}.\n")), "{out}{err}");
    for more in [&["--rules", "a.rules"][..], &["--rules", "a.rules", "--unused"]] {
        let (exit, out, _) = folder.run(&[&later[..], more].concat());
        assert_eq!(exit, Some(0));
        let end = format!("\n{note}: that shows nothing about the rules.\n");
        assert!(out.ends_with(&end) && !out.contains("made no event"), "{out}");
    }
    let page = [&later[..], &["--rules", "a.rules", "--format", "html"]].concat();
    let (_, page, _) = folder.run(&page);
    let section = text(one(&parsed(&page), "#unused"));
    assert!(section.contains(note) && !section.contains("made no event"), "{section}");
}

#[test]
fn rules_that_all_silence_have_no_sum() {
    let folder = Folder::new(&call(1, 59, "\"exec\"", "\"/bin/x\""));
    folder.write("a.rules", b"-a never,exit -F arch=b64 -S mount\n");
    let report = folder.json("audit.log");
    assert_eq!((&report["unused"], lines(&report["silencing"])), (&json!([]), vec![1]));
    let only = "1 rule only decides what is silenced: a log does not show what it did.";
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules"]);
    assert!(out.contains(only) && !out.contains("made no event"), "{out}");
    let (_, page, _) = folder.run(&["audit.log", "--rules", "a.rules", "--format", "html"]);
    let section = text(one(&parsed(&page), "#unused"));
    assert!(section.contains(only) && !section.contains("made no event"), "{section}");
}
