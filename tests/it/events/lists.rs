//! Decisions of the lists that judge messages and operations of io_uring. Linux 6.1 and 7.2 decided so in
//! `tests/guest/events`.

use rauditctl::catalog::{Arch, KernelVersion, field};
use rauditctl::eval::{Attribute, Evaluator, Files, Reader, Verdict};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::rule::{Action, Field, FieldId, FilterList, Mask, Op, Rule, TextId};

use super::known::decide;

#[track_caller]
fn assert_verdict(rules: &[&str], event: &str, verdict: Verdict) {
    assert_eq!(decide(rules, event).verdict, verdict, "{rules:?} {event}");
}

/// Returns a rule for all operations of io_uring, with a path and a result. auditctl refuses its path.
fn of_operations(path: TextId, text: &str, success: Option<u32>) -> Rule {
    let mut rule = Rule::new(FilterList::IoUring, Action::Always);
    rule.mask = Mask::ALL;
    rule.fields.push(Field::Text { id: path, op: Op::EQUAL, text: text.as_bytes().into() });
    if let (Some(value), FieldId::Number(id)) = (success, FieldId::of(field::SUCCESS)) {
        rule.fields.push(Field::Number { id, op: Op::EQUAL, value });
    }
    rule
}

fn verdict(version: KernelVersion, rule: &Rule, event: &str) -> Verdict {
    let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64).without_value_checks());
    kernel.add(rule).unwrap();
    let event = Reader::new(Arch::X86_64).read(event.as_bytes()).unwrap();
    Evaluator::new(&kernel, version, Files::default()).decide(&event).verdict
}

const OPENED: &str = "list=io_uring op=OPENAT path=/etc/shadow nametype=NORMAL exit=5";
const REMOVED: &str = "list=io_uring op=UNLINKAT path=/etc/shadow nametype=DELETE exit=0";

#[test]
fn a_label_that_the_security_module_lacks_keeps_the_result_before_it() {
    let event = "list=user type=USER_LOGIN uid=0 subj=unconfined";
    let after_uid = |uid: u32| format!("-a never,user -F uid={uid} -F subj_type=none_t");
    assert_verdict(&[&after_uid(0)], event, Verdict::Silenced);
    assert_verdict(&[&after_uid(1)], event, Verdict::Unmatched);
    assert_verdict(&["-a never,user -F subj_type=none_t -F uid=0"], event, Verdict::Unmatched);
    // AppArmor has this one, and SELinux has all.
    assert_verdict(&["-a never,user -F uid=0 -F subj_role=other"], event, Verdict::Unmatched);
    let of_selinux = "list=user type=USER_LOGIN uid=0 subj=u:r:t:s0";
    assert_verdict(&[&after_uid(0)], of_selinux, Verdict::Unmatched);
}

#[test]
fn a_thread_of_io_uring_finds_the_watch_of_a_file_that_it_removes() {
    let newest = KernelVersion::NEWEST;
    let watch = |success| of_operations(TextId::PATH, "/etc/shadow", success);
    assert_eq!(verdict(newest, &watch(None), REMOVED), Verdict::Recorded);
    // The operation has no result yet, and later the watch has no file.
    assert_eq!(verdict(newest, &watch(Some(1)), REMOVED), Verdict::Unmatched);
    assert_eq!(verdict(newest, &watch(Some(1)), OPENED), Verdict::Recorded);
}

#[test]
fn threads_of_io_uring_collect_the_names_of_used_files_in_new_kernels() {
    let (old, new) = (KernelVersion::new(6, 12), KernelVersion::new(7, 2));
    let watch = of_operations(TextId::PATH, "/etc/shadow", None);
    let tree = of_operations(TextId::DIR, "/etc", None);
    assert_eq!(verdict(old, &watch, OPENED), Verdict::Unmatched);
    assert_eq!(verdict(new, &watch, OPENED), Verdict::Recorded);
    for version in [old, new] {
        assert_eq!(verdict(version, &watch, REMOVED), Verdict::Recorded);
        assert_eq!(verdict(version, &tree, OPENED), Verdict::Recorded);
    }
}

#[test]
fn an_operation_in_a_call_has_the_task_of_the_call() {
    let event = "syscall=io_uring_enter auid=1000 uid=0 names=none exit=1";
    assert_verdict(&["-a always,io_uring -S openat -F auid=0"], event, Verdict::Unmatched);
    let open = |rule| {
        let decision = decide(&[rule], event);
        assert_eq!(decision.verdict, Verdict::Undecided, "{rule}");
        decision.depends_on().iter().collect::<Vec<_>>()
    };
    assert_eq!(open("-a always,io_uring -S openat -F auid=1000"), [Attribute::Op]);
    // An operation can run as another user.
    assert_eq!(open("-a always,io_uring -S openat -F uid=1000"), [Attribute::Op]);
    assert_eq!(open("-a always,exit -F path=/etc/shadow"), [Attribute::Op]);
}
