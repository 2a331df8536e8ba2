//! `rauditctl covers`: answers about requirements, with expectations that come from the text of the rules.

pub(crate) mod formats;
mod reading;
mod unknown;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rauditctl");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with requirements, `required.rules`, and rules, `set.rules`.
struct Case {
    folder: TempDir,
}

impl Case {
    fn new(required: &str, set: &str) -> Self {
        let case = Case { folder: tempfile::tempdir().expect("a folder") };
        case.write("required.rules", required);
        case.write("set.rules", set);
        case
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("a file is written");
    }

    /// Runs a command on x86_64 in the folder.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).current_dir(self.folder.path());
        command.output().expect("the program runs")
    }

    fn covers(&self, options: &[&str]) -> Output {
        let fixed = ["covers", "--arch", "x86_64", "required.rules", "set.rules"];
        self.run(&[&fixed, options].concat())
    }

    fn json(&self, options: &[&str]) -> Value {
        json(&self.covers(&[&["--format", "json"], options].concat()))
    }

    /// Returns the states of all requirements.
    fn states(&self, options: &[&str]) -> Vec<String> {
        let report = self.json(options);
        let states = report["requirements"].as_array().expect("requirements").iter();
        states.map(|row| row["state"].as_str().expect("a state").to_owned()).collect()
    }
}

fn json(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}{errors}"))
}

const CHMOD: &str = "#@ id A
-a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000 -F auid!=unset -k perm
-a always,exit -F arch=b32 -S chmod,fchmod -F auid>=1000 -F auid!=unset -k perm
";

/// The ways in which other programs judge rules wrongly, and near misses.
#[test]
fn states_are_those_of_the_events() {
    let one = |required: &str, set: &str, expected: &str| {
        let states = Case::new(required, set).states(&[]);
        assert_eq!(states, [expected], "{required}\n{set}");
    };
    // The same, in another order, split, joined, and under another key.
    one(
        CHMOD,
        "-a always,exit -F arch=b32 -S fchmod,chmod -F auid!=-1 -F auid>=1000\n\
         -a always,exit -F arch=b64 -S fchmod -F auid>=1000 -F auid!=4294967295 -k other\n\
         -a always,exit -F arch=b64 -S chmod -F auid>=1000 -F auid!=unset\n",
        "covered",
    );
    // Stricter: more users, more syscalls, and one rule for both word sizes.
    one(CHMOD, "-a always,exit -S all -F auid>=500\n", "covered");
    one(CHMOD, "-a always,exit -S all -F auid>1000\n", "partly");
    // 32-bit programs are forgotten.
    one(CHMOD, "-a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000\n", "partly");
    one(CHMOD, "-a always,exit -F arch=b64 -S fchmodat -F auid>=1000\n", "missing");
    // No rules at all.
    one(CHMOD, "-D\n", "missing");
    one(CHMOD, "-a always,exit -S all\n-e 0\n", "missing");
    // Rules that silence count where they come first.
    let all = "-a always,exit -S all\n";
    one(CHMOD, &format!("{all}-a never,exit -S all -F uid=0\n"), "covered");
    one(CHMOD, &format!("-a never,exit -S all -F auid<1000\n{all}"), "covered");
    one(CHMOD, &format!("-a never,exit -S all -F uid=0\n{all}"), "partly");
    one(CHMOD, &format!("{all}-a never,task\n"), "missing");
    one(CHMOD, &format!("{all}-a always,exclude -F msgtype=SYSCALL\n"), "missing");
    one(CHMOD, &format!("{all}-a always,exclude -F msgtype=CWD\n"), "covered");
    // A watch and the rules for its syscalls; a tree.
    let watch = "#@ id W\n-a always,exit -F arch=b64 -F path=/etc/shadow -F perm=wa\n";
    one(watch, "-w /etc/shadow -p wa\n", "covered");
    one(watch, "-w /etc/shadow -p w\n", "partly");
    one(watch, "-a always,exit -F dir=/etc -F perm=wa\n", "covered");
    one(watch, "-a always,exit -F dir=/etc/ssh -F perm=wa\n", "missing");
    // A call has several names. The rules for its first name are tested first (`audit_filter_inodes`), so the order of
    // the rules does not help; a call with one name has no such case.
    let never = "-a always,exit -F path=/etc/shadow\n-a never,exit -F path=/b\n";
    let link = "#@ id L\n-a always,exit -F arch=b64 -S link -F path=/etc/shadow\n";
    one(link, never, "partly");
    one(link, "-a always,exit -F path=/etc/shadow\n-a always,exit -F path=/b\n", "covered");
    one(&link.replace("link", "chmod"), never, "covered");
}

