use super::{add, armed_by, everything, origin, perm, rule, text, uid, with_key};
use crate::analysis::{Cause, Load, arming, narrowing};
use crate::catalog::{Arch, PathKind, Perm};
use crate::model::Profile;
use crate::rule::{Field, FilterList, NumberId, Op, Rule, TextId};

#[test]
fn narrows_a_watch_to_the_syscalls_of_perm() {
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
fn finds_arch_after_perm_and_missing_arch() {
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
    let found: Vec<_> = narrowing
        .advice
        .iter()
        .map(|one| {
            (one.origin.line, one.cause, one.remedy.as_ref().map(|remedy| remedy.rules.len()))
        })
        .collect();
    assert_eq!(
        found,
        [
            (2, Cause::AllNamed, Some(1)),
            (3, Cause::LateArch, Some(1)),
            (1, Cause::NoSyscalls, Some(2)),
        ]
    );
    assert!(narrowing.advice[2].remedy.as_ref().unwrap().adds_perm);
}

/// Returns the number of rules to write instead of a watch on a path of this kind.
fn instead_of_watch(watched: Option<PathKind>, id: TextId) -> (usize, usize, usize) {
    let watch = perm(text(everything(), id, Op::EQUAL, b"/srv/x"), 2);
    let loads = [Load { origin: origin(1), step: add(watch), watched }];
    let narrowing = narrowing(&arming(Profile::new(Arch::X86_64, 451), &loads));
    let remedy = narrowing.advice[0].remedy.as_ref().unwrap();
    assert!(remedy.arms > 0);
    (remedy.rules.len(), narrowing.walked, narrowing.would_walk)
}

#[test]
fn withholds_the_rules_for_a_path_of_unknown_kind() {
    assert_eq!(instead_of_watch(Some(PathKind::Unknown), TextId::PATH), (0, 0, 0));
    assert_eq!(instead_of_watch(Some(PathKind::File), TextId::PATH), (2, 0, 0));
    // The rule itself names a path: it is no watch.
    assert_eq!(instead_of_watch(None, TextId::PATH), (2, 0, 0));
}

/// One rule for each word size takes the place of a watch on a directory, which a stock kernel walks.
#[test]
fn counts_the_rules_that_advice_adds_to_the_walk() {
    assert_eq!(instead_of_watch(Some(PathKind::Directory), TextId::DIR), (2, 1, 2));
}
