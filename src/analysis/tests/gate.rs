use super::{add, armed_by, origin, rule, uid};
use crate::analysis::{Found, Gate, failures, walks};
use crate::catalog::Arch;
use crate::rule::FilterList;

#[test]
fn blames_the_first_rule_beyond_a_limit() {
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
fn task_rule_fails_gates_of_the_bitmap() {
    let arming = armed_by(vec![add(rule(FilterList::Task, &[]))]);
    let gate = Gate::DenyArm { arch: Arch::X86_64, nr: 0 };
    let [failure] = &failures(&arming, &walks(&arming), &[gate])[..] else { panic!() };
    assert!(matches!(failure.found, Found::NoBitmap(_)));
    assert_eq!(failure.rule, origin(1));
}
