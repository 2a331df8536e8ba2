//! Decisions that `filter-facts` of the kernel's source decide: one fact, one test. The recordings of real kernels
//! in `truth_events` have most of them too; these run without a recording, and name the fact.

use rauditctl::catalog::{self, Arch, KernelVersion};
use rauditctl::compile::{self, End, Options};
use rauditctl::eval::{Attribute, Decision, Evaluator, Files, Reader, Verdict};
use rauditctl::host::FixedHost;
use rauditctl::model::{KernelModel, Profile};
use rauditctl::rule::Request;
use rauditctl::syntax;

/// Returns an evaluator of rules in auditctl's syntax, on a machine with these files (JSON).
pub(super) fn evaluator(version: KernelVersion, rules: &[&str], files: &str) -> Evaluator {
    let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64).without_value_checks());
    let host = FixedHost::new(Arch::X86_64);
    for text in rules {
        let command = syntax::parse_words(syntax::words(text.as_bytes(), 0));
        let program = compile::compile(&command, &host, Options::default());
        let End::Rule(Request::Add(rule), _) = program.end else { panic!("{text}: no rule") };
        kernel.add(&rule).unwrap_or_else(|refusal| panic!("{text}: {refusal:?}"));
    }
    let files = match files {
        "" => Files::default(),
        files => Reader::new(Arch::X86_64).read_files(files.as_bytes()).unwrap(),
    };
    Evaluator::new(&kernel, version, files)
}

pub(super) fn decide(rules: &[&str], event: &str) -> Decision {
    let event = Reader::new(Arch::X86_64).read(event.as_bytes()).unwrap();
    evaluator(KernelVersion::NEWEST, rules, "").decide(&event)
}

#[track_caller]
fn assert_verdict(rules: &[&str], event: &str, verdict: Verdict, keys: &[&str]) {
    let decision = decide(rules, event);
    let found: Vec<_> = decision.keys.iter().map(|key| String::from_utf8_lossy(key)).collect();
    assert_eq!(
        (decision.verdict, &*found),
        (
            verdict,
            &*keys.iter().map(|key| (*key).into()).collect::<Vec<std::borrow::Cow<'_, str>>>()
        ),
        "{event}"
    );
}

#[test]
fn the_earlier_rule_wins_wherever_it_is_kept() {
    let never = "-a never,exit -F arch=b64 -S openat -k quiet";
    let watch = "-a always,exit -F path=/etc/shadow -F perm=wa -k shadow";
    let event = "syscall=openat path=/etc/shadow flags=O_WRONLY";
    assert_verdict(&[never, watch], event, Verdict::Silenced, &[]);
    assert_verdict(&[watch, never], event, Verdict::Recorded, &["shadow"]);
}

#[test]
fn a_losing_rule_can_leave_its_key() {
    let watch = "-a always,exit -F path=/etc/shadow -F perm=wa";
    let never = "-a never,exit -F arch=b64 -S openat -k quiet";
    let event = "syscall=openat path=/etc/shadow flags=O_WRONLY";
    assert_verdict(&[watch, never], event, Verdict::Recorded, &["quiet"]);
}

#[test]
fn the_order_of_names_decides_among_watches() {
    let rules =
        ["-a never,exit -F path=/b -F perm=wa", "-a always,exit -F path=/a -F perm=wa -k a"];
    assert_verdict(&rules, "syscall=rename path=/a,/b", Verdict::Recorded, &["a"]);
    assert_verdict(&rules, "syscall=rename path=/b,/a", Verdict::Silenced, &[]);
}

#[test]
fn results_are_unsigned() {
    let rules = [
        "-a always,exit -S openat -F exit<0 -k never",
        "-a always,exit -S openat -F exit>0 -k error",
    ];
    assert_verdict(&rules, "syscall=openat exit=-13 path=/a", Verdict::Recorded, &["error"]);
    assert_verdict(&rules, "syscall=openat exit=0 path=/a", Verdict::Unmatched, &[]);
}

#[test]
fn an_unset_auid_is_a_large_number() {
    let rules = ["-a always,exit -S openat -F auid>=1000 -k user"];
    assert_verdict(&rules, "syscall=openat path=/a auid=unset", Verdict::Recorded, &["user"]);
    let rules = ["-a always,exit -S openat -F auid>=1000 -F auid!=unset -k user"];
    assert_verdict(&rules, "syscall=openat path=/a auid=unset", Verdict::Unmatched, &[]);
}

