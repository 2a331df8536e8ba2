//! `rauditctl plan` and `apply` under a fake kernel.

use std::fs;

use super::{ADD, Changes, DELETE, FEATURE, SET};
use crate::golden::kernel::{Kernel, Outcome, with_kernel};

pub(super) const OLD: &str = "\
-b 1000
-w /old/1 -p wa -k old
-w /both/1 -p wa -k both
-a always,exit -F arch=b64 -S openat -k both
-a never,user -F uid=7
";

pub(super) const NEW: &str = "\
-b 2000
-w /new/1 -p wa -k new
-a always,exit -F arch=b64 -S openat -k both
-w /both/1 -p wa -k both
-a never,exclude -F msgtype=PATH
";

pub(super) trait Applies {
    fn rauditctl(&self, arguments: &[&str]) -> Outcome;
    fn write(&self, name: &str, text: &str) -> String;
    fn listing(&self) -> String;
    /// Puts the kernel to the old set.
    fn restart(&self);
}

impl Applies for Kernel {
    fn rauditctl(&self, arguments: &[&str]) -> Outcome {
        self.finish(self.program("rauditctl").args(arguments))
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).expect("the file is written");
        path.to_str().expect("a path").to_owned()
    }

    fn listing(&self) -> String {
        self.rauditctl(&["-l"]).1
    }

    fn restart(&self) {
        for name in ["state", "lib", "run"] {
            let path = self.path(name);
            let _ = fs::remove_file(&path);
            let _ = fs::remove_dir_all(&path);
        }
        let old = self.write("old.rules", OLD);
        let (exit, _, stderr) = self.rauditctl(&["apply", "--exact-order", &old]);
        assert_eq!(exit, Some(0), "{stderr}");
    }
}

#[track_caller]
pub(super) fn exits(outcome: &Outcome, exit: i32) {
    assert_eq!(outcome.0, Some(exit), "{outcome:?}");
}

/// The rules are those of the file in its order, and the second time nothing is sent.
#[test]
fn applies_once() {
    with_kernel(|kernel| {
        kernel.restart();
        let new = kernel.write("new.rules", NEW);
        let planned = kernel.rauditctl(&["plan", "--exact-order", &new]);
        exits(&planned, 1);
        assert_eq!(kernel.changes(), 0);
        assert!(planned.1.contains("over a bridge"), "{}", planned.1);
        assert!(planned.1.contains("No gap."), "{}", planned.1);

        let applied = kernel.rauditctl(&["apply", "--exact-order", &new]);
        exits(&applied, 0);
        assert!(applied.2.contains("4 of 4 rules loaded, read back and compared"), "{}", applied.2);
        let expected = "\
-a never,exclude -F msgtype=PATH
-w /new/1 -p wa -k new
-a always,exit -F arch=b64 -S openat -F key=both
-w /both/1 -p wa -k both
";
        let mut listed: Vec<String> = kernel.listing().lines().map(str::to_owned).collect();
        // The exclude list is listed after the exit list.
        listed.rotate_right(1);
        assert_eq!(listed.join("\n") + "\n", expected);

        exits(&kernel.rauditctl(&["apply", "--exact-order", &new]), 0);
        assert_eq!(kernel.changes(), 0);
        exits(&kernel.rauditctl(&["plan", "--exact-order", "--exact", &new]), 0);
    });
}

