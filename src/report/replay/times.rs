//! Times as people read them.

use jiff::Timestamp;

/// Returns a time, in seconds since 1970, in UTC.
pub(super) fn moment(second: i64) -> String {
    written(second, "%Y-%m-%d %H:%M:%S")
}

/// Returns a time of UTC in this form. A clock can have a time for which there is no date.
pub(super) fn written(second: i64, form: &str) -> String {
    match Timestamp::from_second(second) {
        Ok(time) => time.strftime(form).to_string(),
        Err(_) if second < 0 => "before the year -9999".to_owned(),
        Err(_) => "after the year 9999".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_without_a_date_have_words() {
        assert_eq!(moment(1_764_230_400), "2025-11-27 08:00:00");
        assert_eq!(moment(-1), "1969-12-31 23:59:59");
        assert_eq!(moment(16_725_225_600), "2500-01-01 00:00:00");
        assert_eq!(moment(i64::MAX), "after the year 9999");
        assert_eq!(moment(i64::MIN), "before the year -9999");
    }
}
