//! The part of a log that a chart over time shows.

use super::volume::{Volume, Width};

/// Maximum number of intervals.
const MOST: i64 = 120;

/// Seconds in a day and a year.
const DAY: i64 = 86_400;
const YEAR: i64 = 366 * DAY;

/// Intervals of one length, one after the other.
///
/// Clocks can be wrong. What is more than a year apart from the rest of a log is not in it, nor is one percent of the log
/// if it is more than a day apart, and more than three times the length of the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    width: Width,
    start: i64,
    intervals: usize,
    before: Option<Apart>,
    after: Option<Apart>,
    ends: (i64, i64),
}

/// A part of a log that is far from the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Apart {
    /// Its first and last time, in seconds since 1970.
    pub times: (i64, i64),
    /// Its bytes.
    pub bytes: u64,
}

impl Timeline {
    /// Returns the intervals of a log: at most 120. `None` if it has no events.
    pub fn of(log: &Volume) -> Option<Self> {
        let part = main_part(log.cells(), log.width())?;
        let (first, last) = ends(part)?;
        let mut width = log.width();
        while count(width, first, last) > MOST {
            width = width.longer();
        }
        let apart = |cells: &[(i64, u64)]| {
            let (first, last) = ends(cells)?;
            Some(Apart { times: (first, last + log.width().seconds()), bytes: sum(cells) })
        };
        let before = log.cells().partition_point(|(start, _)| *start < first);
        let after = log.cells().partition_point(|(start, _)| *start <= last);
        Some(Timeline {
            width,
            start: width.start_of(first),
            intervals: usize::try_from(count(width, first, last)).unwrap_or(1),
            before: log.cells().get(..before).and_then(apart),
            after: log.cells().get(after..).and_then(apart),
            ends: (first, last + log.width().seconds()),
        })
    }

    /// Returns the length of an interval in seconds.
    pub fn seconds(&self) -> i64 {
        self.width.seconds()
    }

    /// Returns the start of the first interval, in seconds since 1970.
    pub fn start(&self) -> i64 {
        self.start
    }

    /// Returns when the events of the intervals begin and end, in seconds since 1970.
    pub fn ends(&self) -> (i64, i64) {
        self.ends
    }

    /// Returns the start of each interval, in seconds since 1970.
    pub fn starts(&self) -> impl Iterator<Item = i64> {
        (self.start..).step_by(usize::try_from(self.seconds()).unwrap_or(1)).take(self.intervals)
    }

    /// Returns the number of intervals.
    pub fn intervals(&self) -> usize {
        self.intervals
    }

    /// Returns the part of the log before the intervals.
    pub fn before(&self) -> Option<Apart> {
        self.before
    }

    /// Returns the part of the log after the intervals.
    pub fn after(&self) -> Option<Apart> {
        self.after
    }

    /// Returns the bytes of each interval, of events that are in the log.
    pub fn bytes(&self, of: &Volume) -> Vec<u64> {
        let mut bytes = vec![0; self.intervals];
        for (start, sum) in of.cells() {
            let at = (self.width.start_of(*start) - self.start).div_euclid(self.seconds());
            let interval = usize::try_from(at).ok().and_then(|at| bytes.get_mut(at));
            if let Some(interval) = interval {
                *interval += sum;
            }
        }
        bytes
    }
}

/// Returns the part of a log without what is far from it.
fn main_part(cells: &[(i64, u64)], width: Width) -> Option<&[(i64, u64)]> {
    let mut left = sum(cells) / 100;
    let mut part = cells;
    loop {
        let (first, last) = ends(part)?;
        let gap = |pair: &[(i64, u64)]| match pair {
            [(one, _), (next, _)] => next - one - width.seconds(),
            _ => 0,
        };
        let gaps = part.windows(2).enumerate().map(|(at, pair)| (gap(pair), at));
        let Some((gap, at)) = gaps.max() else { return Some(part) };
        let (before, after) = part.split_at(at + 1);
        let (small, large) =
            if sum(before) < sum(after) { (before, after) } else { (after, before) };
        let kept = ends(large).map_or(last - first, |(first, last)| last - first + width.seconds());
        let is_small = sum(small) <= left && gap > DAY && gap > 3 * kept;
        if !is_small && gap <= YEAR {
            return Some(part);
        }
        left = left.saturating_sub(sum(small));
        part = large;
    }
}

/// Returns the starts of the first and the last interval.
fn ends(cells: &[(i64, u64)]) -> Option<(i64, i64)> {
    let [(first, _), ..] = cells else { return None };
    let [.., (last, _)] = cells else { return None };
    Some((*first, *last))
}

fn sum(cells: &[(i64, u64)]) -> u64 {
    cells.iter().map(|(_, bytes)| bytes).sum()
}

