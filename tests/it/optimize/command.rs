//! The command: the rules that it writes, and its report.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::covers::formats::validated;

pub(super) fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rauditctl"));
    command.current_dir(folder).args(arguments);
    command.output().expect("the program runs")
}

pub(super) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(super) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The rule files of the fixtures.
fn fixtures() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<String> =
        entries.map(|entry| entry.expect("a file").path().display().to_string()).collect();
    paths.sort();
    paths
}

#[test]
fn products_record_the_same_and_stay_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    for source in fixtures() {
        let options = ["optimize", "--arch", "x86_64", "--kernel", "6.1"];
        let made = run(folder.path(), &[&options[..], &["-o", "made.rules", &source]].concat());
        assert_eq!(made.status.code(), Some(0), "{source}: {}", stderr(&made));
        let compare = ["compare", "--arch", "x86_64", "--kernel", "6.1", &source, "made.rules"];
        let compared = run(folder.path(), &compare);
        let report = stdout(&compared) + &stderr(&compared);
        assert!(report.contains("made.rules records the same as"), "{source}: {report}");
        let again = run(folder.path(), &[&options[..], &["made.rules"]].concat());
        let rules = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            lines.map(str::to_owned).collect()
        };
        let first = fs::read_to_string(folder.path().join("made.rules")).expect("a file");
        assert_eq!(rules(&stdout(&again)), rules(&first), "{source}");
    }
}

#[test]
fn settings_and_origins_come_along() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = "-D\n-b 8192\n# permissions\n\
        -a always,exit -F arch=b64 -S chmod -F auid>=1000 -k perm\n\
        -a always,exit -F arch=b64 -S fchmod -F auid>=1000 -k perm\n\
        -A always,exit -F arch=b64 -S mount -k m\n\
        -a always,exit -F arch=b64 -S kill -F exe=/usr/bin/a\\ b -k kill\n-e 2\n";
    fs::write(folder.path().join("a.rules"), source).expect("a file");
    let made = run(folder.path(), &["optimize", "--arch", "x86_64", "a.rules"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let text = stdout(&made);
    // The digests are those of `sha256sum`: of the source, and of the lines below the head.
    let head = format!(
        "## made by rauditctl {} optimize; edit the source and make this file again\n\
         ## source sha256:6a724ebf315c63eb3bddf50461d1796bdcf4f9f51d0fd8b2d417ac8d2a9cdab7\n\
         ## rules sha256:b001bd2933dfc321f1dcafbe1bf6ed163ca41e2bc2f7637b0c06dca2d29b5a97\n\
         ## options --arch x86_64 --kernel 7.2 --for stock\n",
        env!("CARGO_PKG_VERSION")
    );
    let rest = text.strip_prefix(&head).unwrap_or_else(|| panic!("{text}"));
    assert_eq!(
        rest,
        "-D\n-b 8192\n\
         #@ from a.rules:6\n\
         -a always,exit -F arch=b64 -S mount -k m\n\
         #@ from a.rules:4 a.rules:5 (merge-syscalls)\n\
         -a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000 -k perm\n\
         #@ from a.rules:7\n\
         -a always,exit -F arch=b64 -S kill -F exe=/usr/bin/a\\ b -k kill\n-e 2\n"
    );
    assert!(stderr(&made).contains("Proved: the same events under the same keys (4 -> 3 rules)."));
    let report = ["optimize", "--arch", "x86_64", "--format", "json", "-o", "b.rules", "a.rules"];
    let report: Value = serde_json::from_slice(&run(folder.path(), &report).stdout).expect("JSON");
    validated("docs/schema/optimize.schema.json", &report);
    assert_eq!(report["whole"], "same");
    assert_eq!(report["rules"], serde_json::json!({"before": 4, "after": 3}));
}

#[test]
fn steps_can_be_chosen_and_rules_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = "-a always,exit -F arch=b64 -S chmod -k a\n-a always,exit -F arch=b64 -S fchmod -k a\n\
        -a always,exit -F arch=b64 -S chown -k b\n-a always,exit -F arch=b64 -S fchown -k b\n";
    fs::write(folder.path().join("a.rules"), source).expect("a file");
    let count = |options: &[&str]| {
        let options = [&["optimize", "--arch", "x86_64", "a.rules"], options].concat();
        stdout(&run(folder.path(), &options)).lines().filter(|line| line.starts_with('-')).count()
    };
    assert_eq!(count(&[]), 2);
    assert_eq!(count(&["--skip", "merge-syscalls"]), 4);
    assert_eq!(count(&["--only", "drop,order"]), 4);
    assert_eq!(count(&["--keep", "a"]), 3);
}

