//! Times and sizes beside a chart.

use crate::report::replay::times::written;

use crate::report::replay::text::counted;

/// The seconds between two marks. Longer ones double.
const STEPS: [i64; 22] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, DAY,
    172_800, 604_800, 1_209_600, 2_419_200,
];
/// Seconds in a day.
const DAY: i64 = 86_400;
/// A Monday, as weeks begin: 1970-01-05.
const MONDAY: i64 = 4 * DAY;
/// The maximum number of marks of time, and of size.
const MARKS: i64 = 10;
const SIZES: u64 = 4;

/// A mark of time.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// In seconds since 1970.
    pub(super) at: i64,
    /// The time of the day; `None` if all marks are days.
    pub(super) time: Option<String>,
    /// The day, if it is not that of the mark before.
    pub(super) date: Option<String>,
}

/// Returns the marks from one time to another, in seconds since 1970, for intervals of this length.
pub(super) fn marks(start: i64, end: i64, interval: i64) -> Vec<Mark> {
    let longer = (1..63).map_while(|doubled| STEPS.last()?.checked_mul(1 << doubled));
    let mut steps = STEPS.into_iter().chain(longer).filter(|step| *step >= interval);
    let step = steps.find(|step| (end - start) / step < MARKS).unwrap_or(i64::MAX);
    let first = (start - 1 - MONDAY).div_euclid(step).saturating_add(1).saturating_mul(step);
    let first = first.saturating_add(MONDAY);
    let times = (first..end).step_by(usize::try_from(step).unwrap_or(usize::MAX));
    let mut before = None;
    let mark = |at| {
        let date = day(at);
        let is_same = before.as_ref() == Some(&date);
        before = Some(date.clone());
        Mark { at, time: (step < DAY).then(|| clock(at, step)), date: (!is_same).then_some(date) }
    };
    times.map(mark).collect()
}

/// Returns the bytes between two marks of size: at most four marks are below the greatest.
pub(super) fn size_step(greatest: u64) -> u64 {
    let powers = (0..20).map(|power| 10_u64.saturating_pow(power));
    let mut steps = powers.flat_map(|power| [1, 2, 5].map(|times| power.saturating_mul(times)));
    steps.find(|step| greatest / step <= SIZES).unwrap_or(u64::MAX)
}

/// Returns a day of UTC.
fn day(second: i64) -> String {
    written(second, "%Y-%m-%d")
}

/// Returns a time of a day, with seconds where marks are closer than minutes.
fn clock(second: i64, step: i64) -> String {
    written(second, if step < 60 { "%H:%M:%S" } else { "%H:%M" })
}

/// Returns the length of an interval.
pub(super) fn length(seconds: i64) -> String {
    let units = [(DAY, "day"), (3_600, "hour"), (60, "minute")];
    let unit = units.into_iter().find(|(unit, _)| seconds % unit == 0);
    let (unit, name) = unit.unwrap_or((1, "second"));
    counted(seconds / unit, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-11-27 08:00:00 UTC.
    const START: i64 = 1_764_230_400;

    fn texts(start: i64, end: i64, interval: i64) -> Vec<String> {
        let text =
            |mark: Mark| [mark.time, mark.date].into_iter().flatten().collect::<Vec<_>>().join(" ");
        marks(start, end, interval).into_iter().map(text).collect()
    }

    #[test]
    fn marks_are_at_even_times() {
        assert_eq!(texts(START, START + 3, 1), ["08:00:00 2025-11-27", "08:00:01", "08:00:02"]);
        let found = texts(START - 60, START + 3_540, 60);
        assert_eq!(found, ["08:00 2025-11-27", "08:10", "08:20", "08:30", "08:40", "08:50",]);
        let found = texts(START, START + DAY, 900);
        assert_eq!(found[0], "09:00 2025-11-27");
        assert_eq!(found[4..], ["21:00", "00:00 2025-11-28", "03:00", "06:00"]);
        assert_eq!(texts(START, START + 3 * DAY, DAY), ["2025-11-28", "2025-11-29", "2025-11-30"]);
    }

    #[test]
    fn there_are_a_few_marks_for_every_length() {
        for step in 0..40 {
            let interval = crate::replay::Width::default();
            let interval = (0..step).fold(interval, |width, _| width.longer()).seconds();
            for intervals in [1, 17, 120] {
                let start = -interval * 7;
                let found = marks(start, start + interval * intervals, interval);
                assert!(found.len() <= 10, "{interval} {intervals}: {found:?}");
                assert!(intervals < 17 || !found.is_empty(), "{interval}");
            }
        }
    }

    #[test]
    fn sizes_are_round() {
        let expected =
            [(1, 1), (4, 1), (5, 2), (619, 200), (999, 200), (1_000, 500), (1_500_000, 500_000)];
        for (greatest, step) in expected {
            assert_eq!(size_step(greatest), step, "{greatest}");
        }
        assert!(u64::MAX / size_step(u64::MAX) <= SIZES);
    }

    #[test]
    fn lengths_have_units() {
        let expected = [
            (1, "1 second"),
            (30, "30 seconds"),
            (60, "1 minute"),
            (7_200, "2 hours"),
            (604_800, "7 days"),
        ];
        for (seconds, text) in expected {
            assert_eq!(length(seconds), text);
        }
    }
}
