use std::sync::Arc;

use super::{add, armed_by, for_arch, origin, rule, uid, with_key};
use crate::analysis::{Arming, Counted, LoadStep};
use crate::catalog::Arch;
use crate::model::Reason;
use crate::rule::{Action, Control, FilterList, Mask, Placement, Rule};

/// Returns each armed number with the lines of its rules.
fn lines(arming: &Arming) -> Vec<(u32, Vec<usize>)> {
    let syscalls = arming.bitmap.syscalls.iter();
    syscalls
        .map(|one| (one.nr, arming.origins(&one.rules).map(|origin| origin.line).collect()))
        .collect()
}

#[test]
fn nothing_is_armed_without_rules() {
    let arming = armed_by(vec![add(rule(FilterList::Exclude, &[1, 2]))]);
    assert!(!arming.stock.armed && arming.stock.because.is_none());
    assert!(arming.bitmap.equal && arming.bitmap.syscalls.is_empty());
    assert_eq!((arming.rules_held, arming.bitmap.armed_count), (1, 0));
}

#[test]
fn a_32_bit_rule_arms_the_native_syscall_of_the_same_number() {
    let arming = armed_by(vec![add(for_arch(Arch::I386, &[10]))]);
    let [syscall] = arming.bitmap.syscalls.as_slice() else { panic!() };
    assert_eq!(
        (syscall.nr, syscall.name, syscall.compat_name),
        (10, Some("mprotect"), Some("unlink"))
    );
    assert!(syscall.rules.reaches_compat() && !syscall.rules.reaches_native());
    assert_eq!(arming.bitmap.armed_count, 1);
}

#[test]
fn lists_the_rules_of_a_number_in_load_order() {
    let mut in_front = rule(FilterList::Exit, &[2, 3]);
    in_front.placement = Placement::Prepend;
    let arming = armed_by(vec![
        add(rule(FilterList::Exit, &[1, 2])),
        add(in_front),
        add(with_key(b"k", rule(FilterList::Exit, &[1, 2]))),
    ]);
    assert_eq!(lines(&arming), [(1, vec![1, 3]), (2, vec![1, 2, 3]), (3, vec![2])]);
    assert_eq!(arming.stock.because, Some(Counted { origin: origin(1), list: FilterList::Exit }));
}

#[test]
fn numbers_armed_by_the_same_rules_share_a_group() {
    let steps = (0..200).map(|n| add(rule(FilterList::Exit, &[n, n + 1, 300, 301]))).collect();
    let arming = armed_by(steps);
    let group = |nr| arming.bitmap.syscalls.iter().find(|one| one.nr == nr).map(|one| &one.rules);
    let (Some(a), Some(b), Some(other)) = (group(300), group(301), group(150)) else { panic!() };
    assert!(Arc::ptr_eq(a, b));
    assert_eq!(a.members().len(), 200);
    assert_eq!(other.members(), [149, 150]);
}

#[test]
fn a_task_rule_switches_the_bitmap_off() {
    let arming =
        armed_by(vec![add(rule(FilterList::Exit, &[59])), add(rule(FilterList::Task, &[]))]);
    assert!(!arming.bitmap.equal);
    assert_eq!(arming.bitmap.spoilers, [Counted { origin: origin(2), list: FilterList::Task }]);
    assert_eq!(arming.bitmap.armed_count, 451);
    assert_eq!(lines(&arming), [(59, vec![1])]);
}

#[test]
fn finds_rules_that_arm_everything_or_nothing() {
    let mut all = rule(FilterList::Exit, &[]);
    all.mask = Mask::ALL;
    let every: Vec<u32> = (0..451).collect();
    let arming = armed_by(vec![
        add(rule(FilterList::Exit, &[451, 2000])),
        add(all),
        add(rule(FilterList::Exit, &every)),
    ]);
    assert_eq!(arming.idle, [origin(1)]);
    assert_eq!(arming.bitmap.arms_all, [origin(2), origin(3)]);
    assert_eq!((arming.counters.n_rules(), arming.bitmap.armed_count), (3, 451));
}

#[test]
fn does_not_count_refused_rules() {
    let one = rule(FilterList::Exit, &[1]);
    let arming = armed_by(vec![
        add(one.clone()),
        add(one.clone()),
        LoadStep::Delete(rule(FilterList::Exit, &[2])),
        add(rule(FilterList::Entry, &[3])),
    ]);
    let reasons: Vec<_> =
        arming.refused.iter().map(|(origin, refusal)| (origin.line, refusal.reason)).collect();
    assert_eq!(reasons, [(2, Reason::Exists), (3, Reason::NotFound), (4, Reason::InvalidList)]);
    assert_eq!(lines(&arming), [(1, vec![1])]);
}

#[test]
fn deletes_all_rules_or_those_with_a_key() {
    let key = |key: &[u8]| LoadStep::DeleteAll { key: Some(key.into()) };
    let two = || {
        vec![
            add(with_key(b"net\x01root", rule(FilterList::Exit, &[1]))),
            add(rule(FilterList::Exit, &[2])),
        ]
    };
    let after = |step| armed_by(two().into_iter().chain([step]).collect());
    assert!(lines(&after(LoadStep::DeleteAll { key: None })).is_empty());
    assert_eq!(lines(&after(key(b"root"))), [(2, vec![2])]);
    assert_eq!(lines(&after(key(b"other"))).len(), 2);
}

#[test]
fn refuses_changes_to_locked_rules() {
    let enable = |value| LoadStep::Control(Control::Enabled(value));
    let arming = armed_by(vec![
        enable(1),
        add(rule(FilterList::Exit, &[1])),
        enable(2),
        add(rule(FilterList::Exit, &[2])),
        LoadStep::DeleteAll { key: None },
        enable(0),
    ]);
    assert_eq!(lines(&arming), [(1, vec![2])]);
    assert_eq!(arming.enabled, Some((origin(3), 2)));
    let refused = arming.refused.iter().map(|(origin, why)| (origin.line, why.errno()));
    assert_eq!(refused.collect::<Vec<_>>(), [(4, 1), (5, 1), (6, 1)]);
}

/// `audit_filter_task` takes the first rule that matches; a task with `never` has no context for its whole life.
#[test]
fn unconditional_never_on_the_task_list_spares_new_tasks() {
    let task = |action| Rule::new(FilterList::Task, action);
    let spares = |rules: Vec<Rule>| {
        armed_by(rules.into_iter().map(add).collect()).spares_new_tasks().cloned()
    };
    let exit = rule(FilterList::Exit, &[1]);
    assert_eq!(spares(vec![exit.clone(), task(Action::Never)]), Some(origin(2)));
    assert_eq!(spares(vec![with_key(b"k", task(Action::Never))]), Some(origin(1)));
    assert_eq!(spares(vec![uid(task(Action::Never)), task(Action::Never)]), Some(origin(2)));
    // Some tasks are still audited.
    assert_eq!(spares(vec![uid(task(Action::Never))]), None);
    assert_eq!(spares(vec![uid(task(Action::Always)), task(Action::Never)]), None);
    assert_eq!(spares(vec![exit]), None);
}
