//! Mistakes that load without an error, each with the most similar text that is right: the lint reports the first and
//! is silent about the second.

use rauditctl::catalog::Arch;
use rauditctl::lint::{LintSettings, Report, lint};
use rauditctl::ruleset::{Input, RuleSet};
use rauditctl::source::Source;

/// The files of a directory; a single text is not part of a directory.
type Texts<'t> = &'t [&'t str];

/// Lints that report other true facts about many of these rules.
const ASIDE: [&str; 18] = [
    "C102", "C108", "C111", "C112", "C113", "C114", "R108", "R111", "R112", "P101", "P102", "P103",
    "P104", "P105", "P106", "P108", "S101", "S102",
];

/// A mistake: what must be found on which line of which file, and its message and help must contain these words.
struct Case<'t> {
    bad: Texts<'t>,
    file: usize,
    line: usize,
    code: &'t str,
    words: &'t [&'t str],
    good: Texts<'t>,
}

fn report(texts: Texts<'_>, arch: Arch) -> (Vec<Source>, Report) {
    let source = |text: &&str| Source::new("a.rules", text.as_bytes().to_vec());
    let sources: Vec<Source> = texts.iter().map(source).collect();
    let directory = (sources.len() > 1).then_some(0);
    let inputs = sources.iter().map(|source| Input { source, directory });
    let report = lint(&RuleSet::new(inputs), &LintSettings::new(arch));
    (sources, report)
}

#[track_caller]
fn holds(arch: Arch, case: &Case<'_>) {
    let (sources, found) = report(case.bad, arch);
    let is_there = found.findings.iter().any(|finding| {
        let line = sources[finding.place.file].location(finding.place.span.start).line;
        let text = format!("{} {}", finding.message, finding.help.as_deref().unwrap_or_default());
        finding.lint.code == case.code
            && (finding.place.file, line) == (case.file, case.line)
            && case.words.iter().all(|word| text.contains(word))
    });
    let codes = |report: &Report| -> Vec<String> {
        let findings = report.findings.iter();
        findings.map(|f| format!("{}: {} / {:?}", f.lint.code, f.message, f.help)).collect()
    };
    assert!(is_there, "{} is not found in {:?}: {:#?}", case.code, case.bad, codes(&found));
    let (_, mut silent) = report(case.good, arch);
    silent.findings.retain(|finding| !ASIDE.contains(&finding.lint.code));
    assert!(silent.findings.is_empty(), "{:?}: {:#?}", case.good, codes(&silent));
}

/// Checks a mistake on one line of a single text.
#[track_caller]
fn line(bad: &str, line: usize, code: &str, words: &[&str], good: &str) {
    let case = Case { bad: &[bad], file: 0, line, code, words, good: &[good] };
    holds(Arch::X86_64, &case);
}

#[test]
fn reports_excluded_syscall_records() {
    let rule = "-w /srv/secret -p r -k secret\n";
    for (bad, whose) in [
        ("-a always,exclude -F msgtype>=1\n", "all processes"),
        ("-a exclude,always -F uid<65536\n", "many processes"),
        ("-a always,exclude -F auid=4294967295\n", "without a login"),
        ("-a always,exclude -F uid=root\n", "root"),
    ] {
        let good = format!("{rule}-a always,exclude -F msgtype=PATH\n");
        line(&format!("{rule}{bad}"), 2, "C116", &["SYSCALL records", whose], &good);
    }
}

#[test]
fn reports_actions_that_a_list_ignores() {
    line(
        "-a never,exclude -F msgtype=1307\n",
        1,
        "C117",
        &["`never`", "ignores the action"],
        "-a always,exclude -F msgtype=1307\n",
    );
    line(
        "-a filesystem,always -F fstype=debugfs\n",
        1,
        "C117",
        &["only `never`"],
        "-a filesystem,never -F fstype=debugfs\n",
    );
}

#[test]
fn reports_fields_that_a_list_does_not_test() {
    line(
        "-a always,exclude -F sessionid=4294967295\n-a always,exclude -F msgtype=PATH\n",
        1,
        "C118",
        &["`sessionid`", "exclude"],
        "-a always,exclude -F msgtype=EOE -F auid=unset\n-a always,exclude -F msgtype=PATH\n",
    );
    line(
        "-a never,user -F fsuid=33\n",
        1,
        "C118",
        &["`fsuid`", "user"],
        "-a never,user -F uid=33\n",
    );
}

/// Such a rule matches nothing: another rule for the same is not dead, and is not its shadow.
#[test]
fn claims_no_effect_of_rules_with_untested_fields() {
    let (_, found) = report(
        &["-a always,exclude -F suid=0\n-a always,exclude -F suid=0 -F msgtype=PATH\n"],
        Arch::X86_64,
    );
    let has_shadow = found.findings.iter().any(|finding| finding.lint.code == "C104");
    assert!(!has_shadow, "{:?}", found.findings);
}

