//! Every fault comes with help, and the help names what to write.

use std::collections::BTreeMap;

use rauditctl::catalog::Arch;
use rauditctl::compile::{FaultSearch, Options, compile};
use rauditctl::diag::{Diagnostic, Level};
use rauditctl::host::{AnyHost, FixedHost, Host};
use rauditctl::lint::{LintSettings, lint};
use rauditctl::ruleset::{Input, RuleSet};
use rauditctl::source::Source;
use rauditctl::syntax::{parse_words, words};

use crate::codes;

/// Returns the errors of a line.
fn errors_on(host: &dyn Host, line: &str) -> Vec<Diagnostic> {
    let program = compile(&parse_words(words(line.as_bytes(), 0)), host, Options::default());
    let errors = program.diagnostics().filter(|found| found.level() == Level::Error);
    errors.cloned().collect()
}

fn errors(line: &str) -> Vec<Diagnostic> {
    errors_on(&FixedHost::new(Arch::X86_64), line)
}

/// Returns the code and the help of the only error of a line.
fn help(line: &str) -> (&'static str, String) {
    let errors = errors(line);
    let [error] = errors.as_slice() else { panic!("{line}: {errors:#?}") };
    (error.code().as_str(), error.fault.explain().help)
}

/// Lines with the code of their only error and a part of its help.
const HELPS: &[(&str, &str, &str)] = &[
    // Names in records, in other tools, and of what the kernel does not test.
    ("-a always,exit -F arch=b64 -S execve -F comm=bash -k x", "E031", "use `exe` with the path"),
    ("-a always,exit -F arch=b64 -S open -F oflags=2 -k x", "E031", "`a1` of open, `a2` of openat"),
    ("-a always,exit -F arch=b64 -S open -F agid=0 -k x", "E031", "no group id"),
    ("-a always,exit -F arch=b64 -S open -F name=/etc/shadow -k x", "E031", "use `path`"),
    ("-a always,exit -F arch=b64 -S open -F hostname=a -k x", "E031", "use `saddr_fam`"),
    ("-a always,exit -F arch=b64 -S open -F audi>=1000 -k x", "E031", "did you mean `auid`?"),
    ("-a always,exit -F arch=b64 -S open -F zzzzzz=1 -k x", "E031", "write a field such as `auid`"),
    ("-a always,exit -F arch=b64 -S open -C uid!=eiud -k x", "E031", "did you mean `euid`?"),
    ("-a always,exclude -F msgtype=ALL", "E045", "write `msgtype>0` for every type"),
    ("-a always,exclude -F msgtype=qqqqqqqqq", "E045", "write a type such as SYSCALL"),
    // Settings of other places.
    ("audit=1", "E003", "command line, in the configuration of the boot loader"),
    ("log_file = /var/log/audit/audit.log", "E003", "auditd.conf"),
    // Options.
    ("-w /etc/passwd -P wa -k x", "E001", "did you mean `-p`?"),
    ("--watch", "E001", "did you mean `-w`?"),
    ("--backlog-wait-time 5", "E001", "did you mean `--backlog_wait_time`?"),
    ("--reset", "E001", "`--reset-lost` or `--reset_backlog_wait_time_actual`"),
    ("-w /etc/passwd -p wa -k", "E001", "add the value"),
    ("--reset-lost=1", "E001", "remove the value"),
    ("-e on", "E040", "0 (off), 1 (on)"),
    ("-b many", "E040", "such as 8192"),
    // Values.
    ("-a always,exit -F arch=b64 -S open -F exit=qqqqqqqq -k x", "E044", "as in -EACCES"),
    ("-a always,exit -F arch=b64 -S open -F success=yes -k x", "E040", "write 1 or 0"),
    ("-a always,exit -F arch=b64 -S open -F a0=stdin -k x", "E040", "hexadecimal"),
    ("-a always,exit -F arch=b64 -S open -F uid=nobody9 -k x", "E042", "create the account"),
    ("-a always,exit -F arch=b64 -S qqqqqqqqqqqq -k x", "E020", "`ausyscall --dump`"),
    ("-a always,io_uring -S qqqqqqqqqqqq -k x", "E021", "such as openat"),
    ("-a always,exit -F arch=b64 -F perm=rwz -k x", "E048", "r (read)"),
    ("-w /etc/passwd -p rwz", "E048", "r (read)"),
    ("-a always,exit -F =1", "E030", "write a field before the operator"),
    ("-a always,exit -F uid=", "E030", "write a value directly after"),
    // A word that is too many.
    ("-w /srv/my files -p wa", "E002", "write `\\ ` for a space"),
    ("-w /etc/passwd -p wa -k x # accounts", "E002", "put the comment on its own line"),
    ("-a always,exit -F arch=b64 -S open \\", "E002", "write the whole rule on one line"),
    // auditctl ignores these words.
    ("-t -b 8192", "E002", "a line or a command of its own"),
    ("-q /mnt,/srv -e 0", "E002", "a line or a command of its own"),
    ("--reset_backlog_wait_time_actual -b 64", "E002", "a line or a command of its own"),
    ("--reset-lost -b 64", "E002", "a line or a command of its own"),
    // Words of messages of user space, and several conditions in one.
    ("-a always,exclude -F msgtype=USER_LOGIN -F res=success", "E031", "message of user space"),
    ("-a always,user -F op=login", "E031", "the text of a message"),
    ("-a always,exit -F arch=b64 -S open -F subj=a_t -k x", "E031", "`subj_type`"),
    ("-a always,exit -F arch=b64 -S open -F auid>1&auid!=5 -k x", "E031", "after each `-F`"),
    ("-a always,exit -F arch=b64 -S open -F !auid=1 -k x", "E031", "after each `-F`"),
    ("-a always,exit -F arch=b64 -S open -F auid===!1 -k x", "E042", "write one operator"),
    ("-a always,exit -F arch=b64 -S open -F gid=>>1 -k x", "E043", "write one operator"),
    ("-w /etc/passwd\t-p wa", "E002", "use a space instead of the TAB"),
    ("-k x -w /etc/passwd -p wa", "E060", "put `-w` with its path"),
    ("-a entry,always -F arch=b64 -S open", "E010", "use the exit list"),
    ("-a always,exit -F arch=b64 -S 9999 -k x", "E020", "the number of a syscall that x86_64 has"),
    // Operators of other languages.
    ("-a always,exit -F arch=b64 -S open -F uid=>1000 -k x", "E007", "did you mean `uid>=1000`?"),
    ("-a always,exit -F arch=b64 -S open -F auid=<1000 -k x", "E007", "did you mean `auid<=1000`?"),
    ("-a always,exit -F arch=b64 -S open -F exit=>0 -k x", "E007", "did you mean `exit>=0`?"),
    ("-a always,exit -F arch=b64 -S open -F gid==0 -k x", "E007", "did you mean `gid=0`?"),
    ("-a always,exit -F arch=b64 -S open -F auid<>0 -k x", "E007", "did you mean `auid!=0`?"),
];