/// Another order that cannot matter, and conditions in another order, are no difference.
#[test]
fn leaves_what_means_the_same() {
    with_kernel(|kernel| {
        kernel.restart();
        let first = "-a always,exit -F arch=b64 -S execve -F uid>=0 -F pid!=1 -k run\n\
                     -a always,exit -F arch=b64 -S chmod -k mode\n";
        exits(&kernel.rauditctl(&["apply", &kernel.write("first.rules", first)]), 0);
        let other = first.replace("-F uid>=0 -F pid!=1", "-F pid!=1 -F uid>=0");
        let other: String = other.lines().rev().map(|line| format!("{line}\n")).collect();
        let other = kernel.write("other.rules", &other);
        let planned = kernel.rauditctl(&["plan", &other]);
        exits(&planned, 0);
        assert!(planned.1.contains("1 rule is written differently"), "{}", planned.1);
        assert!(planned.1.contains("which cannot matter"), "{}", planned.1);
        exits(&kernel.rauditctl(&["plan", "--exact", &other]), 1);
        exits(&kernel.rauditctl(&["plan", "--exact-order", &other]), 1);

        // A write of the file has the key of the first of these.
        let matters = "-w /f -p w -k first\n-a always,exit -F arch=b64 -S openat -k second\n";
        exits(&kernel.rauditctl(&["apply", &kernel.write("first.rules", matters)]), 0);
        let other: String = matters.lines().rev().map(|line| format!("{line}\n")).collect();
        exits(&kernel.rauditctl(&["plan", &kernel.write("other.rules", &other)]), 1);
    });
}

/// Each request is refused once, or its answer is lost: the rules are all old or all new.
#[test]
fn is_never_half_done() {
    with_kernel(|kernel| {
        kernel.restart();
        let old = kernel.listing();
        let new = kernel.write("new.rules", NEW);
        exits(&kernel.rauditctl(&["apply", &new]), 0);
        let changed = kernel.listing();
        for (kind, event) in [
            (ADD, "refuse:2"),
            (ADD, "lose"),
            (DELETE, "lose"),
            (SET, "refuse:1"),
            (ADD, "signal:15"),
            (DELETE, "signal:2"),
        ] {
            for number in 1..4 {
                kernel.restart();
                let at = format!("{kind}:{number}:{event}");
                let (exit, _, stderr) = kernel.finish(
                    kernel.program("rauditctl").args(["apply", &new]).env("FAKE_KERNEL_AT", &at),
                );
                let now = kernel.listing();
                assert!(now == old || now == changed, "{at}: {stderr}\n{now}");
                if now == old {
                    assert!(exit != Some(0) && stderr.contains("had before"), "{at}: {stderr}");
                }
            }
        }
    });
}

#[test]
fn a_refusal_names_the_rule() {
    with_kernel(|kernel| {
        kernel.restart();
        let folder = kernel.path("rules.d");
        fs::create_dir(&folder).expect("a folder");
        fs::write(folder.join("10-base.rules"), OLD).expect("a file");
        fs::write(folder.join("20-more.rules"), "## more\n-w /more -p r -k more\n")
            .expect("a file");
        let folder = folder.to_str().expect("a path").to_owned();
        let (exit, _, stderr) = kernel.finish(
            kernel
                .program("rauditctl")
                .args(["apply", &folder])
                .env("FAKE_KERNEL_AT", "1011:1:refuse:2"),
        );
        assert_eq!(exit, Some(2), "{stderr}");
        assert!(stderr.contains("20-more.rules:2:"), "{stderr}");
        // With --keep-going, it is left out.
        let (exit, stdout, stderr) = kernel.finish(
            kernel
                .program("rauditctl")
                .args(["apply", "--keep-going", "--format=json", &folder])
                .env("FAKE_KERNEL_AT", "1011:1:refuse:2"),
        );
        assert_eq!(exit, Some(1), "{stderr}");
        assert!(stderr.contains("4 of 5 rules loaded"), "{stderr}");
        let report: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
        let place = format!("{folder}/20-more.rules:2");
        let refused = serde_json::json!([{
            "source": place, "why": "refused", "reason": "No such file or directory"
        }]);
        assert_eq!(report["left_out"], refused, "{stdout}");
    });
}

