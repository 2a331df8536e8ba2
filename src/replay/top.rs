//! The most frequent of many values, in limited memory.

use foldhash::HashMap;

/// Maximum number of values that are counted at once.
const MOST: usize = 1_024;

/// Maximum number of bytes of a value that are kept. Longer values, which only hostile programs have, are cut.
pub(super) const MOST_BYTES: usize = 1_024;

/// Counts values. Rare values are forgotten if there are many, and then the counts of values that come later are too low
/// by at most the number of events divided by half the limit (lossy counting).
#[derive(Clone, Debug)]
pub struct Top {
    counts: HashMap<Box<[u8]>, u64>,
    all: u64,
    /// Maximum number of values that are counted at once.
    most: usize,
}

impl Default for Top {
    fn default() -> Self {
        Top::of(MOST)
    }
}

impl Top {
    /// Counts at most this number of values at once, but at least two.
    pub fn of(most: usize) -> Self {
        Top { counts: HashMap::default(), all: 0, most: most.max(2) }
    }

    /// Counts a value.
    pub fn add(&mut self, value: &[u8]) {
        self.all += 1;
        let value = value.get(..MOST_BYTES).unwrap_or(value);
        match self.counts.get_mut(value) {
            Some(count) => *count += 1,
            None => {
                if self.counts.len() >= self.most {
                    self.forget();
                }
                self.counts.insert(value.into(), 1);
            }
        }
    }

    /// Forgets the rarer half.
    fn forget(&mut self) {
        let mut counts: Vec<u64> = self.counts.values().copied().collect();
        let (_, middle, _) = counts.select_nth_unstable(self.most / 2);
        let middle = *middle;
        self.counts.retain(|_, count| *count > middle);
    }

    /// Returns the number of values that were counted.
    pub fn all(&self) -> u64 {
        self.all
    }

    /// Returns the most frequent values, the first the most frequent.
    pub fn most(&self, number: usize) -> Vec<(&[u8], u64)> {
        let mut all: Vec<(&[u8], u64)> =
            self.counts.iter().map(|(value, count)| (&**value, *count)).collect();
        all.sort_unstable_by(|one, other| (other.1, one.0).cmp(&(one.1, other.0)));
        all.truncate(number);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_values_stay() {
        let mut top = Top::default();
        for number in 0..100_000_u32 {
            top.add(&number.to_le_bytes());
            if number % 4 == 0 {
                top.add(b"often");
            }
            assert!(top.counts.len() <= MOST);
        }
        let most = top.most(1);
        assert_eq!(most[0].0, b"often");
        assert!(most[0].1 > 24_000, "{most:?}");
        assert_eq!(top.all(), 125_000);
    }
}
