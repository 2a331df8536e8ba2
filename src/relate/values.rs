//! The numbers that the conditions on one field allow.

use crate::catalog::Operator;

/// The numbers that all conditions of a rule on one field allow. The kernel compares every field as an unsigned
/// 32-bit number (`audit_comparator`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Values {
    low: u32,
    high: u32,
    /// Numbers between the two that are excluded, in order.
    not: Vec<u32>,
    /// Bits that must all be set.
    all_of: u32,
    /// For each condition, a set of bits; at least one bit of each set must be set.
    one_of: Vec<u32>,
    is_empty: bool,
}

/// A way to take one of many numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// The lowest.
    Low,
    /// One in the middle.
    Middle,
    /// The highest.
    High,
}

impl Pick {
    pub(crate) const ALL: [Self; 3] = [Self::Low, Self::Middle, Self::High];
}

impl Values {
    /// Returns every number.
    pub(crate) fn any() -> Self {
        Values {
            low: 0,
            high: u32::MAX,
            not: Vec::new(),
            all_of: 0,
            one_of: Vec::new(),
            is_empty: false,
        }
    }

    /// Returns the numbers that one condition allows.
    pub(crate) fn of(operator: Operator, value: u32) -> Self {
        let mut values = Values::any();
        values.restrict(operator, value);
        values
    }

    /// Returns the numbers that are left here and in `other`.
    pub(crate) fn both(&self, other: &Values) -> Self {
        let mut values = self.clone();
        values.low = values.low.max(other.low);
        values.high = values.high.min(other.high);
        values.not.extend_from_slice(&other.not);
        values.all_of |= other.all_of;
        values.one_of.extend_from_slice(&other.one_of);
        values.is_empty |= other.is_empty;
        values.tighten();
        values
    }

    /// Keeps only the numbers for which one more condition holds.
    pub(crate) fn restrict(&mut self, operator: Operator, value: u32) {
        match operator {
            Operator::Equal => {
                self.low = self.low.max(value);
                self.high = self.high.min(value);
            }
            Operator::NotEqual => self.not.push(value),
            Operator::Greater => match value.checked_add(1) {
                Some(least) => self.low = self.low.max(least),
                None => self.is_empty = true,
            },
            Operator::GreaterEqual => self.low = self.low.max(value),
            Operator::Less => match value.checked_sub(1) {
                Some(most) => self.high = self.high.min(most),
                None => self.is_empty = true,
            },
            Operator::LessEqual => self.high = self.high.min(value),
            Operator::BitMask => self.one_of.push(value),
            Operator::BitTest => self.all_of |= value,
        }
        self.tighten();
    }

    /// Moves the ends inward past excluded numbers, and drops excluded numbers outside the ends.
    fn tighten(&mut self) {
        self.not.sort_unstable();
        self.not.dedup();
        while !self.is_empty && self.low <= self.high && self.not.contains(&self.low) {
            self.step(|values| values.low.checked_add(1).map(|low| values.low = low));
        }
        while !self.is_empty && self.low <= self.high && self.not.contains(&self.high) {
            self.step(|values| values.high.checked_sub(1).map(|high| values.high = high));
        }
        let (low, high) = (self.low, self.high);
        self.not.retain(|value| (low..=high).contains(value));
        self.is_empty |= low > high
            || high < self.all_of
            || self.one_of.contains(&0)
            || low == high && !self.has_bits(low);
    }

    fn step(&mut self, step: impl Fn(&mut Self) -> Option<()>) {
        if step(self).is_none() {
            self.is_empty = true;
        }
    }

    fn has_bits(&self, value: u32) -> bool {
        value & self.all_of == self.all_of && self.one_of.iter().all(|bits| value & bits != 0)
    }

    /// Returns whether certainly no number is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Returns the number that is left, if exactly one is.
    pub(crate) fn single(&self) -> Option<u32> {
        (!self.is_empty && self.low == self.high).then_some(self.low)
    }

    /// Returns whether a number is left.
    pub(crate) fn contains(&self, value: u32) -> bool {
        !self.is_empty
            && (self.low..=self.high).contains(&value)
            && !self.not.contains(&value)
            && self.has_bits(value)
    }

    /// Returns the numbers between the lowest and the highest that are excluded one by one.
    pub(crate) fn left_out(&self) -> &[u32] {
        &self.not
    }

    /// Returns a number that is left; `None` if none is found nearby.
    pub(crate) fn pick(&self, pick: Pick) -> Option<u32> {
        const NEAR: u32 = 64;
        let middle = self.low.saturating_add(self.high.saturating_sub(self.low) / 2);
        let near = |step: u32| match pick {
            Pick::Low => self.low.checked_add(step),
            Pick::Middle => middle.checked_add(step),
            Pick::High => self.high.checked_sub(step),
        };
        (0..NEAR).filter_map(near).find(|value| self.contains(*value))
    }

