//! The fewest requests: compared with all sequences of requests on small lists.

use std::collections::{HashMap, VecDeque};

use rauditctl::plan::{Gaps, Plan};
use rauditctl::rule::{Action, FilterList, Rule};

use super::{carry_out, held, kernel_with};
use crate::no_panic::cases_or;
use crate::relations::universe::{Case, Random, written};

/// A list of rules by their letters.
type List = Vec<u8>;

const LETTERS: u8 = 4;
const MOST: usize = 4;

/// Returns every list of at most `MOST` letters.
fn lists() -> Vec<List> {
    let mut all: Vec<List> = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..MOST {
        let to = all.len();
        for at in from..to {
            for letter in 0..LETTERS {
                let mut longer = all[at].clone();
                longer.push(letter);
                all.push(longer);
            }
        }
        from = to;
    }
    all
}

/// Returns the lists that one request leads to: a letter is appended if it is not there, or prepended, or the
/// first of a letter is deleted.
fn next(list: &List) -> Vec<List> {
    let mut all = Vec::new();
    for letter in 0..LETTERS {
        let place = list.iter().position(|other| *other == letter);
        if place.is_none() {
            all.push([list.as_slice(), &[letter]].concat());
        }
        all.push([&[letter], list.as_slice()].concat());
        if let Some(place) = place {
            let mut shorter = list.clone();
            shorter.remove(place);
            all.push(shorter);
        }
    }
    // A longer list on the way would only be made shorter again.
    all.retain(|list| list.len() <= 2 * MOST);
    all
}

/// Returns the smallest number of requests from a list to every list of at most `MOST` letters.
fn distances(from: &List) -> HashMap<List, usize> {
    let mut known = HashMap::from([(from.clone(), 0)]);
    let mut queue = VecDeque::from([from.clone()]);
    // More requests than to delete everything and to add everything are never needed.
    while let Some(list) = queue.pop_front() {
        let distance = known[&list];
        if distance == from.len() + MOST {
            break;
        }
        for next in next(&list) {
            if !known.contains_key(&next) {
                known.insert(next.clone(), distance + 1);
                queue.push_back(next);
            }
        }
    }
    known
}

fn rules(list: &List) -> Vec<Rule> {
    let rule = |letter: &u8| {
        let mut rule = Rule::new(FilterList::Exit, Action::Always);
        assert!(rule.mask.insert(u32::from(*letter)));
        rule
    };
    list.iter().map(rule).collect()
}

/// Every plan between lists of up to four rules has the smallest number of requests. The lists have equal rules, too.
#[test]
fn no_sequence_of_requests_is_shorter() {
    // Lists that differ only in the names of their letters need not be tried twice.
    let is_first = |list: &&List| {
        let firsts = list.iter().scan(0, |seen, letter| {
            let is_known = letter <= seen;
            *seen = (*seen).max(letter + 1);
            Some(is_known)
        });
        firsts.into_iter().all(|is_known| is_known)
    };
    let all = lists();
    let mut count = 0;
    for from in all.iter().filter(is_first) {
        let distances = distances(from);
        let loaded = rules(from);
        for to in &all {
            let plan = Plan::new(&loaded, &rules(to), Gaps::Allowed);
            assert_eq!(plan.steps.len(), distances[to], "{from:?} -> {to:?}: {plan:#?}");
            count += 1;
        }
    }
    assert!(count > 5_000, "{count}");
}

/// Plans lead to the wanted rules.
#[test]
fn plans_lead_to_the_wanted_rules() {
    for seed in 0..u64::from(cases_or(300)) {
        let case = Case::random(&mut Random::new(seed));
        let (loaded, wanted) = (held(&case.old), held(&case.new));
        for gaps in [Gaps::Avoided, Gaps::Allowed] {
            let plan = Plan::new(&loaded, &wanted, gaps);
            let mut kernel = kernel_with(&loaded);
            plan.steps.iter().for_each(|step| carry_out(&mut kernel, step));
            assert!(kernel.rules().eq(&wanted), "{seed}: {}\n{plan:#?}", written(&wanted));
            let again = Plan::new(&wanted, &wanted, gaps);
            assert!(again.steps.is_empty() && again.stays == wanted.len(), "{seed}: {again:#?}");
        }
    }
}
