//! What is refused, by us or by the kernel, leaves the kernel's rules as they were.

use crate::harness::Guest;
use crate::job::{Job, Outcome};
use crate::shared::outcomes;

/// Rules that are loaded before anything else.
const BEFORE: &str = "\
-w /etc/passwd -p wa -k identity
-a always,exit -F arch=b64 -S openat -F auid=1000 -F key=alice
-a never,exclude -F msgtype=CWD
";

/// Three wrong lines, 2, 4 and 6, among good ones: a syscall, a field and an account that do not exist.
const BAD: &str = "\
-D
-a always,exit -F arch=b64 -S opennat -F key=one
-a always,exit -F arch=b64 -S openat -F key=good
-a always,exit -F arch=b64 -S openat -F nofield=1 -F key=two

-a always,exit -F arch=b64 -S openat -F auid=nosuchuser -F key=three
-w /etc/group -p wa -k good
";

/// A good file, except that the kernel does not find the directory of line 2.
const REFUSED: &str = "\
-a always,exit -F arch=b64 -S unlinkat -F key=first
-a always,exit -F path=/no/such/directory/file -F perm=wa -F key=second
-a always,exit -F arch=b64 -S renameat -F key=third
";

pub(crate) fn half_loaded(_: &Guest) -> Job {
    Job::new(
        "auditctl -R /job/before.rules
        record before auditctl -l
        for file in bad refused replaced; do
            record $file rauditctl -R /job/$file.rules
            record $file-after auditctl -l
        done",
    )
    .file("/job/before.rules", BEFORE.as_bytes())
    .file("/job/bad.rules", BAD.as_bytes())
    .file("/job/refused.rules", REFUSED.as_bytes())
    .file("/job/replaced.rules", format!("-D\n{REFUSED}").as_bytes())
}

#[test]
fn nothing_is_half_loaded() {
    for (_, outcome) in outcomes("refusals::nothing_is_half_loaded") {
        let before = outcome.step("before").out;
        assert_eq!(before.lines().count(), 3, "{before}");

        let bad = outcome.step("bad");
        assert_eq!(bad.status, 1, "{bad:?}");
        for line in [2, 4, 6] {
            assert!(names_place(&bad.err, "bad.rules", line), "no line {line} in:\n{}", bad.err);
        }
        let underlined = bad.err.lines().filter(|line| line.contains('^')).count();
        assert!(underlined >= 3, "{underlined} lines with carets in:\n{}", bad.err);

        // The same file, alone and after a `-D`.
        for (file, line) in [("refused", 2), ("replaced", 3)] {
            let refused = outcome.step(file);
            assert_eq!(refused.status, 1, "{refused:?}");
            assert!(
                refused.err.contains(&format!("{file}.rules:{line}")),
                "no line {line} in:\n{}",
                refused.err
            );
            assert!(refused.err.contains("No such file or directory"), "{}", refused.err);
        }
        for after in ["bad-after", "refused-after", "replaced-after"] {
            assert_eq!(outcome.step(after).out, before, "{after}");
        }
    }
}

pub(crate) fn locked(_: &Guest) -> Job {
    Job::audited(
        "record lock rauditctl -R /job/lock.rules
        record before auditctl -l
        record state auditctl -s
        record load rauditctl -R /job/other.rules
        record add rauditctl -w /etc/group -p wa -k other
        record delete rauditctl -D
        record after auditctl -l
        record our-list rauditctl -l",
    )
    .file("/job/lock.rules", format!("{BEFORE}-e 2\n").as_bytes())
    .file("/job/other.rules", b"-D\n-w /etc/group -p wa -k other\n")
}

#[test]
fn locked_rules_stay() {
    for (_, outcome) in outcomes("refusals::locked_rules_stay") {
        assert_eq!(outcome.step("lock").status, 0, "{:?}", outcome.step("lock"));
        assert!(outcome.step("state").out.starts_with("enabled 2\n"));
        for what in ["load", "add"] {
            let step = outcome.step(what);
            assert_eq!(step.status, 1, "{step:?}");
            assert!(step.err.contains("immutable"), "{step:?}");
        }
        assert_ne!(outcome.step("delete").status, 0);
        let before = outcome.step("before").out;
        assert_eq!(before.lines().count(), 3, "{before}");
        assert_eq!(outcome.step("after").out, before);
        assert_eq!(outcome.step("our-list").out, before);
    }
}

pub(crate) fn others_than_root(_: &Guest) -> Job {
    Job::new(
        "for program in auditctl rauditctl; do
            record $program-list as_user alice \"$program -l\"
            record $program-state as_user alice \"$program -s\"
            record $program-delete as_user alice \"$program -D\"
            record $program-load as_user alice \"$program -R /job/before.rules\"
        done
        record after auditctl -l",
    )
    .file("/job/before.rules", BEFORE.as_bytes())
}

#[test]
fn others_than_root_are_told() {
    for (_, outcome) in outcomes("refusals::others_than_root_are_told") {
        for program in ["auditctl", "rauditctl"] {
            for what in ["list", "state", "delete", "load"] {
                let step = outcome.step(&format!("{program}-{what}"));
                assert_eq!(step.status, 4, "{program} {what}: {step:?}");
                assert!(step.err.contains("You must be root"), "{program} {what}: {step:?}");
            }
        }
        assert_eq!(outcome.step("after").out, "No rules\n");
    }
}

pub(crate) fn roots_of_namespaces(_: &Guest) -> Job {
    Job::new(
        "for program in auditctl rauditctl; do
            record $program-list unshare -U -r $program -l
            record $program-state unshare -U -r $program -s
            record $program-load unshare -U -r $program -R /job/before.rules
        done
        record after auditctl -l",
    )
    .file("/job/before.rules", BEFORE.as_bytes())
}

/// Root of a user namespace, a container's root that is, has all capabilities but not here: the kernel
/// refuses every connection. auditctl ends well then, which is how hosts come to run unaudited; we do
/// not.
#[test]
fn roots_of_namespaces_are_told() {
    for (_, outcome) in outcomes("refusals::roots_of_namespaces_are_told") {
        assert_disabled(outcome, "rauditctl-list", 255);
        assert_disabled(outcome, "rauditctl-state", 255);
        assert_disabled(outcome, "rauditctl-load", 1);
        assert_eq!(outcome.step("after").out, "No rules\n");
    }
}

fn assert_disabled(outcome: &Outcome, what: &str, status: i32) {
    let step = outcome.step(what);
    assert_eq!(step.status, status, "{what}: {step:?}");
    assert!(step.err.contains("audit system is disabled"), "{what}: {step:?}");
}

/// Whether a diagnostic names `FILE:LINE:COLUMN`.
fn names_place(text: &str, file: &str, line: u32) -> bool {
    let place = format!("{file}:{line}:");
    text.split(&place).skip(1).any(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
}
