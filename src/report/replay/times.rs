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