/// Each setting is on the third line of a file, after two spaces.
#[test]
fn a_refused_setting_names_its_place() {
    with_kernel(|kernel| {
        for (setting, kind) in [
            ("-b 2000", SET),
            ("-f 2", SET),
            ("-r 100", SET),
            ("--backlog_wait_time 5", SET),
            ("-e 0", SET),
            ("-e 2", SET),
            ("--loginuid-immutable", FEATURE),
        ] {
            kernel.restart();
            let text = format!("## settings\n-w /a -p wa -k a\n  {setting}\n");
            let rules = kernel.write("set.rules", &text);
            for command in [&["apply", &rules][..], &["-R", &rules]] {
                let at = format!("{kind}:1:refuse:22");
                let mut program = kernel.program("rauditctl");
                let (exit, _, stderr) =
                    kernel.finish(program.args(command).env("FAKE_KERNEL_AT", at));
                assert!(exit.is_some_and(|exit| exit != 0), "{command:?}: {stderr}");
                let place = "set.rules:3:3\n".to_owned();
                let marked = format!("3 |   {setting}\n  |   {}", "^".repeat(setting.len()));
                for part in [place, marked] {
                    assert!(stderr.contains(&part), "{command:?}: {stderr}");
                }
            }
        }
        // A saved plan knows the place, and a change that waits, too.
        kernel.restart();
        let rules = kernel.write("set.rules", "-b 2000\n-w /a -p wa -k a\n-e 2\n");
        let plan = kernel.path("set.plan");
        let plan = plan.to_str().expect("a path");
        exits(&kernel.rauditctl(&["plan", &rules, "-o", plan]), 1);
        let refused = |command: &[&str]| {
            let mut program = kernel.program("rauditctl");
            kernel.finish(program.args(command).env("FAKE_KERNEL_AT", format!("{SET}:1:refuse:22")))
        };
        let (_, _, stderr) = refused(&["apply", plan]);
        let refuses = "set.rules:1: the kernel refuses to set backlog_limit to 2000: Invalid";
        assert!(stderr.contains(refuses), "{stderr}");
        exits(&kernel.rauditctl(&["apply", "--confirm", "10m", &rules]), 0);
        let (_, _, stderr) = refused(&["apply", "--keep"]);
        let refuses = "set.rules:3: the kernel refuses to set enabled to 2: Invalid";
        assert!(stderr.contains(refuses), "{stderr}");
    });
}

#[test]
fn a_saved_plan_fits_only_the_rules_it_was_made_for() {
    with_kernel(|kernel| {
        kernel.restart();
        let new = kernel.write("new.rules", NEW);
        let plan = kernel.path("change.plan");
        let plan = plan.to_str().expect("a path");
        exits(&kernel.rauditctl(&["plan", &new, "-o", plan]), 1);
        exits(&kernel.rauditctl(&["plan", "--show", plan]), 1);
        // A rule that another program adds.
        exits(&kernel.rauditctl(&["-w", "/other", "-k", "other"]), 0);
        let stale = kernel.rauditctl(&["apply", plan]);
        exits(&stale, 1);
        assert!(stale.2.contains("have changed since") && stale.1.contains("/other"), "{stale:?}");
        assert_eq!(kernel.changes(), 0);
        exits(&kernel.rauditctl(&["-W", "/other", "-k", "other"]), 0);
        exits(&kernel.rauditctl(&["apply", plan]), 0);
        exits(&kernel.rauditctl(&["plan", &new]), 0);
        // A plan of another form, and a rule that is none.
        let text = fs::read_to_string(plan).expect("a plan");
        for (from, to) in
            [("\"1.0\"", "\"2.0\""), ("-a always,exit -F arch=b64", "-a sometimes,exit")]
        {
            let changed = kernel.write("changed.plan", &text.replace(from, to));
            exits(&kernel.rauditctl(&["apply", &changed]), 2);
        }
    });
}

