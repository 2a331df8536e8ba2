//! Our program as `auditctl` under a kernel that refuses requests, compared with the messages of auditctl 4.2.2.

use std::fs;

use super::kernel::{Outcome, with_kernel};

const REFUSED: &str = "auditctl: Error sending status request (Operation not permitted)\n";
const END: &str = "There was an error while processing parameters\n";

fn failed(stderr: &str) -> Outcome {
    (Some(255), String::new(), format!("{stderr}{END}"))
}

#[test]
fn a_failed_question_keeps_its_key() {
    with_kernel(|kernel| {
        let complaint = "Key field needs a watch, syscall or exe path given prior to it\n";
        assert_eq!(kernel.run("1013:22", &["-l", "-k", "a"]), failed(complaint));
        assert_eq!(kernel.run("1013:22", &["-D", "-k", "a"]), failed(complaint));
    });
}

#[test]
fn every_setting_asks_for_the_status() {
    with_kernel(|kernel| {
        let (exit, stdout, stderr) = kernel.run("1000:1", &["-e1", "-f", "1", "-b", "3"]);
        assert_eq!((exit, stdout.as_str(), stderr), (Some(0), "", REFUSED.repeat(3)));
    });
}

#[test]
fn a_refusal_after_a_setting_is_seen() {
    with_kernel(|kernel| {
        let refusal = "Error sending trim subtrees command (No such file or directory)\n";
        let (exit, _, stderr) = kernel.run("1014:2", &["-e", "1", "-t"]);
        assert_eq!((exit, stderr), (Some(255), format!("{refusal}{END}")));
    });
}

#[test]
fn an_answer_that_waits_is_taken_for_the_next() {
    with_kernel(|kernel| {
        let (exit, stdout, stderr) = kernel.run("", &["-e1", "-s"]);
        assert_eq!((exit, stderr.as_str()), (Some(0), ""));
        assert_eq!(stdout.matches("enabled 1\n").count(), 2);
        assert!(!stdout.contains("loginuid_immutable"), "{stdout}");
    });
}

#[test]
fn features_that_are_not_told_are_missing() {
    with_kernel(|kernel| {
        let command = ["-a", "always,exit", "-F", "exe=/bin/ls"];
        let fault = "Field option not supported by kernel: exe\n";
        let expected = failed(&format!("{REFUSED}{fault}{REFUSED}"));
        assert_eq!(kernel.run("1000:1", &command), expected);
    });
}

#[test]
fn a_refused_reset_is_blamed_on_a_rule() {
    with_kernel(|kernel| {
        for (errno, words, second) in [
            (2, "No such file or directory", "-F unknown field: reset-lost"),
            (16, "Device or resource busy", "-F unknown file type -  reset-lost"),
        ] {
            let stderr = format!("Error sending lost reset request ({words})\n{second}\n");
            assert_eq!(kernel.run(&format!("1001:{errno}"), &["--reset-lost"]), failed(&stderr));
        }
    });
}

#[test]
fn our_mode_shows_the_last_status() {
    with_kernel(|kernel| {
        let command = ["-b", "100", "-b", "200"];
        for (name, limit) in [("auditctl", 100), ("rauditctl", 200)] {
            let (exit, stdout, stderr) = kernel.run_as(name, "", &command);
            assert_eq!((exit, stderr.as_str()), (Some(0), ""));
            assert!(stdout.contains(&format!("backlog_limit {limit}\n")), "{name}: {stdout}");
        }
    });
}

#[test]
fn our_mode_prints_no_status_for_settings_in_files() {
    with_kernel(|kernel| {
        let file = kernel.folder.path().join("settings.rules");
        fs::write(&file, "-b 100\n").expect("the file is written");
        let command = ["-R", file.to_str().expect("a path in UTF-8")];
        let (_, stdout, _) = kernel.run_as("auditctl", "", &command);
        assert!(stdout.contains("backlog_limit 100\n"), "{stdout}");
        let (exit, stdout, _) = kernel.run_as("rauditctl", "", &command);
        assert_eq!((exit, stdout.contains("backlog_limit")), (Some(0), false));
    });
}

#[test]
fn our_mode_fails_where_audit_is_off() {
    with_kernel(|kernel| {
        let command = ["-a", "never,task"];
        assert_eq!(kernel.run("1011:111", &command).0, Some(0));
        let (exit, ..) = kernel.run_as("rauditctl", "1011:111", &command);
        assert_ne!(exit, Some(0));
    });
}

#[test]
fn our_mode_parses_words_as_commands() {
    with_kernel(|kernel| {
        assert_eq!(kernel.run("", &["word", "-t"]).0, Some(0));
        assert_eq!(kernel.run_as("rauditctl", "", &["word", "-t"]).0, Some(2));
    });
}

#[test]
fn our_mode_reads_standard_input() {
    with_kernel(|kernel| {
        // Called as auditctl, the program opens a file named `-`, which does not exist.
        assert_eq!(kernel.run("", &["-R", "-"]).0, Some(1));
        assert_eq!(kernel.run_as("rauditctl", "", &["-R", "-"]).0, Some(0));
    });
}

#[test]
fn our_mode_skips_faulty_lines_whole() {
    with_kernel(|kernel| {
        let file = kernel.folder.path().join("forgiven.rules");
        fs::write(&file, "-i\n-b 100 -f 9\n-s\n").expect("the file is written");
        let command = ["-R", file.to_str().expect("a path in UTF-8")];
        for (name, is_sent) in [("auditctl", true), ("rauditctl", false)] {
            let (_, stdout, _) = kernel.run_as(name, "", &command);
            assert_eq!(stdout.contains("backlog_limit 100\n"), is_sent, "{name}: {stdout}");
        }
    });
}

#[test]
fn our_mode_lists_rules_without_arch_by_the_machine() {
    with_kernel(|kernel| {
        let file = kernel.folder.path().join("arches.rules");
        let rules = "-a always,exit -F arch=b32 -S open -k a\n-a always,exit -S open -k b\n-l\n";
        fs::write(&file, rules).expect("the file is written");
        let command = ["-R", file.to_str().expect("a path in UTF-8")];
        // Number 2 is `open` of x86_64 and `fork` of i386.
        for (name, syscall) in [("auditctl", "fork"), ("rauditctl", "open")] {
            let (_, stdout, _) = kernel.run_as(name, "", &command);
            let listed = format!("-a always,exit -S {syscall} -F key=b\n");
            assert!(stdout.ends_with(&listed), "{name}: {stdout}");
        }
    });
}