#[test]
fn unions_of_rules_cover() {
    let required = "#@ id A\n-a always,exit -F arch=b64 -S openat -F auid!=unset\n";
    let halves = "-a always,exit -F arch=b64 -S openat -F auid<1000\n\
                  -a always,exit -F arch=b64 -S openat -F auid>=1000 -F success=1\n\
                  -a always,exit -F arch=b64 -S openat -F auid>=1000 -F success=0\n";
    assert_eq!(Case::new(required, halves).states(&[]), ["covered"]);
    let by = Case::new(required, halves).json(&[]);
    let lines: Vec<u64> = by["requirements"][0]["covered_by"]
        .as_array()
        .expect("places")
        .iter()
        .filter_map(|place| place["line"].as_u64())
        .collect();
    assert_eq!(lines, [1, 2, 3]);
    let without_failures = halves.lines().take(2).collect::<Vec<_>>().join("\n");
    assert_eq!(Case::new(required, &without_failures).states(&[]), ["partly"]);
}

#[test]
fn names_the_fewest_rules_that_cover() {
    let set = "-a always,exit -F arch=b64 -S all -F auid=1000\n\
               -a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000 -F auid!=unset\n\
               -a always,exit -F arch=b32 -S chmod,fchmod -F auid>=1000 -F auid!=unset\n\
               -a always,exit -F arch=b32 -F path=/etc/shadow -F perm=wa\n";
    let text = String::from_utf8(Case::new(CHMOD, set).covers(&[]).stdout).expect("text");
    assert_eq!(
        text,
        "A  covered         set.rules:2, set.rules:3\n1 requirement: 1 covered, 0 partly, 0 missing\n"
    );
}

#[test]
fn keys_count_only_if_they_are_asked_for() {
    let required = "#@ id A\n-a always,exit -F arch=b64 -S chmod -k perm\n";
    let case = Case::new(required, "-a always,exit -F arch=b64 -S chmod -k other\n");
    assert_eq!(case.states(&[]), ["covered"]);
    let report = case.json(&["--keys"]);
    let row = &report["requirements"][0];
    assert_eq!((&row["state"], &row["missed"][0]["keys"][0]), (&"partly".into(), &"other".into()));
    let same = Case::new(required, "-a always,exit -F arch=b64 -S chmod,fchmod -k perm\n");
    assert_eq!(same.states(&["--keys"]), ["covered"]);
}

#[test]
fn machines_need_no_syscalls_that_they_lack() {
    let required = "#@ id U\n-a always,exit -F arch=b64 -S umount\n\
                    #@ id C\n-a always,exit -F arch=b64 -S chmod,fchmod\n\
                    #@ id S\n-a always,exit -F arch=b64 -S setxattrat\n";
    let case = Case::new(required, "-a always,exit -F arch=b64 -S fchmod\n");
    let states = |arguments: &[&str]| {
        let fixed = ["covers", "--format", "json", "required.rules", "set.rules"];
        let report = json(&case.run(&[&fixed, arguments].concat()));
        let rows = report["requirements"].as_array().expect("requirements").clone();
        rows.iter()
            .map(|row| row["state"].as_str().expect("a state").to_owned())
            .collect::<Vec<_>>()
    };
    // x86_64 has umount only for 32-bit programs, and aarch64 has no chmod. setxattrat came with Linux 6.13.
    let newest = states(&["--arch", "x86_64"]);
    assert_eq!(newest, ["not applicable", "partly", "missing"]);
    let old = states(&["--arch", "x86_64", "--kernel", "6.12"]);
    assert_eq!(old, ["not applicable", "partly", "not applicable"]);
    let arm = states(&["--arch", "aarch64"]);
    assert_eq!(arm, ["not applicable", "covered", "missing"]);
    // ppc64le runs no 32-bit programs.
    let b32 = Case::new("#@ id A\n-a always,exit -F arch=b32 -S chmod\n", "-D\n");
    let output = b32.run(&["covers", "--arch", "ppc64le", "required.rules", "set.rules"]);
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("A  not applicable\n"));
    // A name that no machine has is a mistake.
    let typo = Case::new("#@ id A\n-a always,exit -F arch=b64 -S chmood\n", "-D\n");
    assert_eq!(typo.covers(&[]).status.code(), Some(2));
}