#[test]
fn reports_rules_without_conditions_that_match_nothing() {
    line("-a never,user\n", 1, "C119", &["never matches"], "-a never,user -F uid=34\n");
    line(
        "-a always,exclude\n",
        1,
        "C119",
        &["never matches"],
        "-a always,exclude -F msgtype=EOE\n",
    );
}

#[test]
fn reports_positive_errors_and_unsigned_order() {
    let rule = |exit: &str| format!("-a always,exit -F arch=b64 -S chroot -F {exit} -k root\n");
    line(&rule("exit=EPERM"), 1, "C125", &["`exit=-EPERM`"], &rule("exit=-EPERM"));
    line(&rule("exit=13"), 1, "C125", &["EACCES", "-EACCES"], &rule("exit=-13"));
    line(&rule("exit>0"), 1, "C125", &["without a sign"], &rule("exit=0"));
    line(&rule("exit<0"), 1, "C105", &["never", "success=0"], &rule("success=0"));
    let contradiction = rule("exit=-EACCES -F success=1");
    line(&contradiction, 1, "C105", &["`exit` and `success`"], &rule("exit=-EACCES -F success=0"));
    let large = "-a always,exit -F arch=b64 -S modify_ldt -F exit=-ENOSYS -F success=1 -k ldt\n";
    let small = "-a always,exit -F arch=b64 -S modify_ldt -F exit=-ENOSYS -k ldt\n";
    line(large, 1, "C105", &["only for results such as 4294967258"], small);
}

#[test]
fn reports_auid_ranges_that_include_unset() {
    let rule = |auid: &str| format!("-a always,exit -F arch=b64 -S chroot {auid} -k root\n");
    let good = rule("-F auid>=500 -F auid!=unset");
    line(&rule("-F auid>=500"), 1, "C126", &["without a login", "auid!=unset"], &good);
}

#[test]
fn reports_settings_that_halt_the_machine() {
    let set = |settings: &str| format!("-D\n-f 2\n{settings}-c\n-w /srv/secret -p r -k secret\n");
    let good = set("-b 8192\n");
    for (settings, reason) in [
        ("-b 100\n", "it is small"),
        ("-b 0\n", "no limit"),
        ("-b 8192\n-r 500\n", "rate limit"),
        ("-b 8192\n--backlog_wait_time 0\n", "no process waits"),
        ("", "only 64"),
    ] {
        line(&set(settings), 2, "C127", &["`-f 2`", reason], &good);
    }
    let printing = set("-b 100\n").replace("-f 2", "-f 1");
    line(&set("-b 100\n"), 2, "C127", &[], &printing);
}

#[test]
fn reports_auditing_that_stays_off() {
    line(
        "-w /srv/secret -p r -k secret\n-e 0\n",
        2,
        "C128",
        &["`-e 0`"],
        "-e 0\n-w /srv/secret -p r -k secret\n-e 1\n",
    );
}

#[test]
fn reports_a_lock_that_a_later_file_undoes() {
    let base = "-D\n-b 4096\n-f 1\n-c\n-e 2\n";
    let case = Case {
        bad: &[base, "-w /srv/secret -p r -k secret\n-e 1\n"],
        file: 0,
        line: 5,
        code: "C109",
        words: &["`-e 2`", "lock"],
        good: &[base, "-w /srv/secret -p r -k secret\n-e 2\n"],
    };
    holds(Arch::X86_64, &case);
    // The last of three locks after all.
    let (_, found) = report(&["-e 2\n", "-e 1\n", "-e 2\n"], Arch::X86_64);
    assert!(found.findings.iter().all(|finding| finding.lint.code != "C109"));
}

#[test]
fn reports_rules_for_another_machine() {
    line(
        "-a always,exit -F arch=arm64 -S renameat2 -k x\n",
        1,
        "E022",
        &[],
        "-a always,exit -F arch=b64 -S renameat2 -k x\n",
    );
    line(
        "-a always,exit -F arch=s390x -S rename -k x\n",
        1,
        "C129",
        &["s390x"],
        "-a always,exit -F arch=x86_64 -S rename,renameat,renameat2 -k x\n",
    );
}

#[test]
fn reports_a_side_that_the_machine_lacks() {
    let rule =
        |arch: &str| format!("-a always,exit -F arch={arch} -S rename,renameat,renameat2 -k x\n");
    for (machine, side, other, words) in [
        (Arch::Ppc64le, "b32", "b64", ["32-bit", "leave the rule out"]),
        (Arch::I386, "b64", "b32", ["64-bit", "leave the rule out"]),
    ] {
        let (bad, good) = (rule(side), rule(other));
        let case =
            Case { bad: &[&bad], file: 0, line: 1, code: "E022", words: &words, good: &[&good] };
        holds(machine, &case);
        let (_, found) = report(&[&bad], machine);
        let all = format!("{:?}", found.findings);
        assert!(!all.contains("did you mean"), "{all}");
    }
}

