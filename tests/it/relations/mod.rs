//! Comparing whole sets of rules: every answer against all events of a small universe.

mod universe;

use std::collections::BTreeSet;

use rauditctl::catalog::KernelVersion;
use rauditctl::eval::{Evaluator, Files, Verdict};
use rauditctl::relate::sets::{Change, Comparison, Keys, Relation, compare};
use rauditctl::rule::Rule;
use universe::{Case, Random, written};

use crate::no_panic::cases_or;

/// Default number of pairs of sets; `RAUDITCTL_FUZZ_CASES` sets it.
const FEW: u32 = 20;

const VERSION: KernelVersion = KernelVersion::NEWEST;

/// Returns the changes of all events, found by deciding every event with both sets.
fn enumerated(case: &Case) -> BTreeSet<Change> {
    let evaluator =
        |rules: &[Rule]| Evaluator::new(&Case::kernel(rules), VERSION, Files::default());
    let (old, new) = (evaluator(&case.old), evaluator(&case.new));
    let mut changes = BTreeSet::new();
    case.each_event(&mut |event| {
        let (old, new) = (old.decide(event), new.decide(event));
        for decision in [&old, &new] {
            assert_ne!(decision.verdict, Verdict::Undecided, "{event:?}");
        }
        match (old.verdict == Verdict::Recorded, new.verdict == Verdict::Recorded) {
            (true, false) => changes.insert(Change::Lost),
            (false, true) => changes.insert(Change::Gained),
            (true, true) if old.keys != new.keys => changes.insert(Change::Rekeyed),
            _ => false,
        };
    });
    changes
}

fn compared(old: &[Rule], new: &[Rule]) -> Comparison {
    compare(&Case::kernel(old), &Case::kernel(new), VERSION, Keys::Count)
}

#[test]
fn answers_are_those_of_all_events() {
    let cases = cases_or(FEW);
    let mut undecided = 0;
    for seed in 0..u64::from(cases) {
        let case = Case::random(&mut Random::new(seed + 1));
        let comparison = compared(&case.old, &case.new);
        let found: BTreeSet<Change> =
            comparison.differences.iter().map(|evidence| evidence.change).collect();
        let real = enumerated(&case);
        let rules =
            || format!("{seed}: old\n  {}\nnew\n  {}", written(&case.old), written(&case.new));
        assert!(found.is_subset(&real), "{found:?}, not {real:?}: {}", rules());
        if comparison.is_cut_short || !comparison.undecided.is_empty() {
            undecided += 1;
        } else {
            assert_eq!(found, real, "{}", rules());
            assert_eq!(comparison.relation() == Relation::Same, real.is_empty());
        }
    }
    assert!(undecided * 100 <= cases, "{undecided} of {cases} are undecided");
}