#[test]
fn settings_have_the_value_of_their_last_line() {
    let required =
        "#@ id E\n-e 2\n#@ id F\n-f 2\n#@ id B\n-b 8192\n#@ id L\n--loginuid-immutable\n";
    let states = |set: &str| Case::new(required, set).states(&[]);
    assert_eq!(states("-D\n"), ["missing"; 4]);
    assert_eq!(states("-f 2\n-b 9000\n--loginuid-immutable\n-e 2\n"), ["covered"; 4]);
    let near = states("-f 2\n-b 64\n--loginuid-immutable\n-f 1\n-e 1\n");
    assert_eq!(near, ["missing", "missing", "missing", "covered"]);
    let both = "#@ id A\n-a always,exit -F arch=b64 -S chmod\n-e 2\n";
    let half = Case::new(both, "-a always,exit -F arch=b64 -S chmod\n");
    assert_eq!(half.states(&[]), ["partly"]);
}

#[test]
fn links_are_followed() {
    let required = "#@ link /bin /usr/bin\n#@ id A\n-w /bin/su -p x\n";
    assert_eq!(Case::new(required, "-w /usr/bin/su -p x\n").states(&[]), ["covered"]);
    assert_eq!(Case::new(required, "-w /bin/su -p x\n").states(&[]), ["covered"]);
    let without = required.lines().skip(1).collect::<Vec<_>>().join("\n");
    assert_eq!(Case::new(&without, "-w /usr/bin/su -p x\n").states(&[]), ["missing"]);
}

/// A change is proposed as steps. Made as text, it covers.
#[test]
fn changes_cover_when_they_are_made() {
    for (set, steps) in [
        // Syscalls for a rule that has some of them under the same conditions.
        (
            "-a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000 -F auid!=unset\n\
             -a always,exit -F arch=b32 -S fchmod -F auid>=1000 -F auid!=unset\n",
            &["add-syscalls"][..],
        ),
        ("-a always,exit -F arch=b64 -S chown -F auid>=1000 -F auid!=unset\n", &["add-rule"; 2]),
        // Before the rule that silences.
        ("-a never,exit -S all -F uid=0\n-a always,exit -S all\n", &["add-rule"; 2]),
        ("-A never,exit -S all -F uid=0\n-a always,exit -S all\n", &["add-rule"; 2]),
        ("-a always,exit -S all\n-a never,task\n", &["delete"]),
    ] {
        let report = Case::new(CHMOD, set).json(&[]);
        let change = report["requirements"][0]["change"].as_array().expect("a change").clone();
        let made: Vec<&str> = change.iter().filter_map(|step| step["do"].as_str()).collect();
        assert_eq!(made, steps, "{set}");
        let changed = changed(set, &change);
        assert_eq!(Case::new(CHMOD, &changed).states(&[]), ["covered"], "{changed}");
    }
}

/// A kernel takes no rule after `-e 2`.
#[test]
fn proposed_rules_come_before_the_line_that_locks() {
    let rule = "-a always,exit -F arch=b64 -S unlink -F auid>=1000\n";
    for (lock, is_locked) in [("-e 2\n", true), ("-e 1\n", false), ("-e 1\n-e 2\n", true)] {
        let set = format!("{rule}{lock}");
        let case = Case::new(CHMOD, &set);
        let report = case.json(&[]);
        let change = report["requirements"][0]["change"].as_array().expect("a change").clone();
        for step in &change {
            let line = step["before"]["line"].as_u64();
            let expected = is_locked.then(|| set.lines().count() as u64);
            assert_eq!(line, expected, "{set}: {step}");
        }
        let changed = changed(&set, &change);
        assert_eq!(Case::new(CHMOD, &changed).states(&[]), ["covered"], "{changed}");
        let text = String::from_utf8(case.covers(&[]).stdout).expect("text");
        assert_eq!(text.contains("add before set.rules:"), is_locked, "{text}");
    }
}

