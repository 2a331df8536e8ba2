//! Compares the model with a naive one over random loads.

use std::sync::Arc;

use proptest::prelude::*;
use rauditctl::analysis::{Load, Origin, arming};
use rauditctl::catalog::{Arch, Operator};
use rauditctl::model::{Home, KernelModel, Profile, Reason};
use rauditctl::rule::{Action, Field, FieldId, FilterList, Mask, Op, Placement, Request, Rule};
use rauditctl::wire;

const PROFILE: (Arch, u32) = (Arch::X86_64, 451);

fn profile() -> Profile {
    Profile::new(PROFILE.0, PROFILE.1)
}

/// A change to the kernel.
#[derive(Clone, Debug)]
enum Step {
    Add(Rule),
    Delete(Rule),
}

/// A small set of rules, so that equal rules occur. No kernel accepts some of them.
fn rules() -> impl Strategy<Value = Rule> {
    let lists = prop_oneof![
        5 => Just(FilterList::Exit),
        1 => (0u32..9).prop_map(FilterList::from_number),
    ];
    let actions = prop_oneof![Just(Action::Always), Just(Action::Never)];
    let places = prop_oneof![3 => Just(Placement::Append), 1 => Just(Placement::Prepend)];
    let parts = (lists, actions, places, masks(), proptest::collection::vec(fields(), 0..3));
    parts.prop_map(|(list, action, place, mask, fields)| {
        let mut rule = Rule::new(list, action);
        rule.placement = place;
        rule.mask = mask;
        rule.fields = fields.into();
        rule
    })
}

fn masks() -> impl Strategy<Value = Mask> {
    let numbers = prop_oneof![0u32..4, 448u32..454, 2030u32..Mask::BITS];
    let some = proptest::collection::vec(numbers, 0..3).prop_map(|numbers| {
        let mut mask = Mask::EMPTY;
        assert!(numbers.into_iter().all(|number| mask.insert(number)));
        mask
    });
    prop_oneof![4 => some, 1 => Just(Mask::ALL)]
}

fn fields() -> impl Strategy<Value = Field> {
    prop_oneof![
        Just(number(9, Operator::Equal, u32::MAX)),
        Just(number(24, Operator::Equal, 0)),
        Just(number(1, Operator::Equal, u32::MAX)),
        Just(number(11, Operator::Equal, 0xc000_003e)),
        Just(number(102, Operator::NotEqual, 7)),
        Just(text(105, b"/etc/passwd")),
        Just(text(210, b"key")),
        Just(text(210, b"key\0with NUL")),
    ]
}

fn number(number: u32, op: Operator, value: u32) -> Field {
    match FieldId::of(number) {
        FieldId::Number(id) => Field::Number { id, op: Op::Known(op), value },
        FieldId::Text(_) => panic!("{number} has a text"),
    }
}

fn text(number: u32, text: &[u8]) -> Field {
    match FieldId::of(number) {
        FieldId::Text(id) => Field::Text { id, op: Op::EQUAL, text: text.into() },
        FieldId::Number(_) => panic!("{number} has a number"),
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![3 => rules().prop_map(Step::Add), 1 => rules().prop_map(Step::Delete)];
    proptest::collection::vec(step, 0..40)
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 1040..1100)
}

fn run(kernel: &mut KernelModel, steps: &[Step]) {
    for step in steps {
        // The test does not depend on whether the kernel accepts the rule.
        let _ = match step {
            Step::Add(rule) => kernel.add(rule),
            Step::Delete(rule) => kernel.delete(rule),
        };
    }
}

fn listing(kernel: &KernelModel) -> Vec<Rule> {
    kernel.rules().cloned().collect()
}

/// Recomputes the expected counters.
fn recount(kernel: &KernelModel) -> (u32, u32, Vec<u32>) {
    let (mut rules, mut on_exit, mut counts) = (0, 0, vec![0; PROFILE.1 as usize]);
    for rule in kernel.rules() {
        rules += u32::from(matches!(
            rule.list,
            FilterList::Task | FilterList::Exit | FilterList::IoUring
        ));
        if rule.list == FilterList::Exit {
            on_exit += 1;
            rule.mask.iter().filter_map(|nr| counts.get_mut(nr as usize).map(|n| *n += 1)).count();
        }
    }
    (rules, on_exit, counts)
}

