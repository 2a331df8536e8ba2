//! `test --generate`: what it writes, `test` accepts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rauditctl"));
    command.current_dir(folder).args(["test", "--arch", "x86_64"]).args(arguments);
    command.output().expect("the program runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn generated_cases_hold() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let folder = tempfile::tempdir().expect("a folder");
    let mut files: Vec<PathBuf> =
        fs::read_dir(rules).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let task = folder.path().join("task.rules");
    fs::write(&task, "-a never,task -F uid!=33\n-a always,exit -S exit,read -F uid=33\n")
        .expect("a file");
    for file in files.into_iter().chain([task]) {
        let file = file.to_str().expect("a name");
        let made = run(folder.path(), &["--generate", "-o", "cases.toml", file]);
        assert_eq!(made.status.code(), Some(0), "{file}: {}", stderr(&made));
        let tested = run(folder.path(), &["cases.toml"]);
        let report = String::from_utf8_lossy(&tested.stdout).into_owned() + &stderr(&tested);
        assert_eq!(tested.status.code(), Some(0), "{file}: {report}");
    }
}

#[test]
fn cases_that_no_file_can_have_are_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("empty.rules"), "").expect("a file");
    fs::write(folder.path().join("a.rules"), "-w /a -p wa\n").expect("a file");
    for (files, why) in [
        (&["empty.rules"][..], "no event is decided by these rules"),
        (&["a.rules", "empty.rules"], "one set of rules, but there are 2"),
    ] {
        let output = run(folder.path(), &[&["--generate"], files].concat());
        assert_eq!(output.status.code(), Some(2), "{files:?}");
        assert!(output.stdout.is_empty() && stderr(&output).contains(why), "{files:?}: {output:?}");
    }
}

/// Every rule has a case, or a comment that names the reason.
#[test]
fn rules_without_a_case_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = [
        ("-a always,user -F uid=33", None),
        ("-a never,user -F msgtype=USER_LOGIN -F auid>=1000", None),
        ("-a always,exclude -F msgtype=CWD", None),
        ("-a never,task -F uid=33", None),
        ("-a never,filesystem -F fstype=tracefs", None),
        ("-a always,io_uring -S openat -F uid=0 -k ring", None),
        ("-a always,exit -F arch=b64 -S execve -C uid!=euid -F euid=0 -k setuid", None),
        ("-a always,exit -F arch=b64 -S setuid -C uid=auid -F auid>=1000 -k same", None),
        ("-a always,exit -F arch=b64 -S chmod -C euid!=obj_uid -k other", None),
        (
            "-a always,exit -F arch=b64 -S mount -F obj_type=etc_t",
            Some("no event is made for obj_type=etc_t"),
        ),
        ("-a never,exit -F arch=b64 -S chown", None),
        (
            "-a always,exit -F arch=b64 -S chown -F uid=0 -k late",
            Some("a.rules:11 decides the events that were tried"),
        ),
        ("-a always,exit -F arch=b64 -S execve -C gid!=egid -F egid=0 -k setuid", None),
        (
            "-a never,exit -F arch=b64 -S swapon -F subj_type=crond_t",
            Some("no event is made for subj_type=crond_t"),
        ),
        ("-a always,exit -F arch=b64 -S swapon -k swap", None),
        ("-a always,exit -F arch=b64 -S connect -F saddr_fam=10 -k net", None),
        (
            "-a always,exit -F arch=b64 -S getpid -F path=/a -k none",
            Some("none of its syscalls names a file"),
        ),
    ];
    let text: String = rules.iter().map(|(rule, _)| format!("{rule}\n")).collect();
    fs::write(folder.path().join("a.rules"), text).expect("a file");
    let made = run(folder.path(), &["--generate", "-o", "cases.toml", "a.rules"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let cases = fs::read_to_string(folder.path().join("cases.toml")).expect("a file");
    for (line, (rule, why)) in (1..).zip(rules) {
        let case = format!("name = \"for a.rules:{line}\"\n");
        assert_eq!(cases.contains(&case), why.is_none(), "{rule}: {cases}");
        let comments = cases.lines().filter_map(|text| text.strip_prefix("# no case for "));
        let named = format!("a.rules:{line}: ");
        let found: Vec<&str> = comments.filter_map(|text| text.strip_prefix(&named)).collect();
        assert_eq!(found, why.into_iter().collect::<Vec<_>>(), "{rule}: {cases}");
    }
    let tested = run(folder.path(), &["--coverage", "cases.toml"]);
    let report = String::from_utf8_lossy(&tested.stdout).into_owned() + &stderr(&tested);
    assert_eq!(tested.status.code(), Some(0), "{report}");
}

/// A rule that is not there, or that never does what a case expects, is a mistake in the file.
#[test]
fn expectations_that_cannot_hold_are_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = "-a always,exit -F arch=b64 -S chmod -k a\n# a comment\n\
                 -a never,exit -F arch=b64 -S chown\n\
                 -a always,exclude -F msgtype=CWD\n";
    fs::write(folder.path().join("a.rules"), rules).expect("a file");
    let tested = |expect: &str, event: &str| {
        let text = format!(
            "rules = [\"a.rules\"]\n[[case]]\nevent = \"{event}\"\nexpect = {{ {expect} }}\n"
        );
        fs::write(folder.path().join("a.toml"), text).expect("a file");
        run(folder.path(), &["a.toml"])
    };
    for (expect, why) in [
        ("rule = \"a.rules:2\"", "`a.rules:2` is not a rule"),
        ("rule = \"b.rules:1\"", "`b.rules:1` is not a rule"),
        ("silenced_by = \"a.rules:9\"", "`a.rules:9` is not a rule"),
        ("silenced_by = \"a.rules:1\"", "`a.rules:1` is a rule of action `always`"),
        ("rule = \"a.rules:3\"", "`a.rules:3` is a rule of action `never`"),
        ("rule = \"a.rules:4\"", "`a.rules:4` is a rule of the list exclude"),
    ] {
        let output = tested(expect, "syscall=chmod");
        assert_eq!(output.status.code(), Some(2), "{expect}");
        let errors = stderr(&output);
        assert!(errors.contains(why) && errors.contains("a.toml:4:10"), "{expect}: {errors}");
    }
    for (expect, event) in [
        ("rule = \"a.rules:1\"", "syscall=chmod"),
        ("silenced_by = \"a.rules:3\"", "syscall=chown"),
        ("silenced_by = \"a.rules:4\"", "type=CWD"),
    ] {
        assert_eq!(tested(expect, event).status.code(), Some(0), "{expect}");
    }
}

