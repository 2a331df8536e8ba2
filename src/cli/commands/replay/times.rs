//! The times that a user writes.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Error, Span, Timestamp, ToSpan, Zoned};

/// The help for a time that cannot be read.
const FORMS: &str = "write a time such as 2026-11-20, \"2026-11-20 08:00\", 2026-11-20T07:00:00Z, 08:00, -3h, \"2 days ago\", or a word: now, recent, this-hour, today, yesterday, this-week, week-ago, this-month or this-year";

/// The help for a word of ausearch that is about a machine. The log can be of another one.
const NO_BOOT: &str = "a log does not hold when its machine has booted; write the time, which `uptime --since` shows there";

/// Parses a time. One without an offset is in the zone of this machine.
pub(in crate::cli) fn moment(text: &str) -> Result<Timestamp, String> {
    match text.trim() {
        "boot" => Err(NO_BOOT.to_owned()),
        text => moment_at(text, &Zoned::now()).ok_or_else(|| FORMS.to_owned()),
    }
}

/// Parses a time. One without a zone is in that of `now`, and a span is before `now`.
fn moment_at(text: &str, now: &Zoned) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(zoned) = word(text, now) {
        return zoned.ok().map(|zoned| zoned.timestamp());
    }
    let zone = || now.time_zone().clone();
    // A span can be written with colons, too, but not without a sign.
    let is_of_clock = |byte: u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.');
    if text.contains(':') && text.bytes().all(is_of_clock) {
        let time: Time = text.parse().ok()?;
        return Some(now.date().to_datetime(time).to_zoned(zone()).ok()?.timestamp());
    }
    if let Ok(span) = text.parse::<Span>() {
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
        moment_at(text, &now).map(|time| time.to_string())
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
            "Today",
            "--until",
        ] {
            assert_eq!(at("2026-11-27T17:00:00Z", text), None, "{text}");
        }
    }
}