proptest! {
    #[test]
    fn order_and_answers_match_a_plain_list(steps in steps()) {
        let mut kernel = KernelModel::new(profile());
        let mut plain: Vec<Rule> = Vec::new();
        for step in &steps {
            match step {
                Step::Add(rule) => {
                    let result = kernel.add(rule);
                    let Ok(kernel_rule) = kernel.kernel_rule(rule) else {
                        prop_assert_eq!(result.unwrap_err().errno(), 22);
                        continue;
                    };
                    if rule.placement == Placement::Prepend {
                        prop_assert_eq!(result, Ok(()));
                        plain.insert(0, kernel_rule);
                    } else if plain.contains(&kernel_rule) {
                        prop_assert_eq!(result, Err(Reason::Exists.into()));
                    } else {
                        prop_assert_eq!(result, Ok(()));
                        plain.push(kernel_rule);
                    }
                }
                Step::Delete(rule) => {
                    let result = kernel.delete(rule);
                    let Ok(kernel_rule) = kernel.kernel_rule(rule) else {
                        prop_assert_eq!(result.unwrap_err().errno(), 22);
                        continue;
                    };
                    let found = plain.iter().position(|other| *other == kernel_rule);
                    match found.filter(|_| rule.placement == Placement::Append) {
                        Some(at) => {
                            prop_assert_eq!(result, Ok(()));
                            plain.remove(at);
                        }
                        None => prop_assert_eq!(result, Err(Reason::NotFound.into())),
                    }
                }
            }
        }
        plain.sort_by_key(|rule| rule.list.number());
        prop_assert_eq!(listing(&kernel), plain);
    }

    #[test]
    fn counters_match_a_recount(steps in steps()) {
        let mut kernel = KernelModel::new(profile());
        run(&mut kernel, &steps);
        let (rules, on_exit, counts) = recount(&kernel);
        let counters = kernel.counters();
        prop_assert_eq!(counters.n_rules(), rules);
        prop_assert_eq!(counters.n_syscall_rules(), on_exit);
        let counted: Vec<u32> = (0..PROFILE.1).map(|nr| counters.of_syscall(nr)).collect();
        prop_assert_eq!(counted, counts);
        prop_assert!(counters.n_syscall_rules() <= counters.n_rules());
    }

    #[test]
    fn adding_then_deleting_changes_nothing(steps in steps(), mut rule in rules()) {
        let mut kernel = KernelModel::new(profile());
        run(&mut kernel, &steps);
        let before = (listing(&kernel), kernel.counters());
        rule.placement = Placement::Append;
        match kernel.add(&rule) {
            Ok(()) => prop_assert_eq!(kernel.delete(&rule), Ok(())),
            Err(refusal) if refusal.reason == Reason::Exists => {}
            Err(refusal) => prop_assert_eq!(kernel.delete(&rule), Err(refusal)),
        }
        prop_assert_eq!((listing(&kernel), kernel.counters()), before);
    }

    #[test]
    fn listed_rules_can_be_deleted_and_loaded_again(steps in steps()) {
        let mut kernel = KernelModel::new(profile());
        run(&mut kernel, &steps);
        let mut again = KernelModel::new(profile());
        for rule in listing(&kernel) {
            prop_assert_eq!(kernel.kernel_rule(&rule), Ok(rule.clone()));
            prop_assert_eq!(kernel.delete(&rule), Ok(()));
            // An equal rule may have been prepended.
            let _ = again.add(&rule);
        }
        prop_assert!(kernel.is_empty());
        let unused = KernelModel::new(profile());
        prop_assert_eq!(kernel.counters(), unused.counters());
    }

    #[test]
    fn explanation_counts_like_the_kernel(steps in steps()) {
        let file: Arc<str> = "a.rules".into();
        let loads: Vec<Load> = (1..)
            .zip(&steps)
            .map(|(line, step)| {
                let request = match step.clone() {
                    Step::Add(rule) => Request::Add(rule),
                    Step::Delete(rule) => Request::Delete(rule),
                };
                Load::new(Origin { file: Arc::clone(&file), line }, request)
            })
            .collect();
        let mut kernel = KernelModel::new(profile());
        run(&mut kernel, &steps);
        let arming = arming(profile(), &loads);
        prop_assert_eq!(&arming.counters, &kernel.counters());
        let armed: Vec<_> = arming
            .bitmap
            .syscalls
            .iter()
            .map(|syscall| (syscall.nr, arming.origins(&syscall.rules).count()))
            .collect();
        let counters = kernel.counters();
        let counted = counters.armed().map(|(nr, count)| (nr, count as usize));
        prop_assert_eq!(armed, counted.collect::<Vec<_>>());
    }

    #[test]
    fn answers_any_bytes(mut bytes in bytes()) {
        // A rule with few fields on a known list passes the first checks.
        bytes[..12].copy_from_slice(&[4, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]);
        let text = u32::try_from(bytes.len() - 1040).expect("short");
        bytes[1036..1040].copy_from_slice(&text.to_ne_bytes());
        if let Ok(rule) = wire::decode(&bytes) {
            let mut kernel = KernelModel::new(profile());
            if kernel.add(&rule).is_ok() {
                prop_assert_eq!(kernel.len(), 1);
            }
        }
    }
}

