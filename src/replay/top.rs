//! The most frequent of many values, in limited memory.

use std::borrow::Cow;
use std::hash::BuildHasher;

use foldhash::fast::{FixedState, RandomState};
use hashbrown::HashTable;

/// Maximum number of values that are counted at once.
const MOST: usize = 1_024;

/// Maximum number of bytes of a value that are kept. Longer values, which only hostile programs have, are cut.
const MOST_BYTES: usize = 1_024;

/// Returns a value as it is kept. A value that is cut ends with its length and a hash, so that others with the same beginning
/// are not counted with it.
#[inline]
pub(super) fn kept(value: &[u8]) -> Cow<'_, [u8]> {
    if value.len() <= MOST_BYTES { Cow::Borrowed(value) } else { Cow::Owned(cut(value)) }
}

#[cold]
fn cut(value: &[u8]) -> Vec<u8> {
    let mut end = MOST_BYTES;
    // Not within a character of UTF-8.
    while value.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) && end > MOST_BYTES - 4 {
        end -= 1;
    }
    let hash = FixedState::default().hash_one(value);
    let rest = format!("\u{2026} ({} bytes, hash {hash:016x})", value.len());
    [value.get(..end).unwrap_or_default(), rest.as_bytes()].concat()
}

/// Counts values. Rare values are forgotten if there are many, and then the counts of values that come later are too low
/// by at most the number of events divided by half the limit (lossy counting).
#[derive(Clone, Debug)]
pub struct Top {
    counts: Vec<(Box<[u8]>, u64)>,
    /// The places of the values among the counts.
    by_hash: HashTable<usize>,
    hasher: RandomState,
    /// The place of the last value: the events of a row have much in common.
    last: usize,
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
        Top {
            counts: Vec::new(),
            by_hash: HashTable::new(),
            hasher: RandomState::default(),
            last: 0,
            all: 0,
            most: most.max(2),
        }
    }

    /// Counts a value.
    pub fn add(&mut self, value: &[u8]) {
        self.all += 1;
        let value = &*kept(value);
        if let Some((last, count)) = self.counts.get_mut(self.last)
            && **last == *value
        {
            *count += 1;
            return;
        }
        let hash = self.hasher.hash_one(value);
        let Top { counts, by_hash, .. } = self;
        let is_it = |at: &usize| counts.get(*at).is_some_and(|(known, _)| **known == *value);
        self.last = match by_hash.find(hash, is_it) {
            Some(at) => *at,
            None => self.begin(value, hash),
        };
        if let Some((_, count)) = self.counts.get_mut(self.last) {
            *count += 1;
        }
    }

    /// Returns the place of a value that is not there yet.
    fn begin(&mut self, value: &[u8], hash: u64) -> usize {
        if self.counts.len() >= self.most {
            self.forget();
        }
        let Top { counts, by_hash, hasher, .. } = self;
        let at = counts.len();
        counts.push((value.into(), 0));
        by_hash.insert_unique(hash, at, |at| hash_at(*at, counts, hasher));
        at
    }

    /// Forgets the rarer half.
    fn forget(&mut self) {
        let mut counts: Vec<u64> = self.counts.iter().map(|(_, count)| *count).collect();
        let (_, middle, _) = counts.select_nth_unstable(self.most / 2);
        let middle = *middle;
        self.counts.retain(|(_, count)| *count > middle);
        self.by_hash.clear();
        let Top { counts, by_hash, hasher, .. } = self;
        for at in 0..counts.len() {
            let hash = hash_at(at, counts, hasher);
            by_hash.insert_unique(hash, at, |at| hash_at(*at, counts, hasher));
        }
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

fn hash_at(at: usize, counts: &[(Box<[u8]>, u64)], hasher: &RandomState) -> u64 {
    counts.get(at).map_or(0, |(value, _)| hasher.hash_one(&**value))
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

    #[test]
    fn long_values_are_cut_and_stay_apart() {
        let mut top = Top::default();
        let long = |end: &str| format!("{}\u{e9}{end}", "x".repeat(MOST_BYTES - 1));
        for value in [long("a"), long("b"), long("a"), "x".repeat(MOST_BYTES)] {
            top.add(value.as_bytes());
        }
        let shown: Vec<_> = top
            .most(3)
            .into_iter()
            .map(|(value, count)| (str::from_utf8(value).unwrap(), count))
            .collect();
        let counts: Vec<u64> = shown.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [2, 1, 1], "{shown:?}");
        let cut =
            format!("{}\u{2026} ({} bytes, hash ", "x".repeat(MOST_BYTES - 1), MOST_BYTES + 2);
        assert!(shown[0].0.starts_with(&cut), "{shown:?}");
        assert!(shown.iter().any(|(value, _)| *value == "x".repeat(MOST_BYTES)), "{shown:?}");
    }
}