/// The command of a failing case has the machine of the case, so that it gives the same answer.
#[test]
fn command_of_a_failing_case_gives_the_same_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("a b.rules", "-a always,exit -S openat -F path=/a -k of-link\n"),
        ("files.json", "[{\"path\": \"/l\", \"link\": \"/a\", \"mode\": \"120777\"}]"),
        (
            "other.toml",
            "rules = [\"a b.rules\"]\narch = \"aarch64\"\nkernel = \"6.1\"\nfiles = \"files.json\"\n\
             [[case]]\nevent = \"syscall=openat path=/l flags=O_RDONLY\"\nexpect = \"silent\"\n",
        ),
        (
            "own.toml",
            "rules = [\"a b.rules\"]\n[[case]]\nevent = { syscall = \"openat\", path = \"/l\", \
             files = [{ path = \"/l\", link = \"/a\", mode = \"120777\" }] }\nexpect = \"silent\"\n",
        ),
        (
            "same.toml",
            "rules = [\"a b.rules\"]\n[[case]]\nevent = \"syscall=openat path=/a\"\nexpect = \"silent\"\n",
        ),
    ] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let again = |file: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rauditctl"));
        let output = command.current_dir(folder.path()).args(["test", file]).output();
        let output = output.expect("the program runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("found     key of-link"), "{text}{}", stderr(&output));
        let line = text.lines().find_map(|line| line.trim().strip_prefix("again"));
        line.map(|line| line.trim().to_owned())
    };
    let command = again("other.toml").expect("a command");
    let program = env!("CARGO_BIN_EXE_rauditctl");
    let line = command.replacen("rauditctl", &format!("'{program}'"), 1);
    let output = Command::new("sh").current_dir(folder.path()).args(["-c", &line]).output();
    let output = output.expect("a shell");
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(answer.contains("recorded with key of-link"), "{line}: {answer}{}", stderr(&output));
    for option in ["--arch aarch64", "--kernel 6.1", "--files files.json"] {
        assert!(command.contains(option), "{command}");
    }
    // A command line has no files of an event.
    assert_eq!(again("own.toml"), None);
    let command = again("same.toml").expect("a command");
    assert!(command.starts_with("rauditctl explain --event "), "{command}");
}
