use super::{add, armed_by, origin, rule, uid};
use crate::analysis::{Change, Comparison};
use crate::rule::FilterList;

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