/// A name that is no file may be meant as requirements that come along.
#[test]
fn names_of_requirements_that_come_along_are_reported() {
    let case = Case::new(CHMOD, CHMOD);
    let errors = |required: &str| {
        let output = case.run(&["covers", "--arch", "x86_64", required, "set.rules"]);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (status, text) = errors("stig-rhel10");
    assert_eq!(status, Some(2));
    assert!(text.contains("stig-rhel9") && text.contains("stig-ubuntu2204"), "{text}");
    let (status, text) = errors("required.rules");
    assert!(status == Some(0) && !text.contains("stig-rhel9"), "{text}");
}

/// The first sentence of a comparison is about the changes that there are.
#[test]
fn first_sentence_of_a_comparison_is_about_its_changes() {
    let chmod = "-a always,exit -F arch=b64 -S chmod -k a\n";
    let rekeyed = "-a always,exit -F arch=b64 -S chmod -k b\n";
    let chown = "-a always,exit -F arch=b64 -S chown -k c\n";
    let swap = "-a always,exit -F arch=b64 -S swapon -k d\n";
    for (old, new, expected) in [
        (vec![chmod, chown], vec![chown, chmod], "records the same as old.rules."),
        (vec![chmod, chown], vec![chmod], "records less than old.rules."),
        (vec![chmod], vec![chmod, chown], "records more than old.rules."),
        (
            vec![chmod, chown],
            vec![chmod, swap],
            "records some events that old.rules does not record, and misses others.",
        ),
        (
            vec![chmod, chown],
            vec![rekeyed, chown],
            "records the same events as old.rules, some under another key.",
        ),
        (
            vec![chmod, chown],
            vec![rekeyed],
            "records less than old.rules, and some events under another key.",
        ),
        (
            vec![chmod],
            vec![rekeyed, chown],
            "records more than old.rules, and some events under another key.",
        ),
        (
            vec![chmod, chown],
            vec![rekeyed, swap],
            "records some events that old.rules does not record, and misses others; some have another key.",
        ),
    ] {
        let case = Case::new("", "");
        case.write("old.rules", &old.concat());
        case.write("new.rules", &new.concat());
        let output =
            case.run(&["compare", "--arch", "x86_64", "--exit-zero", "old.rules", "new.rules"]);
        let text = String::from_utf8(output.stdout).expect("text");
        let first = text.lines().next().and_then(|line| line.strip_prefix("new.rules "));
        assert_eq!(first, Some(expected), "{text}");
    }
}

/// The text of a proposed rule compiles, also where a listing shows what auditctl does not read.
#[test]
fn proposed_rules_can_be_loaded() {
    for condition in ["-F filetype=link", "-F path=/srv/a\\ b", "-F pid=4294967295"] {
        let required = format!("-a always,exit -F arch=b64 -S unlink,truncate {condition}\n");
        let set = "-a always,exit -F arch=b64 -S unlink\n";
        let report = Case::new(&required, set).json(&[]);
        let change = report["requirements"][0]["change"].as_array().expect("a change").clone();
        let changed = changed(set, &change);
        assert!(changed.contains("-S truncate"), "{changed}");
        assert_eq!(Case::new(&required, &changed).states(&[]), ["covered"], "{changed}");
    }
}

/// Makes the steps of a change in the text of rules, which has one file.
fn changed(set: &str, steps: &[Value]) -> String {
    let mut lines: Vec<Vec<String>> = set.lines().map(|line| vec![line.to_owned()]).collect();
    let mut last = Vec::new();
    for step in steps {
        let line = |place: &Value| place["line"].as_u64().expect("a line") as usize - 1;
        let word = |name: &str| step[name].as_str().expect("a word").to_owned();
        match word("do").as_str() {
            "add-syscalls" => {
                let names = step["syscalls"].as_array().expect("names").iter();
                let names: Vec<&str> = names.filter_map(Value::as_str).collect();
                let rule = lines[line(&step["to"])].last_mut().expect("a rule");
                *rule = rule.replacen(" -S ", &format!(" -S {},", names.join(",")), 1);
            }
            "add-rule" if !step["before"].is_null() => {
                lines[line(&step["before"])].insert(0, word("text"));
            }
            "add-rule" if !step["after"].is_null() => {
                lines[line(&step["after"])].push(word("text"));
            }
            "add-rule" => last.push(word("text")),
            _ => lines[line(&step["rule"])].clear(),
        }
    }
    lines.into_iter().flatten().chain(last).map(|line| line + "\n").collect()
}

#[test]
fn exit_status_follows_the_worst_answer() {
    let covered = Case::new(CHMOD, "-a always,exit -S all\n");
    assert_eq!(covered.covers(&[]).status.code(), Some(0));
    let partly = Case::new(CHMOD, "-a always,exit -F arch=b64 -S all\n");
    assert_eq!(partly.covers(&[]).status.code(), Some(1));
    assert_eq!(partly.covers(&["--exit-zero"]).status.code(), Some(0));
    // The condition on names that the set drops is not modeled.
    let rule = "-a always,exit -F arch=b64 -S openat -F inode=5\n";
    let dropping = format!("-a never,filesystem -F fstype=tracefs\n{rule}");
    let undecided = Case::new(&format!("#@ id A\n{rule}"), &dropping);
    assert_eq!(undecided.states(&[]), ["undecided"]);
    // That a call which creates the file makes the kernel lose the program of the rule is modeled.
    let program = "#@ id A\n-a always,exit -F arch=b64 -S openat -F path=/a -F exe=/bin/x\n";
    let covered = Case::new(program, "-a always,exit -F arch=b64 -S openat -F path=/a\n");
    assert_eq!(covered.states(&[]), ["covered"]);
    // Names on the file systems that the set drops are missed.
    let path = "-a always,exit -F arch=b64 -S openat -F path=/a\n";
    let dropping = format!("-a never,filesystem -F fstype=tracefs\n{path}");
    let partly = Case::new(&format!("#@ id A\n{path}"), &dropping);
    assert_eq!(partly.states(&[]), ["partly"]);
    assert_eq!(undecided.covers(&[]).status.code(), Some(3));
    for (required, set) in [
        ("#@ id A\n-a always,exit -S nothing\n", "-D\n"),
        ("#@ id A\n", "-D\n"),
        ("# nothing\n", "-D\n"),
        ("#@ id A\n-w /a\n#@ id A\n-w /b\n", "-D\n"),
        ("#@ id A\n-D\n", "-D\n"),
        ("#@ id A\n-a always,exclude -F msgtype=CWD\n", "-D\n"),
        ("#@ id A\n-a always,exit -S all -F auid>5 -F auid<5\n", "-D\n"),
        (CHMOD, "-a always,exit -S nothing\n"),
    ] {
        let output = Case::new(required, set).covers(&[]);
        assert_eq!(output.status.code(), Some(2), "{required}{set}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{required}{set}");
    }
}

#[test]
fn accepted_requirements_are_not_missed_until_their_day() {
    let case = Case::new(CHMOD, "-D\n");
    let accept = |until: &str| {
        case.write(
            "rauditctl.toml",
            &format!("[[covers.accepted]]\nid = \"A\"\nreason = \"SEC-17\"\nuntil = {until}\n"),
        );
        let output = case.covers(&[]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), text, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (status, text, _) = accept("9999-12-31");
    assert_eq!(status, Some(0));
    assert!(text.starts_with("A  accepted        SEC-17, until 9999-12-31 (rauditctl.toml:1)\n"));
    assert!(text.ends_with("0 missing, 1 accepted\n"), "{text}");
    let (status, text, notes) = accept("2000-01-01");
    assert_eq!(status, Some(1));
    assert!(text.starts_with("A  missing "), "{text}");
    assert!(notes.contains("accepted `A` until 2000-01-01, which is over"), "{notes}");
    assert_eq!(accept("\"soon\"").0, Some(2));
    case.write("set.rules", "-a always,exit -S all\n");
    let (status, _, notes) = accept("9999-12-31");
    assert_eq!(status, Some(0));
    assert!(notes.contains("accepts `A`, but it is covered"), "{notes}");
    assert_eq!(case.covers(&["--no-config"]).status.code(), Some(0));
}

/// A plain rules file works too: each rule is a requirement.
#[test]
fn rules_without_names_are_requirements() {
    let case = Case::new("-w /a -p wa\n\n-w /b -p wa\n", "-w /b -p rwa\n");
    let report = case.json(&[]);
    let rows = report["requirements"].as_array().expect("requirements");
    let ids: Vec<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(ids, ["required.rules:1", "required.rules:3"]);
    assert_eq!(case.states(&[]), ["missing", "covered"]);
}