/// Rules of another program stay where they are.
#[test]
fn leaves_rules_of_others_alone() {
    with_kernel(|kernel| {
        kernel.restart();
        exits(&kernel.rauditctl(&["-w", "/osquery", "-k", "osquery"]), 0);
        let own = kernel.write("own.rules", "-w /site -p wa -k site-1\n");
        exits(&kernel.rauditctl(&["apply", "--own-keys", "site-*,old,both", &own]), 0);
        let listing = kernel.listing();
        assert!(listing.contains("osquery") && listing.contains("site-1"), "{listing}");
        assert!(listing.contains("uid=7") && !listing.contains("/old/1"), "{listing}");
        // A saved plan, and a change that waits, know whose rules they are about.
        let more =
            kernel.write("more.rules", "-w /site -p wa -k site-1\n-w /more -p r -k site-2\n");
        let plan = kernel.path("own.plan");
        let plan = plan.to_str().expect("a path");
        exits(&kernel.rauditctl(&["plan", "--own-keys", "site-*", &more, "-o", plan]), 1);
        exits(&kernel.rauditctl(&["apply", plan]), 0);
        assert!(kernel.listing().contains("osquery") && kernel.listing().contains("site-2"));
        let lock = kernel.write("lock.rules", "-w /site -p wa -k site-1\n-e 2\n");
        let own = ["--own-keys", "site-*", &lock];
        exits(&kernel.rauditctl(&[&["apply", "--confirm", "10m"][..], &own].concat()), 0);
        let only = kernel.write("only.rules", "-w /site -p wa -k site-1\n");
        let again = kernel.rauditctl(&["apply", "--own-keys", "site-*", &only]);
        exits(&again, 0);
        assert!(again.2.contains("unless: rauditctl apply --keep"), "{}", again.2);
        exits(&kernel.rauditctl(&["apply", "--keep"]), 0);
        assert!(kernel.rauditctl(&["-s"]).1.starts_with("enabled 2"));
        let keyless = kernel.write("keyless.rules", "-w /site -p wa\n");
        let refused = kernel.rauditctl(&["apply", "--own-keys", "site-*", &keyless]);
        exits(&refused, 2);
        assert!(refused.2.contains("keyless.rules:1"), "{}", refused.2);
    });
}

#[test]
fn leaves_out_what_the_machine_lacks() {
    with_kernel(|kernel| {
        kernel.restart();
        let absent = kernel.write(
            "absent.rules",
            "-w /etc/passwd -p wa -k there\n\
             -w /no/such/folder/file -p wa -k gone\n\
             -a always,exit -F arch=b64 -S openat -F uid=nobody-here -k gone\n\
             -w /etc/passwd/x -p wa -k below-a-file\n\
             -a always,exit -F arch=b64 -F dir=/no/such -F perm=wa -k gone\n",
        );
        exits(&kernel.rauditctl(&["apply", &absent]), 2);
        let planned = kernel.rauditctl(&["plan", "--skip-absent", "--format=json", &absent]);
        let report: serde_json::Value = serde_json::from_str(&planned.1).expect("JSON");
        let applied = kernel.rauditctl(&["apply", "--skip-absent", &absent]);
        exits(&applied, 0);
        let expected = [
            (2, "`/no` does not exist"),
            (3, "unknown user `nobody-here`"),
            (4, "`/etc/passwd` is not a directory"),
            (5, "`/no` does not exist"),
        ];
        for (line, reason) in expected {
            let note = format!("absent.rules:{line}: left out: {reason}\n");
            assert!(applied.2.contains(&note), "{}", applied.2);
        }
        let left_out = expected.map(|(line, reason)| {
            serde_json::json!({
                "source": format!("{absent}:{line}"), "why": "absent", "reason": reason
            })
        });
        assert_eq!(report["left_out"], serde_json::json!(left_out), "{}", planned.1);
        assert_eq!(kernel.listing(), "-w /etc/passwd -p wa -k there\n");
    });
}

/// The rules before and after a change of files; the kernel lists the rules of the second ones.
#[track_caller]
pub(super) fn changes(kernel: &Kernel, options: &[&str], old: &str, new: &str) -> Outcome {
    for folder in ["state", "lib", "run"] {
        let _ = fs::remove_file(kernel.path(folder));
        let _ = fs::remove_dir_all(kernel.path(folder));
    }
    exits(&kernel.rauditctl(&["apply", &kernel.write("old.rules", old)]), 0);
    kernel.rauditctl(&[&["apply"], options, &[&kernel.write("new.rules", new)]].concat())
}