#[test]
fn removing_a_watched_name_has_no_result_yet() {
    let event = "syscall=unlink path=/etc,/etc/x nametype=PARENT,DELETE exit=0";
    let with = ["-a always,exit -F path=/etc/x -F success=1 -k x"];
    assert_verdict(&with, event, Verdict::Unmatched, &[]);
    let without = ["-a always,exit -F path=/etc/x -F perm=wa -k x"];
    assert_verdict(&without, event, Verdict::Recorded, &["x"]);
    let dir = ["-a always,exit -F dir=/etc -F success=1 -k x"];
    assert_verdict(&dir, event, Verdict::Recorded, &["x"]);
}

/// The kernel drops the rules of a directory with its last reference, before it tests the lists (filter-facts: trees that
/// died come before the exit pass). An open descriptor keeps them. In a guest, Linux 6.1 recorded such a call without the
/// key, because of the record that the rule is gone.
#[test]
fn a_directory_that_goes_may_take_its_rules() {
    let rule = "-a always,exit -F dir=/w/e -k tree";
    let own = "syscall=rmdir path=/w,/w/e nametype=PARENT,DELETE exit=0";
    let decision = decide(&[rule], own);
    assert_eq!(decision.verdict, Verdict::Undecided);
    assert_eq!(decision.depends_on().iter().collect::<Vec<_>>(), [Attribute::Files]);
    let after = "-a always,exit -F arch=b64 -S rmdir -k tree";
    assert_eq!(decide(&[rule, after], own).verdict, Verdict::Recorded);
    let others = [
        "syscall=rmdir path=/w/e,/w/e/x nametype=PARENT,DELETE exit=0",
        "syscall=rmdir path=/w,/w/e nametype=PARENT,DELETE exit=-39",
        "syscall=rename path=/w,/w,/w/e,/w/f nametype=PARENT,PARENT,DELETE,CREATE exit=0",
    ];
    for event in others {
        assert_verdict(&[rule], event, Verdict::Recorded, &["tree"]);
    }
}

#[test]
fn calls_that_never_return_have_no_success() {
    let rules = ["-a always,exit -S exit_group -F success!=1 -k failed"];
    assert_verdict(&rules, "syscall=exit_group", Verdict::Unmatched, &[]);
    assert_verdict(
        &["-a always,exit -S exit_group -k any"],
        "syscall=exit_group",
        Verdict::Recorded,
        &["any"],
    );
}

#[test]
fn a_task_rule_overrides_every_exit_rule() {
    let rules = ["-a always,task -F uid=0", "-a never,exit -S openat"];
    assert_verdict(&rules, "syscall=openat path=/a uid=0", Verdict::Recorded, &[]);
    assert_verdict(&rules, "syscall=openat path=/a uid=1", Verdict::Silenced, &[]);
    let rules = ["-a never,task -F auid=unset", "-a always,exit -S openat -k open"];
    assert_verdict(&rules, "syscall=openat path=/a auid=unset", Verdict::NoContext, &[]);
    assert_verdict(&rules, "syscall=openat path=/a auid=1000", Verdict::Recorded, &["open"]);
}

#[test]
fn excluding_the_main_record_drops_the_event() {
    let rule = "-a always,exit -S openat -k open";
    let event = "syscall=openat path=/a uid=5";
    assert_verdict(
        &[rule, "-a always,exclude -F msgtype=SYSCALL -F uid=5"],
        event,
        Verdict::Excluded,
        &[],
    );
    let decision = decide(&[rule, "-a never,exclude -F msgtype=PATH"], event);
    assert_eq!((decision.verdict, &*decision.dropped), (Verdict::Recorded, [1302].as_slice()));
}

/// The other records of an event are those that its call can have.
#[test]
fn only_records_that_a_call_can_have_are_dropped() {
    let types = [
        "CWD",
        "PATH",
        "EXECVE",
        "SOCKADDR",
        "IPC",
        "OBJ_PID",
        "FD_PAIR",
        "CAPSET",
        "MMAP",
        "SOCKETCALL",
        "BPRM_FCAPS",
    ];
    let mut rules = vec!["-a always,exit -S all".to_owned()];
    rules.extend(types.map(|kind| format!("-a always,exclude -F msgtype={kind}")));
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    for (event, expected) in [
        ("syscall=getpid", &[][..]),
        ("syscall=openat", &["PATH", "CWD"]),
        ("syscall=openat path=/a", &["PATH", "CWD"]),
        ("syscall=openat names=none", &[]),
        ("syscall=execve path=/a", &["PATH", "CWD", "EXECVE", "BPRM_FCAPS"]),
        ("syscall=execve path=/a success=true", &["PATH", "CWD", "EXECVE", "BPRM_FCAPS"]),
        ("syscall=connect names=none", &["SOCKADDR"]),
        ("syscall=connect names=none saddr_fam=inet", &["SOCKADDR"]),
        ("syscall=connect names=none saddr_fam=none", &[]),
        ("syscall=kill", &["OBJ_PID"]),
        ("syscall=pipe2", &["FD_PAIR"]),
        ("syscall=capset", &["CAPSET"]),
        ("syscall=mmap", &["MMAP"]),
        ("syscall=shmget", &["IPC"]),
        ("arch=b32 syscall=socketcall names=none", &["SOCKETCALL", "SOCKADDR", "FD_PAIR"]),
    ] {
        let decision = decide(&rules, event);
        let names: Vec<&str> =
            decision.dropped.iter().filter_map(|record| catalog::msgtype_name(*record)).collect();
        assert_eq!((decision.verdict, &*names), (Verdict::Recorded, expected), "{event}");
    }
}