/// Returns the number of intervals from one time to another.
fn count(width: Width, first: i64, last: i64) -> i64 {
    (width.start_of(last) - width.start_of(first)) / width.seconds() + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2025-11-27 08:00:00 UTC.
    const START: i64 = 1_764_230_400;

    fn of(events: &[(i64, u64)]) -> (Volume, Timeline) {
        let mut volume = Volume::default();
        events.iter().for_each(|(second, bytes)| volume.add(second.saturating_mul(1_000), *bytes));
        let timeline = Timeline::of(&volume).unwrap();
        (volume, timeline)
    }

    /// An event of 10 bytes a minute, for an hour.
    fn hour() -> Vec<(i64, u64)> {
        (0..60).map(|minute| (START + 60 * minute, 10)).collect()
    }

    /// The same in intervals of half a minute, of which every second is empty.
    fn bytes() -> Vec<u64> {
        (0..119).map(|at| if at % 2 == 0 { 10 } else { 0 }).collect()
    }

    fn with(more: &[(i64, u64)]) -> (Volume, Timeline) {
        of(&[&hour(), more].concat())
    }

    #[test]
    fn an_hour_has_intervals_of_half_a_minute() {
        let (volume, timeline) = of(&hour());
        assert_eq!((timeline.seconds(), timeline.start(), timeline.intervals()), (30, START, 119));
        assert_eq!(timeline.bytes(&volume), bytes());
        assert_eq!(timeline.starts().last(), Some(START + 118 * 30));
        assert_eq!((timeline.before(), timeline.after()), (None, None));
        assert_eq!(Timeline::of(&Volume::default()), None);
    }

    /// Three events, however far from each other: the shortest intervals of which at most 120 are enough.
    #[test]
    fn has_at_most_120_intervals() {
        for seconds in [1, 119, 120, 121, 3_600, 86_399, 86_400, 40 * 86_400, 364 * 86_400] {
            let (volume, timeline) =
                of(&[(START, 5), (START + seconds / 2, 6), (START + seconds, 7)]);
            assert!(timeline.intervals() <= 120, "{seconds}");
            // The next shorter interval is a seventh at least.
            assert!(timeline.intervals() * 7 >= 120 || timeline.seconds() == 1, "{seconds}");
            assert_eq!(timeline.bytes(&volume).iter().sum::<u64>(), 18, "{seconds}");
        }
    }

    /// Clocks of 1970 and 2500 do not make the hour a single interval.
    #[test]
    fn wrong_clocks_are_apart() {
        let far = 16_725_225_600;
        let (volume, timeline) = with(&[(5, 1), (9, 2), (far, 3), (i64::MAX, 4), (i64::MIN, 5)]);
        assert_eq!((timeline.seconds(), timeline.start(), timeline.intervals()), (30, START, 119));
        assert_eq!(timeline.bytes(&volume), bytes());
        let last = i64::MAX / 1_000;
        assert_eq!(timeline.after(), Some(Apart { times: (far, last + 1), bytes: 7 }));
        assert_eq!(timeline.before().unwrap().bytes, 8);
    }

    #[test]
    fn a_small_part_is_apart_if_it_is_far() {
        // The hour has 600 bytes.
        let day = 86_400;
        let is_apart = |event| with(&[event]).1.after().is_some();
        assert!(is_apart((START + 3 * day, 6)));
        assert!(!is_apart((START + 3 * day, 7)));
        assert!(!is_apart((START + day / 2, 6)));
        assert!(is_apart((START + 400 * day, 60)));
        // Half of the log is a year before: the greater half is shown.
        let (_, timeline) = with(&[(START - 800 * day, 599)]);
        assert_eq!((timeline.start(), timeline.before().unwrap().bytes), (START, 599));
        let (_, timeline) = with(&[(START - 800 * day, 601)]);
        assert_eq!((timeline.intervals(), timeline.after().unwrap().bytes), (1, 600));
    }

    /// Many small parts are not small together.
    #[test]
    fn one_percent_is_left_out_at_most() {
        let day = 86_400;
        let far: Vec<(i64, u64)> = (1..=4).map(|at| (START + at * at * 8 * day, 2)).collect();
        let (volume, timeline) = with(&far);
        let shown: u64 = timeline.bytes(&volume).iter().sum();
        assert!(shown >= 602, "{shown}");
    }

    proptest! {
        /// Each byte is in an interval, or in what is apart.
        #[test]
        fn no_byte_is_lost(
            near in prop::collection::vec((START..START + 40_000_000, 1..5_000_u64), 0..300),
            far in prop::collection::vec((any::<i64>(), 1..5_000_u64), 0..40),
        ) {
            let mut volume = Volume::default();
            near.iter().for_each(|(second, bytes)| volume.add(second * 1_000, *bytes));
            far.iter().for_each(|(millis, bytes)| volume.add(*millis, *bytes));
            let all = sum(volume.cells());
            let Some(timeline) = Timeline::of(&volume) else {
                prop_assert_eq!(all, 0);
                return Ok(());
            };
            let intervals = timeline.bytes(&volume);
            prop_assert!((1..=120).contains(&intervals.len()));
            prop_assert_eq!(timeline.starts().count(), intervals.len());
            let apart = [timeline.before(), timeline.after()].into_iter().flatten();
            let apart: u64 = apart.map(|apart| apart.bytes).sum();
            prop_assert_eq!(intervals.iter().sum::<u64>() + apart, all);
            // The first and the last are not empty.
            prop_assert!(intervals[0] > 0 && intervals[intervals.len() - 1] > 0);
        }
    }
}
