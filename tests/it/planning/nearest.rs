//! Another order of rules stays only where it cannot matter.

use rauditctl::catalog::Arch;
use rauditctl::eval::{Evaluator, Event, Files};
use rauditctl::plan::{Exactness, Nearest};
use rauditctl::relate::sets::{Keys, Relation, compare};
use rauditctl::rule::Rule;

use super::{held, kernel_with};
use crate::no_panic::cases_or;
use crate::relations::events::Choices;
use crate::relations::judged::{VERSION, is_recorded};
use crate::relations::universe::{Case, Random, written};

/// Number of events that are enumerated, and then taken at random.
const EVENTS: usize = 60;

fn shuffled(rules: &[Rule], random: &mut Random) -> Vec<Rule> {
    let mut rules = rules.to_vec();
    for end in (1..rules.len()).rev() {
        rules.swap(end, random.below(end + 1));
    }
    held(&rules)
}

/// The rules that stay in another order record the same, for the comparison of sets and for each event.
#[test]
fn another_order_records_the_same() {
    let mut reordered = 0;
    for seed in 0..u64::from(cases_or(300)) {
        let mut random = Random::new(seed);
        let case = Case::random(&mut random);
        let wanted = held(&case.old);
        let loaded = shuffled(&wanted, &mut random);
        let any_order = Exactness { writing: true, order: false };
        let nearest = Nearest::of(&loaded, &wanted, any_order, Arch::X86_64, VERSION);
        reordered += usize::from(nearest.reordered > 0);

        let [before, after] = [&wanted, &nearest.rules].map(|rules| kernel_with(rules));
        let shown = || format!("{seed}:\n{}\n\n{}", written(&wanted), written(&nearest.rules));
        let relation = compare(&before, &after, VERSION, Keys::Count).relation();
        assert_eq!(relation, Relation::Same, "{}", shown());
        let [before, after] =
            [&before, &after].map(|kernel| Evaluator::new(kernel, VERSION, Files::default()));
        Choices::each_event(&case, EVENTS, &mut |event: &Event| {
            let is_in = |one: &Evaluator| is_recorded(event, &one.decide(event));
            assert_eq!(is_in(&before), is_in(&after), "{event:?} {}", shown());
        });
    }
    assert!(reordered > 20, "only {reordered} sets stay in another order");
}
