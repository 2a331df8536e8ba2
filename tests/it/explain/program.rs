//! The command line: the sources of rules, and the exit status.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Runs `rauditctl explain` for x86_64 with Linux 6.1.
fn explain(arguments: &[&str], directory: &Path) -> Output {
    explain_input(arguments, directory, "")
}

fn explain_input(arguments: &[&str], directory: &Path, input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rauditctl"))
        .args(["explain", "--arch", "x86_64", "--kernel", "6.1"])
        .args(arguments)
        .current_dir(directory)
        .env_remove("COLUMNS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn files(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().expect("a directory");
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    directory
}

fn json(output: &Output) -> Value {
    let error = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {error}"))
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn reads_a_directory_in_the_order_of_its_names() {
    let read = "-a always,exit -F arch=b64 -S read -k";
    let directory = files(&[
        ("d/10.rules", &format!("{read} ten\n-e 2\n-c\n")),
        ("d/9.rules", &format!("-b 1\n{read} nine\n")),
        ("d/100.rules", &format!("{read} hundred\n-D\n-S nonsense\n")),
        ("d/10.rules.save", "nonsense\n"),
        ("d/.5.rules", "nonsense\n"),
        ("d/sub.rules/1.rules", "nonsense\n"),
    ]);
    let output = explain(&["--format", "json", "d"], directory.path());
    let value = json(&output);
    let places = &value["bitmap"]["syscalls"][0]["where"];
    // As augenrules does it, -D moves to the front and -e 2 to the end. The -c of an earlier file
    // applies to the error in the last one.
    assert_eq!(places, &serde_json::json!(["d/9.rules:2", "d/10.rules:1", "d/100.rules:1"]));
    assert_eq!(value["refused"], serde_json::json!([]));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn rejects_an_empty_directory() {
    let directory = files(&[("d/README", "")]);
    let output = explain(&["d"], directory.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no file named *.rules"), "{}", stderr(&output));
}

#[test]
fn reads_standard_input() {
    let output = explain_input(
        &["--format", "json", "-"],
        Path::new("/"),
        "-a always,exit -F arch=b64 -S read\n",
    );
    assert_eq!(json(&output)["bitmap"]["syscalls"][0]["where"][0], "<stdin>:1");
}

#[test]
fn exits_with_1_if_a_gate_fails() {
    let directory = files(&[("a.rules", "-a always,exit -F arch=b64 -S read,write -F auid=0\n")]);
    let status = |gates: &[&str]| {
        let output = explain(&[gates, &["a.rules"]].concat(), directory.path());
        (output.status.code(), stderr(&output))
    };
    assert_eq!(
        status(&["--deny-arm", "futex,b32:write", "--max-armed", "2"]),
        (Some(0), String::new())
    );
    let (code, error) =
        status(&["--deny-arm", "futex,read", "--max-walk", "0", "--deny-stock-arm"]);
    assert_eq!(code, Some(1));
    assert_eq!(
        error,
        "error: --deny-arm: read of x86_64 (0) is armed: in the mask of a.rules:1\n\
         error: --max-walk: 1 rule tested for read of x86_64 (0), the limit is 0: exceeded from \
         a.rules:1 on\n\
         error: --deny-stock-arm: a stock kernel arms every syscall: a.rules:1 is counted\n"
    );
    // The 32-bit restart_syscall is number 0.
    assert_eq!(status(&["--deny-arm", "b32:restart_syscall"]).0, Some(1));
    for wrong in ["opennat", "aarch64:read"] {
        assert_eq!(status(&["--deny-arm", wrong]).0, Some(2));
    }
    assert_eq!(status(&["--max-armed", "few"]).0, Some(2));
}

#[test]
fn usage_errors_exit_with_2() {
    let directory = files(&[("a.rules", "")]);
    let run = |arguments: &[&str]| explain(arguments, directory.path()).status.code();
    assert_eq!(run(&["--syscall", "opennat", "a.rules"]), Some(2));
    assert_eq!(run(&["--view", "nothing", "a.rules"]), Some(2));
    assert_eq!(run(&["--diff", "a.rules"]), Some(2));
    assert_eq!(run(&["--diff", "a.rules", "missing.rules"]), Some(2));
    assert_eq!(run(&["a.rules"]), Some(0));
}

#[test]
fn reads_a_workload_and_reports_faults_in_it() {
    let directory = files(&[
        ("a.rules", "-a always,exit -F arch=b64 -S execve\n"),
        ("counts", "read,10\nexecve,1\n"),
        ("bad", "read,10\nexecve,many\n"),
    ]);
    let run = |arguments: &[&str], input| explain_input(arguments, directory.path(), input);
    let from_file = run(&["--workload", "counts", "--view", "cost", "a.rules"], "");
    let from_input = run(&["--workload", "-", "--view", "cost", "a.rules"], "execve,1\nread,10\n");
    let text = String::from_utf8(from_file.stdout).expect("text");
    assert!(text.starts_with("cost:    11 calls"), "{text}");
    assert_eq!(text.as_bytes(), from_input.stdout);
    let status = |arguments: &[&str]| run(arguments, "").status.code();
    assert_eq!(status(&["--view", "cost", "a.rules"]), Some(2));
    assert_eq!(status(&["--seconds", "2", "a.rules"]), Some(2));
    assert_eq!(status(&["--workload", "counts", "--seconds", "0", "a.rules"]), Some(2));
    assert_eq!(status(&["--workload", "missing", "a.rules"]), Some(2));
    let faulty = run(&["--workload", "bad", "a.rules"], "");
    let error = String::from_utf8(faulty.stderr).expect("text");
    assert_eq!((faulty.status.code(), faulty.stdout.len()), (Some(2), 0));
    assert!(error.contains("--workload bad: line 2: expected a whole number"), "{error}");
}

#[test]
fn reports_old_kernels_and_missing_syscalls() {
    let directory = files(&[("a.rules", "-a always,exit -F arch=b64 -S fchmodat2,read\n")]);
    let text = String::from_utf8(explain(&["a.rules"], directory.path()).stdout).expect("text");
    let note = "note: a.rules:1 names a syscall that this kernel does not have: fchmodat2 of x86_64 \
                (452, since Linux 6.6)\n";
    assert!(text.contains(note), "{text}");
    let output = Command::new(env!("CARGO_BIN_EXE_rauditctl"))
        .args(["explain", "--arch", "x86_64", "--kernel", "4.4", "a.rules"])
        .current_dir(directory.path())
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the oldest known is 5.13"), "{}", stderr(&output));
}

#[test]
fn comparison_checks_the_new_rules() {
    let directory = files(&[
        ("old.rules", "-a always,exit -F arch=b64 -S read\n"),
        ("new.rules", "-a always,exit -F arch=b64 -S write\n"),
    ]);
    let arguments = ["--diff", "old.rules", "new.rules", "--deny-arm", "write", "--format", "json"];
    let output = explain(&arguments, directory.path());
    let value = json(&output);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(value["diff"]["newly_armed"][0]["name"], "write");
    assert_eq!(value["diff"]["no_longer_armed"][0]["removed"][0], "old.rules:1");
    assert_eq!(value["failed_gates"][0]["where"], "new.rules:1");
}

/// `lint` and `explain` print the same length of the longest walk, also for directories that this machine does not have.
#[test]
fn longest_walk_is_that_of_lint() {
    let watches = ["/etc", "/srv/not-here/", "/etc/passwd", "/srv/not-here-either", "/var/log"];
    let rules: String = watches
        .iter()
        .map(|path| format!("-w {path} -p wa\n"))
        .chain(["-a always,exit -S all -F auid=1\n".into()])
        .collect();
    let directory = files(&[("a.rules", &rules)]);
    let output = explain(&["--format", "json", "a.rules"], directory.path());
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let walks = json["walk"]["syscalls"].as_array().expect("walks");
    let longest = walks.iter().filter_map(|walk| walk["worst"].as_u64()).max();
    // Three directories, and the rule for every syscall.
    assert_eq!(longest, Some(4));
    for host in [&[][..], &["--host"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_rauditctl"))
            .args([
                "lint",
                "--arch",
                "x86_64",
                "--kernel",
                "6.1",
                "--max-walk",
                "1",
                "--select",
                "P108",
            ])
            .args(host)
            .arg("a.rules")
            .current_dir(directory.path())
            .output()
            .expect("the program runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("with 4 rules"), "{text}");
    }
}

/// A rule that an inode keeps is tested only for the files that a syscall names.
#[test]
fn compile_counts_the_rules_of_the_walk() {
    let note = |rules: &str| {
        let directory = files(&[("a.rules", rules)]);
        let output = Command::new(env!("CARGO_BIN_EXE_rauditctl"))
            .args(["compile", "--arch", "x86_64", "a.rules"])
            .current_dir(directory.path())
            .output()
            .expect("the program runs");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert_eq!(note("-w /etc/passwd -p wa\n-a always,exit -F path=/etc/group -F perm=wa\n"), "");
    let found = note("-w /etc/passwd -p wa\n-w / -p wa\n-a always,exit -F dir=/srv -F perm=wa\n");
    let walk = "the kernel walks 2 rules each time a syscall ends, of which 2 have every syscall in the mask";
    assert!(found.contains(walk), "{found}");
    let found = note("-w / -p wa\n-a always,exit -F arch=b64 -S mount -k mount\n");
    let walk = "the kernel walks 2 rules each time a syscall ends, of which 1 has every syscall in the mask";
    assert!(found.contains(walk), "{found}");
}

#[test]
fn compile_explain_and_lint_agree_on_the_walk() {
    let many: String = (0..120)
        .map(|nr| format!("-a always,exit -F arch=b64 -S {nr} -F auid>=1000 -F key=k{nr}\n"))
        .collect();
    // The last rule that can match `getpid` always does: its walk is the longest that ends early.
    let rules = format!("-w / -p wa -k all\n-w /etc/passwd -p wa -k one\n{many}");
    let directory = files(&[("a.rules", &rules)]);
    let run = |command: &str, more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_rauditctl"))
            .args([command, "--arch", "x86_64", "a.rules"])
            .args(more)
            .current_dir(directory.path())
            .output()
            .expect("the program runs");
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&text).into_owned()
    };
    assert!(run("compile", &[]).contains("the kernel walks 121 rules"));
    let explained = run("explain", &["--view", "walk"]);
    assert!(explained.contains("121 rules on the exit list"), "{explained}");
    let linted = run("lint", &["--select", "P108"]);
    assert!(linted.contains("the walk has 121 rules"), "{linted}");
}

#[test]
fn explanations_name_unknown_accounts() {
    let old =
        "-w /etc/a -p wa\n-a always,exit -F arch=b64 -S openat -F auid=no-such-user -F key=open\n";
    let new = "-a always,exit -F arch=b64 -S openat -F gid!=no-such-group -F key=open\n\
               -a always,exit -F dir=/ -F perm=wa -F uid=no-such-user\n";
    let directory = files(&[("old.rules", old), ("new.rules", new)]);
    let diff = ["--diff", "old.rules", "new.rules"];
    for arguments in [
        &diff[..],
        &["--diff", "old.rules", "new.rules", "--format", "html"],
        &["--view", "advice", "new.rules"],
        &["--format", "json", "new.rules"],
        &["--format", "html", "new.rules"],
        &["--syscall", "openat", "new.rules"],
    ] {
        let output = explain(arguments, directory.path());
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!text.contains("=-26843"), "{arguments:?}: {text}");
        assert!(text.contains("uid=no-such-user"), "{arguments:?}: {text}");
    }
}

/// A rule with its syscalls can be pasted; a shortened list of syscalls cannot.
#[test]
fn rules_of_a_syscall_have_their_syscalls() {
    let names =
        ["chmod", "chown", "close", "creat", "dup", "fchmod", "fchown", "getpid", "link", "mkdir"];
    let rule = |names: &[&str]| {
        format!("-a always,exit -F arch=b64 -S {} -F uid=0 -F key=a\n", names.join(","))
    };
    let directory = files(&[("a.rules", &rule(&names[..7])), ("b.rules", &rule(&names))]);
    let compiled = |line: &str| {
        fs::write(directory.path().join("pasted.rules"), format!("{line}\n")).expect("a file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_rauditctl"));
        command.args(["compile", "--arch", "x86_64", "pasted.rules"]);
        command.current_dir(directory.path()).output().expect("the program runs")
    };
    let printed = |file: &str| {
        let output = explain(&["--syscall", "chmod", file], directory.path());
        let text = String::from_utf8(output.stdout).expect("text");
        let line = text.lines().find(|line| line.contains("-a always")).expect("a rule");
        line.get(line.find("-a always").expect("a rule")..).expect("a rule").to_owned()
    };
    let whole = compiled(&printed("a.rules"));
    assert_eq!(whole.status.code(), Some(0), "{}", stderr(&whole));
    let sent: Value = serde_json::from_slice(&whole.stdout).expect("JSON");
    let sent = sent.to_string();
    assert!(names[..7].iter().all(|name| sent.contains(&format!("\"{name}\""))), "{sent}");
    assert!(!sent.contains("getpid"), "{sent}");
    let shortened = compiled(&printed("b.rules"));
    assert_eq!(shortened.status.code(), Some(1), "{}", printed("b.rules"));
    let report =
        json(&explain(&["--syscall", "chmod", "--format", "json", "b.rules"], directory.path()));
    assert!(report.to_string().contains("mkdir"), "{report}");
}
