//! The numbers that the conditions on one attribute tell apart.

use foldhash::{HashMap, HashSet};

use crate::catalog::Operator;
use crate::rule::Op;

/// A condition on a number.
pub(super) type NumberTest = (Op, u32);

/// Maximum number of bits that `&` and `&=` may ask for.
const MOST_BITS: u32 = 10;

/// The numbers that some conditions tell apart, one for each way in which they can hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Regions {
    /// One number of each region, and another of the same region if there is one.
    pub(super) numbers: Vec<(u32, Option<u32>)>,
    /// Whether every region has its number.
    pub(super) is_complete: bool,
}

impl Regions {
    /// Returns the regions. Where a region has several numbers, those in `preferred` come first.
    pub(super) fn of(tests: &[NumberTest], preferred: &[u32]) -> Self {
        // In their order, so that the same sets have the same examples.
        let mut seen = HashSet::default();
        let tests: Vec<NumberTest> =
            tests.iter().copied().filter(|test| seen.insert(*test)).collect();
        let bits =
            tests.iter().filter(|(op, _)| is_of_bits(*op)).fold(0, |bits, (_, value)| bits | value);
        let is_complete = bits.count_ones() <= MOST_BITS;
        let constants = tests.iter().filter(|(op, _)| !is_of_bits(*op)).map(|(_, value)| *value);
        let mut starts: Vec<u32> = constants
            .clone()
            .flat_map(|value| [Some(value), value.checked_add(1)])
            .flatten()
            .collect();
        starts.push(0);
        starts.sort_unstable();
        starts.dedup();

        let mut candidates: Vec<u32> = preferred.iter().copied().chain(constants).collect();
        let patterns = if is_complete { bits } else { 0 };
        for start in starts {
            candidates.extend(subsets(patterns).filter_map(|set| next_with(start, bits, set)));
            candidates.extend(start.checked_add(1));
        }
        let mut regions: Vec<(Vec<bool>, u32, Option<u32>)> = Vec::new();
        let mut known = HashMap::default();
        for number in candidates {
            let truth: Vec<bool> =
                tests.iter().map(|(op, value)| op.compares(number, *value)).collect();
            let at = *known.entry(truth.clone()).or_insert_with(|| {
                regions.push((truth, number, None));
                regions.len() - 1
            });
            if let Some((_, first, spare)) = regions.get_mut(at)
                && *first != number
            {
                spare.get_or_insert(number);
            }
        }
        let numbers = regions.into_iter().map(|(_, number, spare)| (number, spare)).collect();
        Regions { numbers, is_complete }
    }
}

fn is_of_bits(op: Op) -> bool {
    matches!(op, Op::Known(Operator::BitMask | Operator::BitTest))
}

/// Returns every set of some of these bits.
fn subsets(bits: u32) -> impl Iterator<Item = u32> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let set = next?;
        next = (set != bits).then(|| set.wrapping_sub(bits) & bits);
        Some(set)
    })
}

/// Returns the least number from `start` on that has exactly `set` of the `bits`.
fn next_with(start: u32, bits: u32, set: u32) -> Option<u32> {
    if start & bits == set {
        return Some(start);
    }
    // A greater number is equal to `start` above some bit, and has this bit where `start` does not.
    (0..u32::BITS).find_map(|at| {
        let bit = 1 << at;
        let above = !(bit | (bit - 1));
        let number = (start & above) | bit | (set & (bit - 1));
        (start & bit == 0 && number & bits == set).then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tests() -> impl Strategy<Value = Vec<NumberTest>> {
        let value = prop_oneof![0u32..12, Just(u32::MAX), Just(u32::MAX - 1)];
        let operator = proptest::sample::select(&Operator::ALL[..]);
        let bits = |operator| is_of_bits(Op::Known(operator));
        let test = (operator, value).prop_map(move |(operator, value)| {
            (Op::Known(operator), if bits(operator) { value & 15 } else { value })
        });
        proptest::collection::vec(test, 0..5)
    }

    proptest! {
        #[test]
        fn every_number_is_like_one_of_the_regions(tests in tests(), number in prop_oneof![0u32..40, any::<u32>()]) {
            let regions = Regions::of(&tests, &[1000]);
            prop_assert!(regions.is_complete);
            let truth = |number| -> Vec<bool> {
                tests.iter().map(|(op, value)| op.compares(number, *value)).collect()
            };
            let like = |(one, spare): &(u32, Option<u32>)| {
                assert!(spare.is_none_or(|spare| spare != *one && truth(spare) == truth(*one)));
                truth(*one) == truth(number)
            };
            prop_assert_eq!(regions.numbers.iter().filter(|region| like(region)).count(), 1);
        }
    }

    #[test]
    fn preferred_numbers_come_first() {
        let at_least = |value| (Op::Known(Operator::GreaterEqual), value);
        let regions = Regions::of(&[at_least(500)], &[1000, 0]);
        assert_eq!(
            regions.numbers.iter().map(|(number, _)| *number).collect::<Vec<_>>(),
            [1000, 0]
        );
    }

    #[test]
    fn numbers_come_in_the_order_of_the_conditions() {
        let wanted: Vec<u32> = (10..30).rev().map(|value| 7 * value).collect();
        let tests: Vec<NumberTest> = wanted.iter().map(|value| (Op::EQUAL, *value)).collect();
        let numbers = Regions::of(&[tests.clone(), tests].concat(), &[]).numbers;
        let first: Vec<u32> =
            numbers.iter().map(|(number, _)| *number).take(wanted.len()).collect();
        assert_eq!(first, wanted);
    }
}
