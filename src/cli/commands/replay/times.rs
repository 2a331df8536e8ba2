//! The times that a user writes.

use jiff::civil::{Date, DateTime};
use jiff::{Span, Timestamp, Zoned};

/// The help for a time that cannot be read.
const FORMS: &str = "write a time such as 2026-11-20, \"2026-11-20 08:00\", 2026-11-20T07:00:00Z, -3h, \"2 days ago\", today, yesterday or now";

/// Parses a time. One without an offset is in the zone of this machine.
pub(in crate::cli) fn moment(text: &str) -> Result<Timestamp, String> {
    moment_at(text, &Zoned::now()).ok_or_else(|| FORMS.to_owned())
}

/// Parses a time. One without a zone is in that of `now`, and a span is before `now`.
fn moment_at(text: &str, now: &Zoned) -> Option<Timestamp> {
    let text = text.trim();
    let midnight = |zoned: &Zoned| Some(zoned.start_of_day().ok()?.timestamp());
    match text {
        "now" => return Some(now.timestamp()),
        "today" => return midnight(now),
        "yesterday" => return midnight(&now.yesterday().ok()?),
        _ => {}
    }
    if let Ok(span) = text.parse::<Span>() {
        // A span without a sign can mean before or after.
        return (!span.is_positive()).then(|| now.checked_add(span).ok())?.map(|at| at.timestamp());
    }
    let zone = || now.time_zone().clone();
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
        for text in ["", "3h", "2 days", "tomorrow", "2026-13-01", "11/20/2026", "08:00", "--until"]
        {
            assert_eq!(at("2026-11-27T17:00:00Z", text), None, "{text}");
        }
    }
}