#[test]
fn reports_lines_that_a_nul_byte_hides() {
    line(
        "-w /srv/a -p r -k a\n\0-w /srv/secret -p r -k secret\n",
        2,
        "R115",
        &["NUL"],
        "-w /srv/a -p r -k a\n-w /srv/secret -p r -k secret\n",
    );
}

/// A wildcard in `exe=` has nothing to do with trees.
#[test]
fn proposes_no_tree_for_programs() {
    let rule = "-a always,exit -F arch=b64 -S execve -F exe=/srv/app/bin/* -k app\n";
    let (_, found) = report(&[rule], Arch::X86_64);
    let finding = found.findings.iter().find(|finding| finding.lint.code == "R106");
    let help = finding.and_then(|finding| finding.help.clone()).expect("a help");
    assert!(help.contains("program") && !help.contains("dir="), "{help}");
}

/// What a `never` rule without syscalls does is to silence.
#[test]
fn distinguishes_recording_and_silencing() {
    for (action, expected) in [("never", "no longer silenced"), ("always", "no longer recorded")] {
        let rule = format!("-a {action},exit -F dir=/srv/cache\n");
        let (_, found) = report(&[&rule], Arch::X86_64);
        let finding = found.findings.iter().find(|finding| finding.lint.code == "P103");
        let help = finding.and_then(|finding| finding.help.clone()).expect("a help");
        assert!(help.contains(expected), "{help}");
    }
}

/// A newer syscall is named together with the older syscall that it replaces.
#[test]
fn names_the_newer_syscall_beside_its_own_older_one() {
    let rule = "-a always,exit -F arch=b64 -S unlink,chmod -F exit=-EPERM -k x\n";
    let (_, found) = report(&[rule], Arch::X86_64);
    let messages = found.findings.iter().filter(|finding| finding.lint.code == "C111");
    let messages: Vec<&str> = messages.map(|finding| &*finding.message).collect();
    assert_eq!(
        messages,
        [
            "`unlink` is recorded, but not `unlinkat`, which does the same",
            "`chmod` is recorded, but not `fchmodat`, `fchmodat2`, which do the same",
        ]
    );
}

#[test]
fn reports_exceptions_after_what_they_should_except() {
    line(
        "-a always,exit -F dir=/ -F perm=a -k modes\n-a never,exit -F dir=/srv/cache\n",
        2,
        "C120",
        &["too late", "before"],
        "-a never,exit -F dir=/srv/cache\n-a always,exit -F dir=/ -F perm=a -k modes\n",
    );
    // Nothing that an earlier rule records: an exception in a file of its own.
    let alone = "-a always,exit -F arch=b64 -S acct -k a\n-a never,exit -F arch=b64 -S adjtimex -F uid=39\n";
    let (_, found) = report(&[alone], Arch::X86_64);
    assert!(found.findings.iter().all(|finding| finding.lint.code != "C120"));
}

#[test]
fn reports_rules_for_paths_after_their_tree() {
    line(
        "-w /srv -p wa -k srv\n-w /srv/shop/orders -p wa -k orders\n",
        2,
        "C121",
        &["`/srv`", "before"],
        "-w /srv/shop/orders -p wa -k orders\n-w /srv -p wa -k srv\n",
    );
    line(
        "-w /srv/ -p rwa -k srv\n-w /srv/shop/ -p w -k shop\n",
        2,
        "C121",
        &["`/srv`"],
        "-w /srv/ -p w -k srv\n-w /srv/shop/ -p rwa -k shop\n",
    );
}

#[test]
fn reports_rules_that_several_earlier_ones_shadow() {
    let rules = |last: &str| {
        format!(
            "-a always,exit -F arch=b64 -S acct,mount -k a\n-a always,exit -F arch=b64 -S umount2 -k b\n\
             -a always,exit -F arch=b64 -S {last} -F uid=0 -k c\n"
        )
    };
    line(&rules("mount,umount2"), 3, "C104", &["together"], &rules("mount,umount2,swapon"));
}

#[test]
fn reports_conditions_on_files_for_syscalls_without_files() {
    line(
        "-a always,exit -F arch=b64 -S socket,connect -F dir=/opt/app -k net\n",
        1,
        "C122",
        &["`socket`", "`dir`", "exe="],
        "-a always,exit -F arch=b64 -S socket,connect -F exe=/opt/app/agent -k net\n",
    );
    line(
        "-a always,exit -F arch=b64 -S setuid -F path=/usr/bin/su -k su\n",
        1,
        "C122",
        &["`setuid`"],
        "-a always,exit -F arch=b64 -S connect -F path=/run/app.sock -k app\n",
    );
}

