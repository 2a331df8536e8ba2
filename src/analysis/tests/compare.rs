use super::{add, armed_by, everything, for_arch, origin, rule, uid};
use crate::analysis::{Change, Comparison, RecordedChange};
use crate::catalog::Arch;
use crate::rule::{Action, FilterList, Rule};

#[test]
fn names_the_rules_that_cause_a_change() {
    let old = armed_by(vec![add(rule(FilterList::Exit, &[1])), add(rule(FilterList::Exit, &[2]))]);
    let new = armed_by(vec![
        add(rule(FilterList::Exit, &[1])),
        add(uid(rule(FilterList::Exit, &[3]))),
        add(rule(FilterList::Exit, &[4])),
    ]);
    let same = Comparison::new(new.clone(), new.clone(), Vec::new());
    let found = Comparison::new(old, new, Vec::new()).changes;
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
    assert!(same.changes.is_empty());
}

#[test]
fn order_alone_can_lengthen_a_walk() {
    let (a, b) = (add(rule(FilterList::Exit, &[1])), add(rule(FilterList::Exit, &[2])));
    let (old, new) = (armed_by(vec![a.clone(), b.clone()]), armed_by(vec![b, a]));
    let found = Comparison::new(old, new, Vec::new()).changes;
    let [longer] = found.longer.as_slice() else { panic!() };
    assert_eq!((longer.nr, longer.before.rules, longer.after.rules), (1, 1, 2));
    assert!(longer.added.is_empty() && longer.removed.is_empty());
}

/// Fewer rules are tested, but each compares its fields.
#[test]
fn walk_with_fewer_rules_and_more_fields_is_not_shorter() {
    let mut distinct: Vec<_> = (2..6).map(|nr| add(rule(FilterList::Exit, &[nr]))).collect();
    distinct.push(add(uid(rule(FilterList::Exit, &[1]))));
    let old = armed_by(distinct);
    let new = armed_by(vec![
        add(uid(uid(uid(rule(FilterList::Exit, &[1, 2, 3, 4, 5]))))),
        add(uid(uid(rule(FilterList::Exit, &[1, 2, 3, 4, 5])))),
    ]);
    let changes = Comparison::new(old, new, Vec::new()).changes;
    let mixed: Vec<u32> = changes.mixed.iter().map(|one| one.nr).collect();
    assert!(mixed.contains(&1), "{changes:#?}");
    assert!(changes.shorter.iter().all(|one| one.after.fields <= one.before.fields));
    assert!(changes.longer.iter().all(|one| one.after.fields >= one.before.fields));
}

/// The rule for the other word size is gone: 32-bit programs are no longer recorded.
#[test]
fn reports_syscalls_that_are_no_longer_recorded() {
    // 10 is unlink on i386, and 87 on x86_64.
    let b64 = || add(for_arch(Arch::X86_64, &[87]));
    let old = armed_by(vec![b64(), add(for_arch(Arch::I386, &[10]))]);
    let new = armed_by(vec![b64()]);
    let recorded = |old, new| Comparison::new(old, new, Vec::new()).changes.recorded;
    let lost = RecordedChange { arch: Arch::I386, gained: vec![], lost: vec![10] };
    assert_eq!(recorded(old.clone(), new.clone()), [lost]);
    assert_eq!(recorded(new.clone(), old)[0].gained, [10]);
    assert_eq!(recorded(new.clone(), new), []);
}

/// A `never` before the rules silences them; a rule that may not match does not.
#[test]
fn silenced_syscalls_are_not_recorded() {
    let never = |rule: Rule| add(Rule { action: Action::Never, ..rule });
    let always = || add(uid(rule(FilterList::Exit, &[1])));
    let old = armed_by(vec![always()]);
    let silenced = armed_by(vec![never(everything()), always()]);
    let partly = armed_by(vec![never(uid(everything())), always()]);
    let lost = |new| -> Vec<Vec<u32>> {
        let changes = Comparison::new(old.clone(), new, Vec::new()).changes;
        changes.recorded.into_iter().map(|one| one.lost).collect()
    };
    assert_eq!(lost(silenced), [vec![1], vec![1]]);
    assert!(lost(partly).is_empty());
}
