//! Another order of rules stays only where it cannot matter.

use rauditctl::catalog::Arch;
use rauditctl::eval::{Evaluator, Event, Files};
use rauditctl::plan::{Exactness, KnownSwaps, Nearest};
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

/// What is found out about one kernel of a fleet holds for the others: the plans are those of each kernel alone. No order is
/// refused that is proved to record the same.
#[test]
fn what_is_known_of_one_kernel_holds_for_others() {
    let (mut kept, mut refused) = (0, 0);
    for seed in 0..u64::from(cases_or(60)) {
        let mut random = Random::new(1_000_000 + seed);
        let wanted = held(&Case::random(&mut random).old);
        let known = KnownSwaps::default();
        for _ in 0..4 {
            let loaded = shuffled(&wanted, &mut random);
            let any_order = Exactness { writing: true, order: false };
            let (arch, version) = (Arch::X86_64, VERSION);
            let nearest =
                Nearest::for_one_of_many(&loaded, &wanted, any_order, arch, version, &known);
            let alone = Nearest::of(&loaded, &wanted, any_order, arch, version);
            assert_eq!(nearest, alone, "{seed}:\n{}\n\n{}", written(&wanted), written(&loaded));
            if loaded == wanted {
                continue;
            }
            if nearest.rules == wanted {
                refused += 1;
                let [before, after] = [&wanted, &loaded].map(|rules| kernel_with(rules));
                let relation = compare(&before, &after, VERSION, Keys::Count).relation();
                let shown = || format!("{seed}:\n{}\n\n{}", written(&wanted), written(&loaded));
                assert_ne!(relation, Relation::Same, "{}", shown());
            } else {
                kept += 1;
            }
        }
    }
    assert!(kept > 5 && refused > 20, "{kept} kept, {refused} refused");
}
