use std::sync::Arc;

use super::*;
use crate::catalog::Arch;
use crate::model::{Profile, Reason};
use crate::rule::{Action, Control, Field, FilterList, Mask, NumberId, Op, Rule, TextId};

pub(super) fn rule(list: FilterList, numbers: &[u32]) -> Rule {
    let mut rule = Rule::new(list, Action::Always);
    assert!(numbers.iter().all(|number| rule.mask.insert(*number)));
    rule
}

pub(super) fn for_arch(arch: Arch, numbers: &[u32]) -> Rule {
    let mut rule = rule(FilterList::Exit, numbers);
    rule.fields.push(Field::Number { id: NumberId::ARCH, op: Op::EQUAL, value: arch.elf() });
    rule
}

pub(super) fn with_key(key: &[u8], mut rule: Rule) -> Rule {
    rule.fields.push(Field::Text { id: TextId::KEY, op: Op::EQUAL, text: key.into() });
    rule
}

pub(super) fn origin(line: usize) -> Origin {
    Origin { file: Arc::from("a.rules"), line }
}

/// What these steps arm, each written in a line of its own.
pub(super) fn armed_by(steps: Vec<Step>) -> Arming {
    let lines = (1..).map(origin).zip(steps);
    let loads: Vec<Load> = lines.map(|(origin, step)| Load { origin, step }).collect();
    arming(Profile::new(Arch::X86_64, 451), &loads)
}

pub(super) fn add(rule: Rule) -> Step {
    Step::Add(rule)
}

/// Each armed number, and the lines of its rules.
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
fn a_32_bit_rule_arms_the_syscall_that_has_its_number() {
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
fn rules_of_one_number_are_in_the_order_they_were_loaded() {
    let mut in_front = rule(FilterList::Exit, &[2, 3]);
    in_front.placement = crate::rule::Placement::Prepend;
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
fn a_rule_of_another_list_spoils_the_bitmap() {
    let arming =
        armed_by(vec![add(rule(FilterList::Exit, &[59])), add(rule(FilterList::Task, &[]))]);
    assert!(!arming.bitmap.equal);
    assert_eq!(arming.bitmap.spoilers, [Counted { origin: origin(2), list: FilterList::Task }]);
    assert_eq!(arming.bitmap.armed_count, 451);
    assert_eq!(lines(&arming), [(59, vec![1])]);
}

#[test]
fn rules_for_everything_and_for_nothing_are_named() {
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
fn what_is_refused_does_not_count() {
    let one = rule(FilterList::Exit, &[1]);
    let arming = armed_by(vec![
        add(one.clone()),
        add(one.clone()),
        Step::Delete(rule(FilterList::Exit, &[2])),
        add(rule(FilterList::Entry, &[3])),
    ]);
    let reasons: Vec<_> =
        arming.refused.iter().map(|(origin, refusal)| (origin.line, refusal.reason)).collect();
    assert_eq!(reasons, [(2, Reason::Exists), (3, Reason::NotFound), (4, Reason::InvalidList)]);
    assert_eq!(lines(&arming), [(1, vec![1])]);
}

#[test]
fn rules_can_be_deleted_all_or_by_key() {
    let key = |key: &[u8]| Step::DeleteAll { key: Some(key.into()) };
    let two = || {
        vec![
            add(with_key(b"net\x01root", rule(FilterList::Exit, &[1]))),
            add(rule(FilterList::Exit, &[2])),
        ]
    };
    let after = |step| armed_by(two().into_iter().chain([step]).collect());
    assert!(lines(&after(Step::DeleteAll { key: None })).is_empty());
    assert_eq!(lines(&after(key(b"root"))), [(2, vec![2])]);
    assert_eq!(lines(&after(key(b"other"))).len(), 2);
}

#[test]
fn nothing_changes_once_rules_are_locked() {
    let enable = |value| Step::Control(Control::Enabled(value));
    let arming = armed_by(vec![
        enable(1),
        add(rule(FilterList::Exit, &[1])),
        enable(2),
        add(rule(FilterList::Exit, &[2])),
        Step::DeleteAll { key: None },
        enable(0),
    ]);
    assert_eq!(lines(&arming), [(1, vec![2])]);
    assert_eq!(arming.enabled, Some((origin(3), 2)));
    let refused = arming.refused.iter().map(|(origin, why)| (origin.line, why.errno()));
    assert_eq!(refused.collect::<Vec<_>>(), [(4, 1), (5, 1), (6, 1)]);
}
