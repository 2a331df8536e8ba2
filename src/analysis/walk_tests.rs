//! Expectations are derived by hand from the order of the kernel's filter: mask, fields, first match.

use super::tests::{add, armed_by, for_arch, origin, rule, with_key};
use super::*;
use crate::catalog::{Arch, Perm, field};
use crate::rule::{Field, FieldId, FilterList, Mask, NumberId, Op, Rule, TextId};

fn uid(mut rule: Rule) -> Rule {
    let FieldId::Number(id) = FieldId::of(field::AUID) else { panic!() };
    rule.fields.push(Field::Number { id, op: Op::EQUAL, value: 1000 });
    rule
}

fn perm(mut rule: Rule, bits: u32) -> Rule {
    rule.fields.push(Field::Number { id: NumberId::PERM, op: Op::EQUAL, value: bits });
    rule
}

fn text(mut rule: Rule, id: TextId, op: Op, path: &[u8]) -> Rule {
    rule.fields.push(Field::Text { id, op, text: path.into() });
    rule
}

fn everything() -> Rule {
    let mut rule = rule(FilterList::Exit, &[]);
    rule.mask = Mask::ALL;
    rule
}

/// Best, worst, hits, fields and rules by inode.
fn figures(arming: &Arming, arch: Arch, nr: u32) -> [usize; 5] {
    let walk = *walks(arming).of(arch, nr).unwrap();
    [walk.best, walk.worst, walk.hits, walk.fields, walk.inode_rules]
}

#[test]
fn rules_for_others_are_walked_past() {
    // Fifty rules for execve: getpid is tested against all masks and compares nothing. In the guest
    // each cost 19 instructions.
    let steps = (0..50).map(|n| add(with_key(&[b'a' + n], rule(FilterList::Exit, &[59]))));
    let arming = armed_by(steps.collect());
    assert_eq!(figures(&arming, Arch::X86_64, 39), [50, 50, 0, 0, 0]);
    // The first rule matches every execve.
    assert_eq!(figures(&arming, Arch::X86_64, 59), [1, 1, 1, 0, 0]);
}

#[test]
fn each_rule_that_may_fail_compares_its_fields() {
    let steps = (0..50).map(|n| add(with_key(&[n + 1], uid(for_arch(Arch::X86_64, &[39])))));
    let arming = armed_by(steps.collect());
    // The arch holds, auid may not; the key is not compared.
    assert_eq!(figures(&arming, Arch::X86_64, 39), [1, 50, 50, 100, 0]);
    // A 32-bit mkdir (39) fails at the arch of each.
    assert_eq!(figures(&arming, Arch::I386, 39), [50, 50, 50, 50, 0]);
}

#[test]
fn a_sure_match_ends_the_walk() {
    let mut never = for_arch(Arch::X86_64, &[39]);
    never.action = crate::rule::Action::Never;
    let arming = armed_by(vec![
        add(uid(rule(FilterList::Exit, &[39]))),
        add(never),
        add(with_key(b"k", rule(FilterList::Exit, &[39]))),
    ]);
    assert_eq!(figures(&arming, Arch::X86_64, 39), [1, 2, 2, 2, 0]);
    assert_eq!(figures(&arming, Arch::I386, 39), [1, 3, 3, 2, 0]);
    let walks = walks(&arming);
    let found = inspect(&arming, &walks, Arch::X86_64, 39).unwrap();
    let shadowed: Vec<_> = found.rules.iter().map(|one| one.is_shadowed).collect();
    assert_eq!(shadowed, [false, false, true]);
    assert_eq!(found.contenders().count(), 2);
}

#[test]
fn rules_kept_by_inode_are_not_walked() {
    let watch = text(everything(), TextId::PATH, Op::EQUAL, b"/etc/passwd");
    let tree = text(everything(), TextId::DIR, Op::EQUAL, b"/etc");
    let arming = armed_by(vec![
        add(perm(watch, Perm::Write.bit())),
        add(perm(tree, Perm::Write.bit())),
        add(rule(FilterList::Exit, &[1])),
    ]);
    // getpid: the tree fails at perm at the latest.
    assert_eq!(figures(&arming, Arch::X86_64, 39), [2, 2, 1, 2, 1]);
    // unlink writes, so that only the place decides.
    assert_eq!(figures(&arming, Arch::X86_64, 87), [1, 2, 1, 2, 1]);
    let walks = walks(&arming);
    let found = inspect(&arming, &walks, Arch::X86_64, 39).unwrap();
    let why: Vec<_> = found.rules.iter().map(|one| (one.place, one.obstacle)).collect();
    assert_eq!(why, [(None, Some(Obstacle::Perm)), (Some(1), Some(Obstacle::Perm))]);
}

#[test]
fn a_watch_is_narrowed_to_39_syscalls() {
    let watch = text(everything(), TextId::PATH, Op::EQUAL, b"/etc/passwd");
    let bits = Perm::Write.bit() | Perm::Attr.bit();
    let narrowing = narrowing(&armed_by(vec![
        add(with_key(b"k", perm(watch, bits))),
        add(uid(everything())),
        add(rule(FilterList::Task, &[])),
    ]));
    let causes: Vec<_> = narrowing.advice.iter().map(|one| one.cause).collect();
    assert_eq!(causes, [Cause::List(FilterList::Task), Cause::NoArch, Cause::NoSyscalls]);
    assert_eq!(narrowing.advice[1].origin, origin(1));
    let remedy = narrowing.advice[1].remedy.as_ref().unwrap();
    assert_eq!(remedy.rules.len(), 2);
    assert!(remedy.rules.iter().all(|rule| rule.mask.is_empty() && rule.fields.len() == 4));
    assert_eq!(narrowing.without_remedy(), 1);
    assert_eq!(narrowing.would_arm, remedy.arms);
}