#[test]
fn help_names_what_to_write() {
    let mut wrong = Vec::new();
    for (line, code, part) in HELPS {
        let (found, help) = help(line);
        if found != *code || !help.contains(part) {
            wrong.push(format!("{line}: {found}: {help}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lines in another notation, each with the only right line.
const NOTATIONS: &[(&str, &str)] = &[
    ("-w \"/srv/my files\" -p wa -k x", "-w /srv/my\\ files -p wa -k x"),
    ("-w '/srv/a  b' -p wa -k 'my key'", "-w /srv/a\\ \\ b -p wa -k my\\ key"),
    ("-w \u{201c}/etc/shadow\u{201d} -p wa -k x", "-w /etc/shadow -p wa -k x"),
    (
        "-a \"always,exit\" -F \"arch=b64\" -S 'open,openat' -k x",
        "-a always,exit -F arch=b64 -S open,openat -k x",
    ),
    ("\u{2013}w /etc/group \u{2013}p wa \u{2013}k x", "-w /etc/group -p wa -k x"),
    ("\u{2014}loginuid-immutable", "--loginuid-immutable"),
    (
        "-a always,exit -F arch=b64 -S open -F exit=\u{2212}EPERM -k x",
        "-a always,exit -F arch=b64 -S open -F exit=-EPERM -k x",
    ),
    ("w /bin/mount -p x -k x", "-w /bin/mount -p x -k x"),
    ("a always,exit -F arch=b64 -S open -k x", "-a always,exit -F arch=b64 -S open -k x"),
    ("-w /etc/passwd p wa -k x", "-w /etc/passwd -p wa -k x"),
    ("D", "-D"),
    ("backlog_wait_time 100", "--backlog_wait_time 100"),
    (
        "-a always,exit -F arch=b64 -F syscall=unlink -k x",
        "-a always,exit -F arch=b64 -S unlink -k x",
    ),
    (
        "-a always,exit -F arch=b64 -S setuid -F auid!=obj_uid -k x",
        "-a always,exit -F arch=b64 -S setuid -C auid!=obj_uid -k x",
    ),
    (
        "-a always,exit -F arch=b64 -S open -F ouid=0 -k x",
        "-a always,exit -F arch=b64 -S open -F obj_uid=0 -k x",
    ),
    ("audit_backlog_limit=16384", "-b 16384"),
    ("backlog_limit 16384", "-b 16384"),
    ("auditctl -D", "-D"),
    (
        "-a always,exit -F arch=b64 -S open -F auid >= 1000 -k x",
        "-a always,exit -F arch=b64 -S open -F auid>=1000 -k x",
    ),
    (
        "-a exit, always -F arch=b64 -S open ,openat -k x",
        "-a exit,always -F arch=b64 -S open,openat -k x",
    ),
    ("-w\u{a0}/etc/passwd\u{a0}-p wa -k x", "-w /etc/passwd -p wa -k x"),
    ("-w=/etc/passwd -p=wa -k=x", "-w /etc/passwd -p wa -k x"),
];

#[test]
fn reports_only_the_notation_of_a_line_that_is_clear() {
    for (line, _) in NOTATIONS {
        assert_eq!(help(line).0, "E007", "{line}");
    }
}

#[test]
fn fix_writes_the_line_as_auditctl_reads_it() {
    for (line, right) in NOTATIONS {
        assert!(errors(right).is_empty(), "{right}");
        assert_eq!(fixed(line), *right);
    }
}

/// Returns a line after the fixes for its notation.
fn fixed(line: &str) -> String {
    let source = Source::new("a.rules", line.as_bytes().to_vec());
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let report = lint(&set, &LintSettings::new(Arch::X86_64));
    let found = report.findings.iter().find(|finding| finding.lint.code == "E007");
    let fix = found.unwrap_or_else(|| panic!("{line}: no E007")).fix.as_ref();
    let edits = &fix.unwrap_or_else(|| panic!("{line}: no fix")).edits;
    String::from_utf8(rauditctl::rewrite::edited(source.text(), edits)).expect("it is text")
}

/// Lines that only look like those above.
const RIGHT: &[&str] = &[
    "-w /srv/my\\ files -p wa -k x",
    "-w /home/o'brien/it's -p wa -k don't",
    "-w /srv/a\u{2013}b -p wa -k a\u{2014}b",
    "-a always,exit -F arch=b64 -S openat -F exit=-EPERM -k x",
    "-a always,exit -F arch=b64 -S setuid -C auid!=obj_uid -k x",
    "-a always,exit -F arch=b64 -S setuid -F auid!=0 -k uid=euid",
    "-a always,exit -F arch=b64 -S open -k syscall=open -k ses=1 -k w -k audit=1",
    "-a always,exit -F arch=b64 -S open -F exe=/usr/bin/auditctl -k x",
    "-b 16384",
    "-D",
];

#[test]
fn right_lines_have_no_errors() {
    for line in RIGHT {
        assert_eq!(errors(line), [], "{line}");
    }
}

/// A guess is no help if the line is not right after it.
#[test]
fn does_not_guess_if_the_line_stays_wrong() {
    for line in [
        "-w /srv/a b -p wa -k x",
        "-w /srv/a t -p wa -k x",
        "-a always,exit -F arch=b64 -F syscall=opennnnnnn -k x",
        "-a always,exit -F arch=b64 -S open -F ouid=\u{2212}x -k x",
        "w",
        "audit_backlog_limit=many",
    ] {
        let found = errors(line);
        assert!(found.iter().all(|error| error.code().as_str() != "E007"), "{line}: {found:#?}");
        assert!(!found.is_empty(), "{line}");
    }
}

/// After the dashes and quotes of a word processor, the other faults of the line are reported at their places.
#[test]
fn reports_other_faults_of_a_line_in_another_notation() {
    let line = "\u{2013}w /etc/passwd \u{2013}p wq \u{2013}k x";
    let found = errors(line);
    let found: Vec<_> = found.iter().map(|one| (one.code().as_str(), one.span.start)).collect();
    assert_eq!(found, [("E007", 0), ("E048", line.find('q').unwrap())]);
}

/// auditctl stops at its first fault, whose message scripts may read.
#[test]
fn auditctl_mode_reports_what_auditctl_reports() {
    let host = FixedHost::new(Arch::X86_64);
    let options = Options { search: FaultSearch::FirstOnly, ..Options::default() };
    for (line, message) in [
        ("w /bin/su -p x -k su", "permission option needs a watch given prior to it"),
        ("-w \"/tmp/a b\" -p wa", "The path must start with '/'"),
    ] {
        let program = compile(&parse_words(words(line.as_bytes(), 0)), &host, options);
        let first = program.diagnostics().find_map(|found| found.fault.auditctl());
        assert_eq!(first.map(|first| first.text), Some(message.as_bytes().to_vec()), "{line}");
    }
}

/// Any account may exist on another machine, but not one with the name of a field with accounts.
#[test]
fn compares_fields_on_any_machine() {
    let host = AnyHost::new(Some(Arch::X86_64));
    let found =
        |line| errors_on(&host, line).iter().map(|one| one.code().as_str()).collect::<Vec<_>>();
    assert_eq!(found("-a always,exit -F arch=b64 -S setuid -F uid!=euid -k x"), ["E007"]);
    assert!(found("-a always,exit -F arch=b64 -S setuid -F uid!=alice -k x").is_empty());
}

/// The README promises a hint for every error.
#[test]
fn help_begins_with_a_verb_and_adds_to_the_title() {
    let mut wrong = Vec::new();
    let mut seen = BTreeMap::new();
    let of_helps = HELPS.iter().flat_map(|(line, ..)| errors(line));
    for diagnostic in codes::diagnostics().chain(of_helps) {
        let explanation = diagnostic.fault.explain();
        let first = explanation.help.split(' ').next().unwrap_or_default().to_owned();
        let repeats =
            [&explanation.title, &explanation.label].iter().any(|text| **text == explanation.help);
        if !VERBS.contains(&&*first) || repeats {
            wrong.push(format!(
                "{}: {}: {}",
                diagnostic.code().as_str(),
                explanation.title,
                explanation.help
            ));
        }
        if !explanation.label.is_empty() && explanation.title.contains(&explanation.label) {
            wrong.push(format!(
                "{}: the label repeats {}",
                diagnostic.code().as_str(),
                explanation.title
            ));
        }
        *seen.entry(first).or_insert(0) += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.len() > 10, "{seen:?}");
}

/// The first words of help lines.
const VERBS: &[&str] = &[
    "add", "begin", "change", "check", "compare", "correct", "create", "did", "divide", "exclude",
    "free", "keep", "list", "load", "merge", "move", "name", "put", "read", "remove", "run", "set",
    "shorten", "start", "test", "use", "watch", "write",
];

/// A name that a machine lacks is deleted if the rule has the syscall that replaces it.
#[test]
fn replaced_syscall_is_deleted_beside_its_replacement() {
    let host = FixedHost::new(Arch::Aarch64);
    let delete = "delete `unlink`: the rule has `unlinkat`, which replaces it on aarch64";
    let replace = "use `unlinkat`, which replaces it on aarch64";
    for (syscalls, expected) in [
        ("-S unlink,unlinkat", delete),
        ("-S unlinkat,unlink", delete),
        ("-S unlinkat -S unlink", delete),
        ("-S unlink", replace),
        ("-S unlink,renameat", replace),
    ] {
        let errors = errors_on(&host, &format!("-a always,exit -F arch=b64 {syscalls} -k x"));
        let [error] = errors.as_slice() else { panic!("{syscalls}: {errors:#?}") };
        let help = error.fault.explain().help;
        assert_eq!((error.code().as_str(), help.as_str()), ("E020", expected), "{syscalls}");
    }
}
