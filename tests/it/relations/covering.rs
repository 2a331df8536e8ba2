//! Coverage against all events of a small universe.

use rauditctl::eval::{Evaluator, Files, Verdict};
use rauditctl::relate::requirement::{Judge, State};
use rauditctl::relate::sets::{Keys, covers};
use rauditctl::rule::Action;

use super::universe::{Case, Random, written};
use super::{FEW, VERSION};
use crate::no_panic::cases_or;

/// What a set does with the events that the required rules record.
#[derive(Clone, Copy, Default)]
struct Real {
    records: bool,
    misses: bool,
}

fn enumerated(case: &Case) -> Real {
    let evaluator = |rules: &[_]| Evaluator::new(&Case::kernel(rules), VERSION, Files::default());
    let (required, set) = (evaluator(&case.old), evaluator(&case.new));
    let mut real = Real::default();
    case.each_event(&mut |event| {
        if required.decide(event).verdict == Verdict::Recorded {
            match set.decide(event).verdict == Verdict::Recorded {
                true => real.records = true,
                false => real.misses = true,
            }
        }
    });
    real
}

#[test]
fn coverage_is_that_of_all_events() {
    let cases = cases_or(FEW);
    let mut undecided = 0;
    for seed in 0..u64::from(cases) {
        let case = Case::random(&mut Random::new(seed + 500_000));
        if !case.has_calls_only() {
            continue;
        }
        let real = enumerated(&case);
        let (required, set) = (Case::kernel(&case.old), Case::kernel(&case.new));
        let coverage = covers(&required, &set, VERSION, Keys::Ignore);
        let rules =
            || format!("{seed}: required\n  {}\nset\n  {}", written(&case.old), written(&case.new));
        assert!(coverage.missed.is_empty() || real.misses, "{}", rules());
        assert!(coverage.by.is_empty() || real.records, "{}", rules());
        if coverage.is_complete() {
            assert!(!real.misses, "{}", rules());
        } else if coverage.missed.is_empty() {
            undecided += 1;
        }
    }
    assert!(undecided * 50 <= cases, "{undecided} of {cases} are undecided");
}

/// Requirements have rules that record only.
#[test]
fn judgments_are_those_of_all_events() {
    let cases = cases_or(FEW);
    for seed in 0..u64::from(cases) {
        let mut case = Case::random(&mut Random::new(seed + 900_000));
        case.old.retain(|rule| rule.action == Action::Always);
        if case.old.is_empty() || !case.has_calls_only() {
            continue;
        }
        let real = enumerated(&case);
        let set = Case::kernel(&case.new);
        let judge = Judge { set: &set, version: VERSION, keys: Keys::Ignore };
        let rules =
            || format!("{seed}: required\n  {}\nset\n  {}", written(&case.old), written(&case.new));
        let Ok(judgment) = judge.judge(&case.old) else {
            assert!(!real.records && !real.misses, "{}", rules());
            continue;
        };
        match judgment.state {
            State::Covered => assert!(!real.misses, "{}", rules()),
            State::Partly => assert!(real.misses && real.records, "{}", rules()),
            State::Missing => assert!(real.misses, "{}", rules()),
            State::NotApplicable | State::Undecided => {}
        }
    }
}
