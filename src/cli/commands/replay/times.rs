//! The times that a user writes.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Error, SignedDuration, Span, Timestamp, ToSpan, Zoned};

/// The help for a time that cannot be read.
const FORMS: &str = "write a time such as 2026-11-20, \"2026-11-20 08:00\", 2026-11-20T07:00:00Z, 08:00, -3h, \"2 days ago\", the seconds since 1970 as in a record, or a word: now, recent, this-hour, today, yesterday, this-week, week-ago, this-month or this-year";

/// The help for a word of ausearch that is about a machine. The log can be of another one.
const NO_BOOT: &str = "a log does not hold when its machine has booted; write the time, which `uptime --since` shows there";

/// Why a date is none.
const NO_DAY: &str = "there is no such day";

/// Why a time of day is none.
const NO_TIME: &str = "there is no such time; those of a day are 00:00 to 23:59:59";

/// The least number of digits of seconds since 1970 without a mark, from 1973 on. A date or a time of day has less.
const LEAST_DIGITS: usize = 9;
/// Parses a time. One without an offset is in the zone of this machine.
pub(in crate::cli) fn moment(text: &str) -> Result<Timestamp, String> {
    moment_at(text, &Zoned::now()).map_err(str::to_owned)
}

/// Parses a time. One without a zone is in that of `now`, and a span is before `now`.
fn moment_at(text: &str, now: &Zoned) -> Result<Timestamp, &'static str> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("boot") {
        return Err(NO_BOOT);
    }
    parsed(text, now).ok_or_else(|| why_not(text))
}

fn parsed(text: &str, now: &Zoned) -> Option<Timestamp> {
    let small = text.to_ascii_lowercase();
    if let Some(zoned) = word(&small, now) {
        return zoned.ok().map(|zoned| zoned.timestamp());
    }
    if let Some(timestamp) = since_1970(text) {
        return Some(timestamp);
    }
    let zone = || now.time_zone().clone();
    // A span can be written with colons, too, but not without a sign.
    let is_of_clock = |byte: u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.');
    if text.contains(':') && text.bytes().all(is_of_clock) {
        let time: Time = text.parse().ok()?;
        return Some(now.date().to_datetime(time).to_zoned(zone()).ok()?.timestamp());
    }
    if let Ok(span) = small.parse::<Span>() {
        // A span without a sign can mean before or after.
        return (!span.is_positive()).then(|| now.checked_add(span).ok())?.map(|at| at.timestamp());
    }
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Some(zoned.timestamp());
    }
    if let Ok(timestamp) = text.parse() {
        return Some(timestamp);
    }
    // A day begins at midnight, or later where summer time begins at midnight.
    match text.parse::<Date>() {
        Ok(date) if !text.contains(':') => Some(date.to_zoned(zone()).ok()?.timestamp()),
        _ => Some(text.parse::<DateTime>().ok()?.to_zoned(zone()).ok()?.timestamp()),
    }
}

/// Returns the time of seconds since 1970, as records have them, or with the mark of `date`: `1764230400.123`, `@1764230400`.
fn since_1970(text: &str) -> Option<Timestamp> {
    let (number, least) = text.strip_prefix('@').map_or((text, LEAST_DIGITS), |marked| (marked, 1));
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    if digits < least || !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let duration: SignedDuration = format!("{number}s").parse().ok()?;
    Timestamp::from_duration(duration).ok()
}

/// Returns why a text is no time: what it has the form of does not exist, or it has no known form.
fn why_not(text: &str) -> &'static str {
    let (first, rest) = text.split_once(['T', 't', ' ']).unwrap_or((text, ""));
    let has_date = has_digits(first, '-', &[4, 2, 2]);
    if has_date && first.parse::<Date>().is_err() {
        return NO_DAY;
    }
    let time = if has_date { rest } else { text };
    let time = time.split(['Z', 'z', '+', '-', '.']).next().unwrap_or_default();
    let is_time = has_digits(time, ':', &[2, 2]) || has_digits(time, ':', &[2, 2, 2]);
    if is_time && time.parse::<Time>().is_err() { NO_TIME } else { FORMS }
}

/// Returns whether a text has this many digits in each part.
fn has_digits(text: &str, between: char, digits: &[usize]) -> bool {
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    text.split(between).map(str::len).eq(digits.iter().copied())
        && text.split(between).all(are_digits)
}