#[test]
fn prepending_never_finds_an_equal_rule() {
    let mut kernel = KernelModel::new(profile());
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    assert!(rule.mask.insert(59));
    assert_eq!(kernel.add(&rule), Ok(()));
    rule.placement = Placement::Prepend;
    assert_eq!(kernel.add(&rule), Ok(()));
    assert_eq!(kernel.delete(&rule), Err(Reason::NotFound.into()));
    assert_eq!((kernel.len(), kernel.counters().of_syscall(59)), (2, 2));
    rule.placement = Placement::Append;
    assert_eq!(kernel.delete(&rule), Ok(()));
    assert_eq!(kernel.delete(&rule), Ok(()));
    assert_eq!(kernel.delete(&rule), Err(Reason::NotFound.into()));
}

#[test]
fn unset_auid_is_listed_as_sent() {
    let mut kernel = KernelModel::new(profile());
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    rule.fields = vec![number(9, Operator::NotEqual, u32::MAX)].into();
    assert_eq!(kernel.add(&rule), Ok(()));
    assert_eq!(listing(&kernel), [rule.clone()]);
    // The same condition in the internal form of the kernel is another rule...
    rule.fields = vec![number(24, Operator::NotEqual, 0)].into();
    assert_eq!(kernel.add(&rule), Ok(()));
    assert_eq!(kernel.rules().last(), Some(&rule));
    // ... but not if the rule also has one in the old form.
    rule.fields.push(number(9, Operator::NotEqual, u32::MAX));
    assert_eq!(kernel.add(&rule), Ok(()));
    rule.fields.reverse();
    assert_eq!(kernel.add(&rule), Err(Reason::Exists.into()));
}

#[test]
fn path_and_inode_rules_are_in_the_hash() {
    let home = |field: Field| {
        let mut kernel = KernelModel::new(profile());
        let mut rule = Rule::new(FilterList::Exit, Action::Always);
        rule.fields = vec![field].into();
        assert_eq!(kernel.add(&rule), Ok(()));
        kernel.entries().next().expect("just added").home()
    };
    assert_eq!(home(text(105, b"/etc/passwd")), Home::InodeHash);
    assert_eq!(home(number(102, Operator::Equal, 2)), Home::InodeHash);
    assert_eq!(home(number(102, Operator::NotEqual, 2)), Home::List);
    assert_eq!(home(text(107, b"/etc")), Home::List);
}
