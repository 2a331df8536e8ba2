//! `[[covers.accepted]]`: requirements that need not be met, for a reason and until a day.
//!
//! ```toml
//! [[covers.accepted]]
//! id = "RHEL-09-654020"
//! reason = "SEC-17"
//! until = 2027-03-01
//! ```

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use toml::de::DeValue;

use super::reader::{Reader, TomlValue, remedy, span};

/// A requirement that need not be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The name of the requirement.
    pub id: String,
    /// The reason.
    pub reason: String,
    /// The last day on which the requirement is accepted.
    pub until: Date,
    /// The line of the table in the file.
    pub line: usize,
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Date {
    /// Returns the current day in UTC.
    pub fn today() -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        Date::of_days(seconds / 86_400)
    }

    /// Returns the day this number of days after 1970-01-01.
    fn of_days(days: u64) -> Self {
        let is_leap = |year: u64| {
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
        };
        let (mut year, mut left) = (1970, days);
        while left >= if is_leap(year) { 366 } else { 365 } {
            left -= if is_leap(year) { 366 } else { 365 };
            year += 1;
        }
        let february = if is_leap(year) { 29 } else { 28 };
        let mut month = 1;
        for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
            if left < length {
                break;
            }
            left -= length;
            month += 1;
        }
        let day = u8::try_from(left + 1).unwrap_or(u8::MAX);
        Date { year: u16::try_from(year).unwrap_or(u16::MAX), month, day }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The keys of `[[covers.accepted]]`.
const KEYS: [&str; 3] = ["id", "reason", "until"];

impl Reader<'_> {
    /// Reads `[covers]`.
    pub(super) fn covers(&mut self, value: TomlValue<'_, '_>) -> Vec<Acceptance> {
        let Some(table) = self.table(value) else { return Vec::new() };
        let mut accepted = Vec::new();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "accepted" => accepted = self.list(value, Self::acceptance),
                _ => self.unknown_key(key, &["accepted"]),
            }
        }
        accepted
    }

    fn acceptance(&mut self, value: TomlValue<'_, '_>) -> Option<Acceptance> {
        let table = self.table(value)?;
        let (mut id, mut reason, mut until) = (None, None, None);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => id = self.string(value).map(str::to_owned),
                "reason" => reason = self.string(value).map(str::to_owned),
                "until" => until = self.date(value),
                _ => self.unknown_key(key, &KEYS),
            }
        }
        let place = span(value);
        let has = |name: &str| table.keys().any(|key| key.get_ref() == name);
        for name in KEYS.into_iter().filter(|name| !has(name)) {
            self.fail(
                place,
                format!("`{name}` is missing"),
                remedy("write `id`, `reason` and `until` for each accepted requirement"),
            );
        }
        Some(Acceptance { id: id?, reason: reason?, until: until?, line: self.line(place.start) })
    }

    fn date(&mut self, value: TomlValue<'_, '_>) -> Option<Date> {
        let date = match value.get_ref() {
            DeValue::Datetime(time) => time.date,
            _ => None,
        };
        if date.is_none() {
            let help = "write a day without quotes, such as 2027-03-01";
            self.fail(span(value), "expected a date".to_owned(), remedy(help));
        }
        date.map(|date| Date { year: date.year, month: date.month, day: date.day })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::config::Config;

    #[test]
    fn reads_acceptances_with_their_lines() {
        let text = "[lint]\nmax-walk = 9\n\n[[covers.accepted]]\nid = \"A\"\nreason = \"SEC-1\"\nuntil = 2027-03-01\n\
                    [[covers.accepted]]\nid = \"B\"\nreason = \"r\"\nuntil = 2028-12-31\n";
        let accepted = Config::parse(text).unwrap().accepted;
        let [one, two] = accepted.as_slice() else { panic!("{accepted:?}") };
        assert_eq!((one.id.as_str(), one.reason.as_str(), one.line), ("A", "SEC-1", 4));
        assert_eq!(one.until.to_string(), "2027-03-01");
        assert_eq!((two.until.to_string().as_str(), two.line), ("2028-12-31", 8));
    }

    #[test]
    fn rejects_incomplete_acceptances() {
        let text = "[covers]\nacepted = []\n[[covers.accepted]]\nid = 7\nreson = \"x\"\nuntil = \"soon\"\n";
        let errors = Config::parse(text).unwrap_err();
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        for expected in [
            "unknown key `acepted`",
            "expected a string in quotes",
            "unknown key `reson`",
            "expected a date",
            "`reason` is missing",
        ] {
            assert!(messages.contains(&expected), "{expected}: {messages:?}");
        }
        assert!(errors.iter().all(|error| error.help.is_some()));
    }

    #[test]
    fn days_become_dates() {
        // From `date -u -d @$((DAYS * 86400)) +%F`.
        for (days, expected) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (20_783, "2026-11-26"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(Date::of_days(days).to_string(), expected, "{days}");
        }
    }
}
