//! Comparing whole sets of rules: every answer against all events of a small universe.

mod covering;
mod deciding;
mod events;
mod judged;
mod printed;
mod recorded_names;
mod silencing;
mod universe;

use judged::{Answer, VERSION, judge};
use universe::{Case, Random};

use crate::no_panic::cases_or;

/// Default number of pairs of sets; `RAUDITCTL_FUZZ_CASES` sets it, and `RAUDITCTL_FUZZ_SEED` the first pair. A release
/// build decides some fifty pairs a second.
const FEW: u32 = 30;
/// Number of events that are enumerated, and then taken at random.
const EVENTS: usize = 1_000;

#[test]
fn answers_are_those_of_all_events() {
    let cases = cases_or(FEW);
    let first: u64 =
        std::env::var("RAUDITCTL_FUZZ_SEED").map_or(1, |seed| seed.parse().expect("a number"));
    let mut undecided = 0;
    for seed in first..first + u64::from(cases) {
        let case = Case::random(&mut Random::new(seed));
        match judge(&case, EVENTS) {
            Ok(Answer::Undecided) => undecided += 1,
            Ok(_) => {}
            Err(why) => panic!("{seed}: {why}"),
        }
    }
    assert!(undecided * 33 <= cases, "{undecided} of {cases} are undecided");
}

/// Pairs for which earlier versions missed a difference: conditions on several names, on the directory of a removed
/// file, on owners that are compared with ids, calls without names, and three names of which the first only raises the list's match.
#[test]
fn differences_of_several_names_are_found() {
    for seed in [11_133, 35_469, 38_036, 39_143, 107_406] {
        let case = Case::random(&mut Random::new(seed));
        assert_eq!(judge(&case, EVENTS), Ok(Answer::Different), "{seed}");
    }
}