#[test]
fn where_arch_and_perm_stand_is_told() {
    let arch = |mut rule: Rule| {
        let value = Arch::X86_64.elf();
        rule.fields.push(Field::Number { id: NumberId::ARCH, op: Op::EQUAL, value });
        rule
    };
    let tree = |rule| text(rule, TextId::DIR, Op::EQUAL, b"/tmp");
    let narrowing = narrowing(&armed_by(vec![
        add(tree(everything())),
        add(perm(arch(tree(everything())), 2)),
        add(arch(perm(tree(everything()), 2))),
    ]));
    let told: Vec<_> = narrowing
        .advice
        .iter()
        .map(|one| {
            (one.origin.line, one.cause, one.remedy.as_ref().map(|remedy| remedy.rules.len()))
        })
        .collect();
    assert_eq!(
        told,
        [
            (2, Cause::AllNamed, Some(1)),
            (3, Cause::LateArch, Some(1)),
            (1, Cause::NoSyscalls, Some(2)),
        ]
    );
    assert!(narrowing.advice[2].remedy.as_ref().unwrap().adds_perm);
}

#[test]
fn what_changes_is_blamed_on_rules() {
    let old = armed_by(vec![add(rule(FilterList::Exit, &[1])), add(rule(FilterList::Exit, &[2]))]);
    let new = armed_by(vec![
        add(rule(FilterList::Exit, &[1])),
        add(uid(rule(FilterList::Exit, &[3]))),
        add(rule(FilterList::Exit, &[4])),
    ]);
    let found = compare(&old, &new);
    assert_eq!(
        (found.added.as_slice(), found.removed.as_slice()),
        ([origin(2), origin(3)].as_slice(), [origin(2)].as_slice())
    );
    let changes = |changes: &[Change]| -> Vec<_> {
        changes.iter().map(|one| (one.nr, one.added.to_vec(), one.removed.to_vec())).collect()
    };
    assert_eq!(changes(&found.newly_armed), [(3, vec![0], vec![]), (4, vec![1], vec![])]);
    assert_eq!(changes(&found.disarmed), [(2, vec![], vec![0])]);
    assert!(found.longer.is_empty() && found.shorter.is_empty());
    assert!(compare(&new, &new).is_empty());
}

#[test]
fn order_alone_can_lengthen_a_walk() {
    let (a, b) = (add(rule(FilterList::Exit, &[1])), add(rule(FilterList::Exit, &[2])));
    let found = compare(&armed_by(vec![a.clone(), b.clone()]), &armed_by(vec![b, a]));
    let [longer] = found.longer.as_slice() else { panic!() };
    assert_eq!((longer.nr, longer.before.rules, longer.after.rules), (1, 1, 2));
    assert!(longer.added.is_empty() && longer.removed.is_empty());
}

#[test]
fn gates_blame_the_first_rule_too_many() {
    let arming = armed_by(vec![
        add(uid(rule(FilterList::Exit, &[1]))),
        add(uid(rule(FilterList::Exit, &[1, 2]))),
        add(rule(FilterList::Exit, &[3])),
    ]);
    let check = |gate| failures(&arming, &walks(&arming), &[gate]).pop();
    let blamed = |gate| check(gate).map(|failure| (failure.rule.line, failure.others));
    let deny = |nr| Gate::DenyArm { arch: Arch::X86_64, nr };
    assert_eq!(blamed(deny(1)), Some((1, 1)));
    assert_eq!(blamed(deny(0)), None);
    assert_eq!(blamed(Gate::MaxArmed(2)), Some((2, 0)));
    assert_eq!(blamed(Gate::MaxArmed(3)), None);
    assert_eq!(blamed(Gate::MaxWalk(1)), Some((2, 1)));
    assert_eq!(blamed(Gate::MaxWalk(3)), None);
    assert_eq!(blamed(Gate::DenyStockArm), Some((1, 2)));
}

#[test]
fn a_task_rule_fails_every_gate_of_the_bitmap() {
    let arming = armed_by(vec![add(rule(FilterList::Task, &[]))]);
    let gate = Gate::DenyArm { arch: Arch::X86_64, nr: 0 };
    let [failure] = &failures(&arming, &walks(&arming), &[gate])[..] else { panic!() };
    assert!(matches!(failure.found, Found::NoBitmap(_)));
    assert_eq!(failure.rule, origin(1));
}

#[test]
fn syscalls_of_later_kernels_are_missing() {
    let arming = armed_by(vec![
        add(for_arch(Arch::X86_64, &[90, 452])),
        add(for_arch(Arch::I386, &[15, 452])),
        add(everything()),
    ]);
    let version = crate::catalog::KernelVersion::parse(b"6.1");
    let found: Vec<_> =
        missing(&arming, version).iter().map(|one| (one.arch, one.nr, one.rules.len())).collect();
    assert_eq!(found, [(Arch::X86_64, 452, 1), (Arch::I386, 452, 1)]);
}
