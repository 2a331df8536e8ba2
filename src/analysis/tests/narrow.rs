use super::{add, armed_by, everything, origin, perm, rule, text, uid, with_key};
use crate::analysis::{Cause, Load, arming, narrowing};
use crate::catalog::{Arch, PathKind, Perm, field};
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
    let rule = remedy.rule.as_ref().unwrap();
    // 90 is chmod of 64-bit programs and 15 of 32-bit ones; 212 is chown32 there, which auditctl's list lacks. 39 is
    // mkdir of 32-bit programs. Reading is no such access: 0 is read, and 3 close and read.
    assert!([90, 15, 212, 39].iter().all(|number| rule.mask.contains(*number)));
    assert!(![0, 3].iter().any(|number| rule.mask.contains(*number)));
    let numbers: Vec<u32> = rule.fields.iter().map(Field::number).collect();
    assert_eq!(numbers, [field::PATH, field::PERM, field::KEY]);
    assert_eq!(remedy.arms, rule.mask.iter().count());
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
            let rule = one.remedy.as_ref().and_then(|remedy| remedy.rule.as_ref());
            let numbers = rule.map(|rule| rule.fields.iter().map(Field::number).collect());
            let numbers: Vec<u32> = numbers.unwrap_or_default();
            (one.origin.line, one.cause, numbers)
        })
        .collect();
    assert_eq!(
        found,
        [
            (2, Cause::AllNamed, vec![field::DIR, field::ARCH, field::PERM]),
            (3, Cause::LateArch, vec![field::DIR, field::ARCH, field::PERM]),
            (1, Cause::NoSyscalls, vec![field::DIR, field::PERM]),
        ]
    );
    assert!(narrowing.advice[2].remedy.as_ref().unwrap().adds_perm);
}

/// Returns whether there is a rule to write instead of a watch on a path of this kind.
fn is_advised(watched: Option<PathKind>, id: TextId) -> bool {
    let watch = perm(text(everything(), id, Op::EQUAL, b"/srv/x"), 2);
    let loads = [Load { origin: origin(1), step: add(watch), watched }];
    let narrowing = narrowing(&arming(Profile::new(Arch::X86_64, 451), &loads));
    let remedy = narrowing.advice[0].remedy.as_ref().unwrap();
    assert!(remedy.arms > 0);
    remedy.rule.is_some()
}

#[test]
fn withholds_the_rule_for_a_path_of_unknown_kind() {
    assert!(!is_advised(Some(PathKind::Unknown), TextId::PATH));
    assert!(is_advised(Some(PathKind::File), TextId::PATH));
    assert!(is_advised(Some(PathKind::Directory), TextId::DIR));
    // The rule itself names a path: it is no watch.
    assert!(is_advised(None, TextId::PATH));
}
