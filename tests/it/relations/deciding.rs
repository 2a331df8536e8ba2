//! Whether a rule decides after others, against all events of a small universe.

use std::cell::Cell;

use rauditctl::eval::{Evaluator, Files, Verdict};
use rauditctl::relate::{Decides, Deciding};
use rauditctl::rule::{Placement, Rule};

use super::universe::{Case, Random, written};
use super::{FEW, VERSION};
use crate::no_panic::cases_or;

#[test]
fn rules_that_decide_nothing_decide_no_event() {
    let (mut nothing, mut something, mut unknown) = (0, 0, 0);
    for seed in 0..u64::from(cases_or(FEW)) {
        let case = Case::random(&mut Random::new(seed + 900_000));
        if !case.has_calls_only() {
            continue;
        }
        let rules: Vec<Rule> = case
            .old
            .iter()
            .map(|rule| Rule { placement: Placement::Append, ..rule.clone() })
            .collect();
        let kernel = Case::kernel(&rules);
        let deciding = Deciding::new(kernel.profile(), VERSION);
        let evaluator = Evaluator::new(&kernel, VERSION, Files::default());
        let kept: Vec<(usize, &Rule)> =
            kernel.entries().map(|entry| (entry.serial(), entry.rule())).collect();
        for (at, (serial, rule)) in kept.iter().enumerate() {
            let before: Vec<&Rule> = kept[..at]
                .iter()
                .map(|(_, rule)| *rule)
                .filter(|earlier| earlier.list == rule.list)
                .collect();
            // Rules of the other list of calls do not come before.
            if kept.iter().any(|(_, other)| other.list != rule.list) {
                continue;
            }
            let decided = |event: &_| {
                let decision = evaluator.decide(event);
                decision.verdict != Verdict::Undecided && decision.rule == Some(*serial)
            };
            match deciding.after(&before, rule) {
                Decides::Nothing => {
                    nothing += 1;
                    let found = Cell::new(None);
                    case.each_event(&mut |event| {
                        if found.take().is_none() && decided(event) {
                            found.set(Some(event.clone()));
                        }
                    });
                    let found = found.take();
                    assert!(found.is_none(), "{seed}, {at}: {found:?}\n{}", written(&rules));
                    // Without any of the fewest, the rule decides something.
                    let fewest = deciding.fewest(&before, rule);
                    for left_out in &fewest {
                        let places = fewest.iter().filter(|place| *place != left_out);
                        let others: Vec<&Rule> = places.map(|place| before[*place]).collect();
                        assert_ne!(deciding.after(&others, rule), Decides::Nothing);
                    }
                }
                Decides::Event(event) => {
                    something += 1;
                    let mut first =
                        before.iter().copied().chain([*rule]).cloned().collect::<Vec<_>>();
                    for rule in &mut first {
                        rule.placement = Placement::Append;
                    }
                    let kernel = Case::kernel(&first);
                    let own = kernel.find(rule).expect("the rule").serial();
                    let decision =
                        Evaluator::new(&kernel, VERSION, Files::default()).decide(&event);
                    assert_eq!(
                        decision.rule,
                        Some(own),
                        "{seed}, {at}: {event:?}\n{}",
                        written(&first)
                    );
                }
                Decides::Unknown => unknown += 1,
            }
        }
    }
    assert!(
        nothing > 0 && something > 0 && unknown * 33 <= nothing + something,
        "{nothing} {something} {unknown}"
    );
}
