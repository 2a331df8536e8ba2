//! Comparing whole sets of rules: every answer against all events of a small universe.

mod covering;
mod silencing;
mod universe;

use std::collections::BTreeSet;

use rauditctl::catalog::{KernelVersion, field};
use rauditctl::eval::{Evaluator, Files, Verdict};
use rauditctl::relate::sets::{Change, Comparison, Keys, Relation, compare};
use rauditctl::rule::{Action, Field, FieldId, FilterList, Mask, Op, Rule, TextId};
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

/// Returns whether a rule has both: the answer is then undecided.
fn has_path_and_exe(case: &Case) -> bool {
    let has = |rule: &Rule, number| rule.fields.iter().any(|field| field.number() == number);
    let both = |rule: &Rule| has(rule, field::PATH) && has(rule, field::EXE);
    case.old.iter().chain(&case.new).any(both)
}

#[test]
fn is_undecided_where_a_program_can_be_lost() {
    // A call that creates the file makes the kernel lose the program of the rule.
    let rule = |path: &str| {
        let mut rule = Rule::new(FilterList::Exit, Action::Always);
        rule.mask = Mask::ALL;
        let text = |id, text: &str| Field::Text { id, op: Op::EQUAL, text: text.as_bytes().into() };
        rule.fields.push(text(TextId::PATH, path));
        let FieldId::Text(exe) = FieldId::of(field::EXE) else { panic!("a text") };
        rule.fields.push(text(exe, "/bin/x"));
        rule
    };
    let (a, b) = (rule("/a"), rule("/b"));
    let alone = std::slice::from_ref(&a);
    assert_eq!(compared(alone, alone).relation(), Relation::Same);
    let swapped = compared(&[a.clone(), b.clone()], &[b, a]);
    assert_eq!((swapped.relation(), swapped.undecided.len()), (Relation::Undecided, 4));
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
        if has_path_and_exe(&case) {
            assert!(!comparison.undecided.is_empty() || case.old == case.new, "{}", rules());
        } else if comparison.is_cut_short || !comparison.undecided.is_empty() {
            undecided += 1;
        } else {
            assert_eq!(found, real, "{}", rules());
            assert_eq!(comparison.relation() == Relation::Same, real.is_empty());
        }
    }
    assert!(undecided * 100 <= cases, "{undecided} of {cases} are undecided");
}