#[test]
fn groups_count_for_equality_only() {
    let event = "syscall=openat path=/a gid=1 groups=27";
    for (condition, verdict) in [
        ("gid=27", Verdict::Recorded),
        ("gid!=27", Verdict::Unmatched),
        ("gid>=27", Verdict::Unmatched),
        ("sgid=27", Verdict::Undecided),
    ] {
        let rule = format!("-a always,exit -S openat -F {condition}");
        assert_verdict(&[&rule], event, verdict, &[]);
    }
}

#[test]
fn the_mask_does_not_look_at_the_arch() {
    // Number 10 is mprotect on x86_64 and unlink on i386.
    let rules = ["-a always,exit -F arch=b64 -S mprotect -k protect"];
    assert_verdict(&rules, "arch=b32 syscall=unlink path=/a", Verdict::Unmatched, &[]);
    let rules = ["-a always,exit -S mprotect -k protect"];
    assert_verdict(&rules, "arch=b32 syscall=unlink path=/a", Verdict::Recorded, &["protect"]);
}

#[test]
fn a_hard_link_and_a_replaced_program() {
    let files = r#"[
        {"path": "/etc/shadow", "inode": 7, "dev": [8, 1]},
        {"path": "/backup/shadow", "inode": 7, "dev": [8, 1]},
        {"path": "/lnk", "inode": 8, "dev": [8, 1], "link": "etc"}
    ]"#;
    let rules = ["-a always,exit -F path=/etc/shadow -F perm=wa -k shadow"];
    let machine = evaluator(KernelVersion::NEWEST, &rules, files);
    let decide = |text: &str| {
        let event = Reader::new(Arch::X86_64).read_json(text.as_bytes()).unwrap();
        machine.decide(&event).verdict
    };
    for path in ["/backup/shadow", "/lnk/shadow", "/etc/../etc//shadow"] {
        let text =
            format!(r#"{{"arch": "b64", "syscall": "chmod", "names": [{{"path": "{path}"}}]}}"#);
        assert_eq!(decide(&text), Verdict::Recorded, "{path}");
    }
    let rules = ["-a always,exit -F path=/etc/shadow -F exe=/bin/vi -k vi"];
    let machine = evaluator(KernelVersion::NEWEST, &rules, "");
    let event = |changes: &str| {
        let text = format!(
            r#"{{"arch": "b64", "syscall": "chmod", "exe": "/bin/vi", "names": [{{"path": "/etc/shadow"}}],
                "files": [{{"path": "/etc/shadow", "changes": {changes}}}]}}"#
        );
        Reader::new(Arch::X86_64).read_json(text.as_bytes()).unwrap()
    };
    assert_eq!(machine.decide(&event("0")).verdict, Verdict::Recorded);
    assert_eq!(machine.decide(&event("1")).verdict, Verdict::Unmatched);
    assert_eq!(machine.decide(&event("null")).verdict, Verdict::Undecided);
}

#[test]
fn the_process_or_the_thread() {
    let rules = ["-a always,exclude -F msgtype=SYSCALL -F pid=100", "-a always,exit -S getpid"];
    let event = Reader::new(Arch::X86_64).read(b"syscall=getpid pid=100 tid=101").unwrap();
    let verdict = |major, minor| {
        evaluator(KernelVersion::new(major, minor), &rules, "").decide(&event).verdict
    };
    assert_eq!(verdict(6, 1), Verdict::Recorded);
    assert_eq!(verdict(6, 12), Verdict::Excluded);
}

#[test]
fn user_messages_pass_unless_a_rule_drops_them() {
    let rules = ["-a never,user -F uid=5", "-a always,exclude -F msgtype=USER_LOGIN"];
    assert_verdict(&rules, "list=user type=USER_AUTH uid=5", Verdict::Silenced, &[]);
    assert_verdict(&rules, "list=user type=USER_AUTH uid=6", Verdict::Unmatched, &[]);
    assert_verdict(&rules, "list=user type=USER_LOGIN uid=6", Verdict::Excluded, &[]);
}