#[test]
fn reports_syscalls_that_perm_never_matches() {
    let rule = |names: &str, perm: &str| {
        format!("-a always,exit -F arch=b64 -S {names} -F path=/usr/bin/tool -F perm={perm} -k t\n")
    };
    line(&rule("execveat", "wa"), 1, "C123", &["execveat", "perm=x"], &rule("execveat", "x"));
    line(&rule("utimensat", "w"), 1, "C123", &["utimensat"], &rule("truncate", "w"));
}

#[test]
fn reports_arguments_that_are_something_else() {
    let rule = |names: &str, condition: &str| {
        format!("-a always,exit -F arch=b64 -S {names} -F {condition} -k x\n")
    };
    line(
        &rule("open", "a2&01000"),
        1,
        "C124",
        &["`a2`", "mode", "`a1`"],
        &rule("open", "a1&01000"),
    );
    line(&rule("openat", "a1&03"), 1, "C124", &["address", "`a2`"], &rule("openat", "a2&03"));
    line(&rule("openat2", "a2&03"), 1, "C124", &["address"], &rule("openat2", "a2!=0"));
    line(&rule("chmod", "a2&0111"), 1, "C124", &["no argument"], &rule("chmod", "a1&0111"));
    line(
        &rule("tkill,tgkill", "a1=9"),
        1,
        "C124",
        &["signal", "thread"],
        &rule("tkill,kill", "a1=9"),
    );
}

#[test]
fn reports_what_goes_through_one_syscall() {
    for (machine, rule, through) in [
        (Arch::X86_64, "-a always,exit -F arch=b32 -S sendto -k n\n", "socketcall"),
        (Arch::S390x, "-a always,exit -F arch=b64 -S socket -k n\n", "socketcall"),
        (Arch::Ppc64le, "-a always,exit -F arch=b64 -S shmget -k n\n", "ipc"),
    ] {
        let good = rule.replace(" -k", &format!(",{through} -k"));
        let words = [through];
        let case =
            Case { bad: &[rule], file: 0, line: 1, code: "C130", words: &words, good: &[&good] };
        holds(machine, &case);
    }
    // i386 has neither name of its own.
    let (_, found) = report(&["-a always,exit -F arch=b32 -S accept -k n\n"], Arch::X86_64);
    let help = found.findings.iter().find_map(|finding| finding.help.clone()).expect("a help");
    assert!(help.contains("`accept4` and `socketcall`"), "{help}");
    let (_, found) = report(&["-a always,exit -F arch=b32 -S accept -k n\n"], Arch::Aarch64);
    assert!(found.findings.iter().all(|finding| finding.lint.code != "C130"));
}

#[test]
fn reports_conditions_on_a_result_that_is_unknown() {
    let rule = |rest: &str| format!("-a always,exit -F arch=b64 {rest} -k x\n");
    line(
        &rule("-S exit_group -F success!=1"),
        1,
        "C131",
        &["`exit_group` has no result"],
        &rule("-S exit_group -F uid=33"),
    );
    line(
        &rule("-F path=/srv/secret -F perm=w -F exit=0"),
        1,
        "C131",
        &["`exit`", "deleted", "dir="],
        &rule("-F dir=/srv/secrets -F perm=w -F exit=0"),
    );
}

#[test]
fn reports_what_changes_when_a_file_is_replaced() {
    line(
        "-a always,exit -F arch=b64 -F path=/srv/secret -F perm=r -F exe=/usr/bin/cat -k x\n",
        1,
        "C132",
        &["`exe`", "replaced"],
        "-a always,exit -F arch=b64 -F dir=/srv/secrets -F perm=r -F exe=/usr/bin/cat -k x\n",
    );
    let never = "-a never,exit -F arch=b64 -F path=/srv/secret -F perm=r -F uid=33\n";
    let rule =
        |path: &str| format!("{never}-a always,exit -F arch=b64 -F path={path} -F perm=r -k x\n");
    line(&rule("/srv/secret"), 2, "C132", &["order"], &rule("/srv/secrets"));
}

/// The remedy for a file system without a name in auditctl is its number.
#[test]
fn gives_the_numbers_of_file_systems() {
    for (name, number) in [("tmpfs", "0x01021994"), ("overlay", "0x794c7630")] {
        let bad = format!("-a never,filesystem -F fstype={name}\n");
        line(&bad, 1, "E047", &[number], &bad.replace(name, number));
    }
    line(
        "-a never,filesystem -F fstype=nosuchfs\n",
        1,
        "E047",
        &["tracefs"],
        "-a never,filesystem -F fstype=tracefs\n",
    );
}