/// Returns the time of a word of ausearch, which begins a day at its second second.
fn word(text: &str, now: &Zoned) -> Option<Result<Zoned, Error>> {
    let midnight = |zoned: Result<Zoned, Error>| zoned.and_then(|zoned| zoned.start_of_day());
    Some(match text {
        "now" => Ok(now.clone()),
        "recent" => now.checked_sub(10.minutes()),
        "this-hour" => now.with().minute(0).second(0).subsec_nanosecond(0).build(),
        "today" => now.start_of_day(),
        "yesterday" => midnight(now.yesterday()),
        // Weeks begin on Sunday, as those of ausearch.
        "this-week" => midnight(now.checked_sub(now.weekday().to_sunday_zero_offset().days())),
        "week-ago" => midnight(now.checked_sub(7.days())),
        "this-month" => midnight(now.first_of_month()),
        "this-year" => midnight(now.first_of_year()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    /// Berlin: an hour before UTC, and two from the last Sunday of March to that of October.
    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

    fn at(now: &str, text: &str) -> Option<String> {
        let now: Timestamp = now.parse().unwrap();
        let now = now.to_zoned(TimeZone::posix(BERLIN).unwrap());
        moment_at(text, &now).ok().map(|time| time.to_string())
    }

    #[test]
    fn reads_each_form_in_the_local_zone() {
        for (text, expected) in [
            ("2026-11-20", "2026-11-19T23:00:00Z"),
            ("2026-07-20", "2026-07-19T22:00:00Z"),
            ("2026-11-20 08:00", "2026-11-20T07:00:00Z"),
            ("2026-11-20 08:00:05.25", "2026-11-20T07:00:05.25Z"),
            ("2026-11-20T08:00", "2026-11-20T07:00:00Z"),
            ("2026-11-20T08:00:00Z", "2026-11-20T08:00:00Z"),
            ("2026-11-20T08:00:00-05:00", "2026-11-20T13:00:00Z"),
            ("now", "2026-11-27T17:00:00Z"),
            ("today", "2026-11-26T23:00:00Z"),
            ("yesterday", "2026-11-25T23:00:00Z"),
            ("-3h", "2026-11-27T14:00:00Z"),
            ("3h ago", "2026-11-27T14:00:00Z"),
            ("2 days ago", "2026-11-25T17:00:00Z"),
            ("1 hour 30 minutes ago", "2026-11-27T15:30:00Z"),
            ("Yesterday", "2026-11-25T23:00:00Z"),
            ("2 Days Ago", "2026-11-25T17:00:00Z"),
            // `date -u -d @1795282049.891`
            ("1795282049.891", "2026-11-21T17:27:29.891Z"),
            ("@1795282049.891", "2026-11-21T17:27:29.891Z"),
            ("@1795282049", "2026-11-21T17:27:29Z"),
            ("@0", "1970-01-01T00:00:00Z"),
        ] {
            let found = at("2026-11-27T17:00:00Z", text);
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
    }

    /// 2026-11-27 is a Friday, and the clock in Berlin is at 18:42:07.5.
    #[test]
    fn reads_the_words_of_ausearch() {
        for (text, expected) in [
            ("now", "2026-11-27T17:42:07.5Z"),
            ("recent", "2026-11-27T17:32:07.5Z"),
            ("this-hour", "2026-11-27T17:00:00Z"),
            ("today", "2026-11-26T23:00:00Z"),
            ("yesterday", "2026-11-25T23:00:00Z"),
            ("this-week", "2026-11-21T23:00:00Z"),
            ("week-ago", "2026-11-19T23:00:00Z"),
            ("this-month", "2026-10-31T23:00:00Z"),
            ("this-year", "2025-12-31T23:00:00Z"),
            ("08:00", "2026-11-27T07:00:00Z"),
            ("08:00:05", "2026-11-27T07:00:05Z"),
            ("23:59:59.5", "2026-11-27T22:59:59.5Z"),
        ] {
            let found = at("2026-11-27T17:42:07.5Z", text);
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
        // A Sunday begins its week. Midnight is in summer time, and so is the beginning of the month.
        assert_eq!(
            at("2026-10-25T12:00:00Z", "this-week").as_deref(),
            Some("2026-10-24T22:00:00Z")
        );
        assert_eq!(
            at("2026-10-25T12:00:00Z", "this-month").as_deref(),
            Some("2026-09-30T22:00:00Z")
        );
        // The second of the two hours that begin at 02:00.
        assert_eq!(
            at("2026-10-25T01:30:00Z", "this-hour").as_deref(),
            Some("2026-10-25T01:00:00Z")
        );
        assert!(moment("boot").unwrap_err().contains("does not hold when its machine has booted"));
    }

    /// On 2026-10-25, the clock goes back an hour at 03:00.
    #[test]
    fn a_day_can_have_25_hours() {
        let found = at("2026-10-25T12:00:00Z", "1 day ago");
        assert_eq!(found.as_deref(), Some("2026-10-24T11:00:00Z"));
        let found = at("2026-10-25T12:00:00Z", "24 hours ago");
        assert_eq!(found.as_deref(), Some("2026-10-24T12:00:00Z"));
        assert_eq!(at("2026-10-25T12:00:00Z", "today").as_deref(), Some("2026-10-24T22:00:00Z"));
    }

    #[test]
    fn rejects_other_words() {
        for text in [
            "",
            "3h",
            "2 days",
            "tomorrow",
            "2026-13-01",
            "11/20/2026",
            "8",
            "24:30",
            "0800",
            "--until",
            "@",
            "@1.",
            "17642304",
            "1764230400.x",
            "1764230400 minutes 5",
            "99999999999999999999",
        ] {
            assert_eq!(at("2026-11-27T17:00:00Z", text), None, "{text}");
        }
    }

    #[test]
    fn a_day_or_time_that_does_not_exist_is_named() {
        for (text, why) in [
            ("2026-02-30", NO_DAY),
            ("2025-02-29", NO_DAY),
            ("2026-13-01", NO_DAY),
            ("2026-02-30 08:00", NO_DAY),
            ("2026-02-30T08:00:00Z", NO_DAY),
            ("25:00", NO_TIME),
            ("08:60", NO_TIME),
            ("24:00:00", NO_TIME),
            ("2026-11-20 25:00", NO_TIME),
            ("2026-11-20T25:00:00.5+02:00", NO_TIME),
            ("2026-2-3", FORMS),
            ("8:00", FORMS),
            ("08:00 tomorrow", FORMS),
            ("11/20/2026", FORMS),
            ("soon", FORMS),
            ("Boot", NO_BOOT),
        ] {
            assert_eq!(moment(text), Err(why.to_owned()), "{text}");
        }
    }
}