/// A rule that silences leaves no trace on a kernel without other rules, so its meaning does not show there.
#[test]
fn silencing_rules_with_other_syscalls_differ() {
    with_kernel(|kernel| {
        let rules = |call: &str| {
            format!(
                "-a never,exit -F arch=b64 -S {call}\n-a always,exit -F arch=b64 -S execve,chmod -k a\n"
            )
        };
        exits(&changes(kernel, &[], &rules("execve"), &rules("chmod")), 0);
        assert!(
            kernel.listing().contains("never,exit -F arch=b64 -S chmod"),
            "{}",
            kernel.listing()
        );
    });
}

#[test]
fn skipped_lines_hide_no_error() {
    with_kernel(|kernel| {
        let old = "-w /etc/passwd -p wa -k a\n-w /etc/shadow -p wa -k b\n";
        let new = "-w /etc/passwd -p wa -k a\n-w /etc/shadow -p wx0 -k b\n-i\n\
                   -a always,exit -F arch=b64 -S open -F auid=nosuchuser -k c\n";
        exits(&changes(kernel, &["--skip-absent"], old, new), 2);
        assert_eq!(kernel.listing().lines().count(), 2);
    });
}

/// A plan for this kernel reads the files that `apply` reads, and does not overwrite them.
#[test]
fn plans_what_would_be_applied() {
    with_kernel(|kernel| {
        kernel.restart();
        let folder = kernel.path("rules.d");
        fs::create_dir(&folder).expect("a directory");
        fs::write(folder.join("a.rules"), "-w /a -p wa -k a\n").expect("a file");
        let outside = kernel.write("outside", "-w /b -p wa -k b\n");
        std::os::unix::fs::symlink(outside, folder.join("b.rules")).expect("a link");
        let folder = folder.to_str().expect("a path");
        exits(&kernel.rauditctl(&["apply", folder]), 0);
        exits(&kernel.rauditctl(&["plan", folder]), 0);
        let rules = kernel.write("a.rules", "-w /a -p wa -k a\n");
        exits(&kernel.rauditctl(&["plan", &rules, "-o", &rules]), 2);
        assert_eq!(fs::read_to_string(&rules).expect("the rules"), "-w /a -p wa -k a\n");
        exits(&kernel.rauditctl(&["plan", "--arch", "aarch64", &rules]), 2);
    });
}

/// A saved plan is carried out only as it was made.
#[test]
fn an_edited_plan_is_refused() {
    with_kernel(|kernel| {
        kernel.restart();
        let plan = kernel.path("change.plan");
        let path = plan.to_str().expect("a path");
        exits(&kernel.rauditctl(&["plan", &kernel.write("new.rules", NEW), "-o", path]), 1);
        let text = fs::read_to_string(&plan).expect("the plan");
        for (from, to) in [
            ("\"state\": \"differs\"", "\"state\": \"same\""),
            ("-w /new/1 -p wa", "-w /new/2 -p wa"),
            ("\"from\": 1000", "\"from\": 1001"),
        ] {
            let edited = text.replacen(from, to, 1);
            assert_ne!(edited, text, "{from} is not in {text}");
            fs::write(&plan, edited).expect("it is written");
            let refused = kernel.rauditctl(&["apply", path]);
            exits(&refused, 2);
            assert!(refused.2.contains("was edited"), "{refused:?}");
            assert_eq!(kernel.changes(), 0);
        }
        fs::write(&plan, text).expect("it is written");
        exits(&kernel.rauditctl(&["apply", "--exact-order", path]), 2);
        exits(&kernel.rauditctl(&["apply", path]), 0);
    });
}

/// A rule that only gets another place is not left out if the kernel refuses it there.
#[test]
fn a_rule_that_moves_does_not_get_lost() {
    with_kernel(|kernel| {
        let old = "-w /a -p wa -k a\n-w /b -p wa -k b\n";
        exits(&changes(kernel, &["--exact-order"], old, old), 0);
        let new = kernel.write("new.rules", "-w /b -p wa -k b\n-w /a -p wa -k a\n");
        let mut apply = kernel.program("rauditctl");
        apply.args(["apply", "--exact-order", "--keep-going", &new]);
        exits(&kernel.finish(apply.env("FAKE_KERNEL_AT", "1011:2:refuse:12")), 2);
        assert_eq!(kernel.listing(), old);
    });
}
