//! Bytes over time, in limited memory.
//!
//! Only intervals with events are kept. If there are too many, intervals that lie next to each other are joined to longer
//! ones, of the same length everywhere. So a few wrong clocks take a few intervals, and do not make the others longer.

/// Maximum number of intervals that are kept.
const MOST: usize = 256;

/// The lengths of intervals, in seconds. Each is a multiple of the one before, and longer ones double.
const WIDTHS: [i64; 15] =
    [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 604_800, 2_419_200];

/// When an interval of any length begins: 1970-01-05 00:00 UTC, in seconds. Weeks begin on Monday.
const ORIGIN: i64 = 4 * 86_400;

/// The length of intervals: a whole number of seconds, minutes, hours, days or weeks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Width(u32);

impl Width {
    /// Returns the length in seconds.
    pub fn seconds(self) -> i64 {
        let step = self.0 as usize;
        match WIDTHS.get(step) {
            Some(seconds) => *seconds,
            None => WIDTHS.last().copied().unwrap_or(1) << (step + 1 - WIDTHS.len()),
        }
    }

    /// Returns the next greater length.
    #[must_use]
    pub fn longer(self) -> Self {
        Width(self.0 + 1)
    }

    /// Returns when the interval begins that a time is in, both in seconds since 1970.
    pub(super) fn start_of(self, second: i64) -> i64 {
        let width = self.seconds();
        (second - ORIGIN).div_euclid(width) * width + ORIGIN
    }
}

/// Bytes over time. What it holds does not depend on the order in which they came.
///
/// ```
/// use rauditctl::replay::Volume;
///
/// let mut volume = Volume::default();
/// // 2025-11-27 08:00:00 and 08:00:02 UTC, and a clock that was reset.
/// for millis in [1_764_230_400_101, 1_764_230_402_000, 500] {
///     volume.add(millis, 100);
/// }
/// assert_eq!(volume.width().seconds(), 1);
/// assert_eq!(volume.cells(), [(0, 100), (1_764_230_400, 100), (1_764_230_402, 100)]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    width: Width,
    /// The start of each interval, in seconds since 1970, in order, and its bytes.
    cells: Vec<(i64, u64)>,
}

impl Volume {
    /// Counts bytes at a time, in milliseconds since 1970.
    pub fn add(&mut self, millis: i64, bytes: u64) {
        let second = millis.div_euclid(1_000);
        // A log is in order, apart from a few events.
        if let Some((last, sum)) = self.cells.last_mut()
            && second
                .checked_sub(*last)
                .is_some_and(|after| (0..self.width.seconds()).contains(&after))
        {
            *sum += bytes;
            return;
        }
        // Milliseconds have the range of 64 bits, so seconds do not overflow.
        let start = self.width.start_of(second);
        match self.cells.binary_search_by_key(&start, |(start, _)| *start) {
            Ok(at) => self.cells.iter_mut().skip(at).take(1).for_each(|(_, sum)| *sum += bytes),
            Err(at) => self.cells.insert(at, (start, bytes)),
        }
        while self.cells.len() > MOST {
            self.widen(self.width.longer());
        }
    }

    /// Returns the length of the intervals.
    pub fn width(&self) -> Width {
        self.width
    }

    /// Returns the intervals that have bytes: the start of each in seconds since 1970, in order, and its bytes.
    pub fn cells(&self) -> &[(i64, u64)] {
        &self.cells
    }

    /// Joins intervals to longer ones.
    fn widen(&mut self, width: Width) {
        self.width = width;
        self.cells.iter_mut().for_each(|(start, _)| *start = width.start_of(*start));
        self.cells.dedup_by(|(later, bytes), (start, sum)| {
            let is_same = later == start;
            if is_same {
                *sum += *bytes;
            }
            is_same
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(events: &[(i64, u64)]) -> Volume {
        let mut volume = Volume::default();
        for (millis, bytes) in events {
            volume.add(*millis, *bytes);
            assert!(volume.cells.len() <= MOST);
        }
        volume
    }

    /// The same, from all events at once: the smallest length with few enough intervals.
    fn expected(events: &[(i64, u64)]) -> Vec<(i64, u64)> {
        (0..)
            .map(Width)
            .find_map(|width| {
                let mut cells = std::collections::BTreeMap::new();
                for (millis, bytes) in events {
                    *cells.entry(width.start_of(millis.div_euclid(1_000))).or_insert(0) += bytes;
                }
                (cells.len() <= MOST).then(|| cells.into_iter().collect())
            })
            .expect("a length")
    }

    /// Milliseconds: of a day, of some years, and of broken clocks.
    fn time() -> impl Strategy<Value = i64> {
        let now = 1_764_230_400_000_i64;
        prop_oneof![
            8 => now..now + 86_400_000,
            2 => now - 100_000_000_000..now + 100_000_000_000,
            1 => prop_oneof![Just(0), Just(i64::MIN), Just(i64::MAX), Just(16_725_225_600_000), any::<i64>()],
        ]
    }

    proptest! {
        #[test]
        fn does_not_depend_on_the_order(
            events in prop::collection::vec((time(), 1..5_000_u64), 0..900),
            seed in any::<u64>(),
        ) {
            let volume = of(&events);
            prop_assert_eq!(volume.cells(), expected(&events));
            let sum: u64 = volume.cells().iter().map(|(_, bytes)| bytes).sum();
            prop_assert_eq!(sum, events.iter().map(|(_, bytes)| bytes).sum::<u64>());
            let mut other = events.clone();
            let mut state = seed | 1;
            other.sort_by_cached_key(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                state >> 20
            });
            prop_assert_eq!(of(&other), volume);
        }
    }

    #[test]
    fn each_length_is_a_multiple_of_the_one_before() {
        for step in 0..40 {
            let [one, next] = [Width(step), Width(step).longer()].map(Width::seconds);
            assert!(next > one && next % one == 0, "{one} and {next}");
        }
        // A week begins on a Monday, a day at midnight: 2025-11-27 08:00:00 was a Thursday.
        let start = |seconds| {
            let width = (0..40).map(Width).find(|width| width.seconds() == seconds);
            width.unwrap().start_of(1_764_230_400)
        };
        assert_eq!(start(86_400), 1_764_201_600);
        assert_eq!(start(604_800), 1_763_942_400);
    }

    #[test]
    fn every_time_has_an_interval() {
        let far: Vec<(i64, u64)> = (i64::MIN..=i64::MAX)
            .step_by(1 << 54)
            .chain([i64::MIN, i64::MAX, -1, 0])
            .map(|millis| (millis, 1))
            .collect();
        let volume = of(&far);
        assert_eq!(volume.cells().iter().map(|(_, bytes)| bytes).sum::<u64>(), far.len() as u64);
    }

    #[test]
    fn a_log_of_a_year_has_days_or_weeks() {
        let hour = 3_600_000;
        let events: Vec<(i64, u64)> =
            (0..365 * 24).map(|at| (1_764_230_400_000 + at * hour, 10)).collect();
        let volume = of(&events);
        assert_eq!(volume.width().seconds(), 604_800);
        assert_eq!(volume.cells().len(), 53);
    }
}