    /// Returns whether certainly every number left here is left in `other` too.
    pub(crate) fn is_within(&self, other: &Values) -> bool {
        if self.is_empty {
            return true;
        }
        if let Some(value) = self.single() {
            return other.contains(value);
        }
        let has_one_of =
            |bits: &u32| self.all_of & bits != 0 || self.one_of.iter().any(|own| own & !bits == 0);
        !other.is_empty
            && other.low <= self.low
            && self.high <= other.high
            && other.not.iter().all(|value| !self.contains(*value))
            && other.all_of & !self.all_of == 0
            && other.one_of.iter().all(has_one_of)
    }
}

/// Compares as the kernel does (`audit_comparator`, kernel/auditfilter.c); written independently for tests.
#[cfg(test)]
pub(crate) fn holds(left: u32, operator: Operator, right: u32) -> bool {
    match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Greater => left > right,
        Operator::GreaterEqual => left >= right,
        Operator::Less => left < right,
        Operator::LessEqual => left <= right,
        Operator::BitMask => left & right != 0,
        Operator::BitTest => left & right == right,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all_of(conditions: &[(Operator, u32)]) -> Values {
        let mut values = Values::any();
        for (operator, value) in conditions {
            values.restrict(*operator, *value);
        }
        values
    }

    #[test]
    fn contradicting_conditions_leave_no_number() {
        use Operator::{BitMask, BitTest, Equal, Greater, GreaterEqual, Less, NotEqual};
        for conditions in [
            &[(Equal, 0), (GreaterEqual, 1000)][..],
            &[(Equal, 1), (Equal, 2)],
            &[(Less, 0)],
            &[(Greater, u32::MAX)],
            &[(GreaterEqual, u32::MAX), (NotEqual, u32::MAX)],
            &[(Less, 2), (NotEqual, 0), (NotEqual, 1)],
            &[(BitMask, 0)],
            &[(Equal, 4), (BitMask, 3)],
            &[(BitTest, 8), (Less, 8)],
        ] {
            assert!(all_of(conditions).is_empty(), "{conditions:?}");
        }
        assert!(!all_of(&[(GreaterEqual, 1000), (NotEqual, u32::MAX)]).is_empty());
    }

    #[test]
    fn picks_numbers_that_are_left() {
        use Operator::{BitMask, GreaterEqual, LessEqual, NotEqual};
        let values = all_of(&[(GreaterEqual, 1000), (LessEqual, 2000), (NotEqual, 1000)]);
        let picks = Pick::ALL.map(|pick| values.pick(pick));
        assert_eq!(picks, [Some(1001), Some(1500), Some(2000)]);
        assert!(Pick::ALL.iter().all(|pick| Values::of(BitMask, 0).pick(*pick).is_none()));
    }

    #[test]
    fn narrow_ranges_are_within_wide_ones() {
        use Operator::{BitMask, BitTest, Equal, GreaterEqual, Less, LessEqual, NotEqual};
        for (narrow, wide) in [
            (&[(Equal, 1000)][..], &[(GreaterEqual, 500), (NotEqual, u32::MAX)][..]),
            (&[(GreaterEqual, 1000), (Less, 2000)], &[(GreaterEqual, 500)]),
            (&[(Less, 5)], &[(NotEqual, 5)]),
            (&[(Less, 5)], &[(LessEqual, 4)]),
            (&[(BitTest, 6)], &[(BitTest, 2)]),
            (&[(BitTest, 6)], &[(BitMask, 3)]),
            (&[(BitMask, 2)], &[(BitMask, 3)]),
        ] {
            assert!(all_of(narrow).is_within(&all_of(wide)), "{narrow:?} in {wide:?}");
            assert!(!all_of(wide).is_within(&all_of(narrow)) || narrow == [(Less, 5)], "{wide:?}");
        }
    }

    fn conditions() -> impl Strategy<Value = Vec<(Operator, u32)>> {
        let value = prop_oneof![0u32..8, Just(u32::MAX), Just(u32::MAX - 1), any::<u32>()];
        proptest::collection::vec((proptest::sample::select(&Operator::ALL[..]), value), 0..5)
    }

    proptest! {
        #[test]
        fn answers_match_the_kernels_comparison(a in conditions(), b in conditions(), random in any::<u32>()) {
            let (left, right) = (all_of(&a), all_of(&b));
            let numbers = a.iter().chain(&b).map(|(_, value)| *value);
            let near = numbers.flat_map(|v| [v, v.wrapping_add(1), v.wrapping_sub(1)]);
            for value in near.chain(0..16).chain([random, u32::MAX, u32::MAX - 1]) {
                let in_left = a.iter().all(|(op, v)| holds(value, *op, *v));
                let in_right = b.iter().all(|(op, v)| holds(value, *op, *v));
                prop_assert_eq!(left.contains(value), in_left);
                prop_assert!(!(left.is_empty() && in_left));
                prop_assert!(!(left.is_within(&right) && in_left && !in_right), "{}", value);
                prop_assert_eq!(left.both(&right).contains(value), in_left && in_right);
            }
        }
    }
}
