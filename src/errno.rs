//! What an errno means, in the C library's words.

use std::io;

/// The C library's words for an errno: `No such file or directory` for 2.
///
/// ```
/// assert_eq!(rauditctl::errno::words(2), "No such file or directory");
/// ```
pub fn words(errno: i32) -> String {
    of_error(&io::Error::from_raw_os_error(errno))
}

/// The words of an error without the number that the standard library puts behind them.
pub fn of_error(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error ").next().unwrap_or_default().to_owned()
}
