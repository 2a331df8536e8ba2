use super::{add, armed_by, everything, origin, perm, rule, text, uid, with_key};
use crate::analysis::{Cause, narrowing};
use crate::catalog::{Arch, Perm};
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