/// What depends on the machine that loads the rules stays as it is written.
#[test]
fn unknown_accounts_and_paths_stay_as_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let account =
        "-a always,exit -F arch=b64 -S getpid,unlink -F obj_uid=no-such-one -F path=/etc/passwd";
    let watch = "-w /elsewhere/thing -p x -k thing";
    let known = "-a always,exit -F arch=b64 -S getpid,unlink -F obj_uid=33";
    fs::write(folder.path().join("a.rules"), format!("{account}\n{watch}\n{known}\n"))
        .expect("a file");
    let made = run(folder.path(), &["optimize", "--arch", "x86_64", "a.rules"]);
    let text = stdout(&made);
    let rules: Vec<&str> = text.lines().filter(|line| line.starts_with('-')).collect();
    assert_eq!(rules, [account, watch, &known.replace("getpid,", "")]);
    let report = stderr(&made);
    assert!(report.contains("a.rules:1 stays as written: the number of an account"), "{report}");
    assert!(report.contains("a.rules:2 stays as written: what the path is"), "{report}");
}

#[test]
fn sets_that_do_more_than_load_rules_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for (source, why) in [
        ("-W /etc/shadow -p wa\n", "deletes some of the kernel's rules"),
        ("-D -k old\n", "deletes some of the kernel's rules"),
        ("-a always,exit -S nosuchcall\n", "1 error"),
        (
            "-a always,exit -S open\n-a always,exit -S open\n",
            "the kernel refuses the rule of a.rules:2",
        ),
    ] {
        fs::write(folder.path().join("a.rules"), source).expect("a file");
        let output = run(folder.path(), &["optimize", "--arch", "x86_64", "a.rules"]);
        assert_eq!(output.status.code(), Some(2), "{source}");
        assert!(output.stdout.is_empty() && stderr(&output).contains(why), "{}", stderr(&output));
    }
}

/// Optimizes a text, and returns the new file.
fn made(folder: &Path, text: &str) -> String {
    fs::write(folder.join("a.rules"), text).expect("a file");
    let options = ["optimize", "--arch", "x86_64", "--kernel", "6.1", "-o", "b.rules", "a.rules"];
    let made = run(folder, &options);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    fs::read_to_string(folder.join("b.rules")).expect("a file")
}

/// The new file has the rules in the kernel's order, so it appends what the source prepends.
#[test]
fn prepended_rules_are_appended_in_the_order_of_the_kernel() {
    let folder = tempfile::tempdir().expect("a folder");
    for list in ["task", "user", "exclude"] {
        let text = format!("-A never,{list} -F uid=0\n-A always,{list} -F gid=0\n");
        let new = made(folder.path(), &text);
        let rules: Vec<&str> = new.lines().filter(|line| !line.starts_with('#')).collect();
        if list == "exclude" {
            // Both actions drop a record.
            assert!(!new.contains("-A "), "{new}");
            continue;
        }
        let expected = [format!("-a always,{list} -F gid=0"), format!("-a never,{list} -F uid=0")];
        assert_eq!(rules, expected);
    }
    // The name of an account that is unknown here stays.
    let new = made(folder.path(), "-A always,exit -S open -F auid=nobody-of-that-name -k x\n");
    assert!(new.contains("-a always,exit -S open -F auid=nobody-of-that-name -k x"), "{new}");
}

#[test]
fn many_origins_leave_lines_that_auditctl_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let rule = |n| format!("-a always,exit -F arch=b64 -S open -F uid={n} -k k\n");
    let new = made(folder.path(), &(0..420).map(rule).collect::<String>());
    assert!(new.lines().all(|line| line.len() < 2000), "{new}");
    assert!(new.contains("a.rules:1 ") && new.contains("a.rules:420"), "{new}");
    let check = ["optimize", "--check", "b.rules", "a.rules"];
    assert_eq!(run(folder.path(), &check).status.code(), Some(0));
    assert_eq!(run(folder.path(), &["compile", "b.rules"]).status.code(), Some(0));
}

/// A rule that decides nothing can be the first by inode that matches when a watched file is moved away.
#[test]
fn a_rule_by_inode_that_decides_nothing_stays_among_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let new = made(
        folder.path(),
        "-w /etc/passwd -p wa -k k3\n-a never,exit -F arch=b64 -S rename\n\
         -a always,exit -F arch=b64 -F path=/etc/group -F perm=wa -F gid<29 -k k1\n\
         -a always,exit -F arch=b64 -S rename -F path=/etc/group -k k3\n",
    );
    assert_eq!(new.matches("path=/etc/group").count(), 2, "{new}");
}

#[test]
fn the_output_is_not_put_among_the_rules_files_that_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = folder.path().join("rules.d");
    fs::create_dir(&directory).expect("a folder");
    fs::write(directory.join("a.rules"), "-w /etc/passwd -p wa -k k\n").expect("a file");
    let into = ["optimize", "--arch", "x86_64", "-o", "rules.d/b.rules", "rules.d"];
    let refused = run(folder.path(), &into);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("all rules files of `rules.d` are input"));
    assert!(!directory.join("b.rules").exists());
}
