//! Expected values are derived by hand from the order of the kernel's filter: mask, fields, first match.

use super::{add, armed_by, everything, for_arch, perm, rule, text, uid, with_key};
use crate::analysis::{Arming, Obstacle, inspect, missing, walks};
use crate::catalog::{Arch, KernelVersion, Perm};
use crate::rule::{Action, FilterList, Op, TextId};

/// Returns best, worst, hits, fields and rules by inode.
fn figures(arming: &Arming, arch: Arch, nr: u32) -> [usize; 5] {
    let walk = *walks(arming).of(arch, nr).unwrap();
    [walk.best, walk.worst, walk.hits, walk.fields, walk.inode_rules]
}

#[test]
fn tests_the_masks_of_rules_for_other_syscalls() {
    // Fifty rules for execve: a getpid tests all masks and compares no field. Measured in the guest:
    // 19 instructions per rule.
    let steps = (0..50).map(|n| add(with_key(&[b'a' + n], rule(FilterList::Exit, &[59]))));
    let arming = armed_by(steps.collect());
    assert_eq!(figures(&arming, Arch::X86_64, 39), [50, 50, 0, 0, 0]);
    // The first rule matches every execve.
    assert_eq!(figures(&arming, Arch::X86_64, 59), [1, 1, 1, 0, 0]);
}

#[test]
fn compares_the_fields_of_each_rule_that_may_not_match() {
    let steps = (0..50).map(|n| add(with_key(&[n + 1], uid(for_arch(Arch::X86_64, &[39])))));
    let arming = armed_by(steps.collect());
    // The arch matches, auid may not; the key is not compared.
    assert_eq!(figures(&arming, Arch::X86_64, 39), [1, 50, 50, 100, 0]);
    // A 32-bit mkdir (39) fails at the arch of each.
    assert_eq!(figures(&arming, Arch::I386, 39), [50, 50, 50, 50, 0]);
}

#[test]
fn a_sure_match_ends_the_walk() {
    let mut never = for_arch(Arch::X86_64, &[39]);
    never.action = Action::Never;
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
    // getpid: the dir rule fails at perm at the latest.
    assert_eq!(figures(&arming, Arch::X86_64, 39), [2, 2, 1, 2, 1]);
    // unlink writes, so only the path decides.
    assert_eq!(figures(&arming, Arch::X86_64, 87), [1, 2, 1, 2, 1]);
    let walks = walks(&arming);
    let found = inspect(&arming, &walks, Arch::X86_64, 39).unwrap();
    let why: Vec<_> = found.rules.iter().map(|one| (one.position, one.obstacle)).collect();
    assert_eq!(why, [(None, Some(Obstacle::Perm)), (Some(1), Some(Obstacle::Perm))]);
}

#[test]
fn finds_syscalls_of_later_kernels() {
    let arming = armed_by(vec![
        add(for_arch(Arch::X86_64, &[90, 452])),
        add(for_arch(Arch::I386, &[15, 452])),
        add(everything()),
    ]);
    let version = KernelVersion::parse(b"6.1");
    let found: Vec<_> =
        missing(&arming, version).iter().map(|one| (one.arch, one.nr, one.rules.len())).collect();
    assert_eq!(found, [(Arch::X86_64, 452, 1), (Arch::I386, 452, 1)]);
}
